//===- Spelling.cpp - numbers and near misses ------------------------------===//
//
// Near is: at most a third of the word's letters wrong. Farther words read like mockery, so then the message lists what
// there is, as long as a person would read the list.
//
//===----------------------------------------------------------------------===//
#include "checks/models/Spelling.h"
#include "checks/effects/Context.h"
#include "llvm/ADT/STLExtras.h"
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

std::vector<StringRef> nearestWords(StringRef Word, llvm::ArrayRef<StringRef> Known, size_t Most) {
  std::vector<std::pair<unsigned, StringRef>> Near; // sorted; as given where the distance is equal
  unsigned Bound = (Word.size() + 2) / 3;
  for (StringRef Candidate : Known) {
    unsigned Distance = Word.edit_distance_insensitive(Candidate, /*AllowReplacements=*/true, Bound);
    for (size_t At = Candidate.find("::"); At != StringRef::npos; At = Candidate.find("::", At + 2))
      Distance = std::min(Distance, Word.edit_distance_insensitive(Candidate.drop_front(At + 2), true, Bound));
    if (Distance > Bound)
      continue;
    auto At = llvm::upper_bound(Near, Distance, [](unsigned D, const auto &Other) { return D < Other.first; });
    Near.insert(At, {Distance, Candidate});
    if (Near.size() > Most)
      Near.pop_back();
    if (Near.size() == Most)
      Bound = std::min(Bound, Near.back().first);
  }
  std::vector<StringRef> Words;
  for (const auto &[Distance, Candidate] : Near)
    Words.push_back(Candidate);
  return Words;
}

std::vector<StringRef> partWords() {
  std::vector<StringRef> Words;
  for (unsigned I = 0; I < PartCount; ++I)
    Words.push_back(partName(static_cast<Part>(I)));
  return Words;
}

} // namespace fencelint
