//===- Sentence.h - one line of `does:` becomes an action ------------------===//
//
// Model files and annotations speak the same sentences (docs/models.md). Constants are names until every model file has
// been read, so a parsed sentence lists where it uses them.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_SENTENCE_H
#define FENCELINT_MODELS_SENTENCE_H

#include "checks/models/Model.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

struct Sentence {
  enum Form : uint8_t {
    Plain,
    Nothing, ///< stands alone: described as harmless
    Derived, ///< slots only, stands alone: what the stored functions do
  } Is = Plain;
  Action Does; ///< Plain only

  /// Does.When[Condition].Number still lacks the bits or the value of this constant.
  struct ConstantUse {
    unsigned Condition;
    std::string Name;
    size_t Offset; ///< in the text
  };
  std::vector<ConstantUse> Constants;
};

/// Why a text is no sentence: the message, and where in the text the word is that it complains about.
struct SentenceDefect {
  size_t Offset;
  std::string Message;
};

/// Out is complete only when there is no defect.
std::optional<SentenceDefect> parseSentence(llvm::StringRef Text, Sentence &Out);

/// Adds what sentences imply: `reclaims` is an allocation, so it also allocates (under its own conditions) unless another
/// sentence says so already.
void addImplied(std::vector<Action> &Does);

} // namespace fencelint
#endif
