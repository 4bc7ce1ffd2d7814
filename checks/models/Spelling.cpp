//===- Spelling.cpp - numbers and near misses ------------------------------===//
//
// Near is: at most a third of the word's letters wrong. Farther words read like mockery, so then the message lists what
// there is, as long as a person would read the list.
//
//===----------------------------------------------------------------------===//
#include "checks/models/Spelling.h"
#include "checks/effects/Context.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {

using llvm::StringRef;

std::optional<int64_t> parseNumber(StringRef Text) {
  bool IsNegative = Text.consume_front("-");
  uint64_t Number;
  bool IsHex = Text.consume_front("0x") || Text.consume_front("0X");
  if (Text.getAsInteger(IsHex ? 16 : 10, Number))
    return std::nullopt;
  if (!IsHex && Number > uint64_t(INT64_MAX) + IsNegative)
    return std::nullopt;
  return static_cast<int64_t>(IsNegative ? 0 - Number : Number);
}

std::string didYouMean(StringRef Word, llvm::ArrayRef<StringRef> Known) {
  StringRef Nearest;
  unsigned Best = (Word.size() + 2) / 3 + 1;
  for (StringRef Candidate : Known) {
    unsigned Distance = Word.edit_distance(Candidate, /*AllowReplacements=*/true, Best);
    if (Distance < Best) {
      Best = Distance;
      Nearest = Candidate;
    }
  }
  if (!Nearest.empty())
    return ("; did you mean '" + Nearest + "'?").str();
  if (Known.size() > 1 && Known.size() <= 9)
    return "; known are " + llvm::join(Known, ", ");
  return "";
}

std::vector<StringRef> partWords() {
  std::vector<StringRef> Words;
  for (unsigned I = 0; I < PartCount; ++I)
    Words.push_back(partName(static_cast<Part>(I)));
  return Words;
}

} // namespace fencelint
