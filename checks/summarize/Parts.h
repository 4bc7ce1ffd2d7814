//===- Parts.h - the steps from a summary to sentences; nobody else includes this ------===//
#ifndef FENCELINT_SUMMARIZE_PARTS_H
#define FENCELINT_SUMMARIZE_PARTS_H

#include "checks/link/Program.h"
#include <set>

namespace fencelint {

/// What a summary is in sentences.
struct Said {
  std::vector<Action> Does;
  std::set<std::string> Missing;     ///< why something of it has no sentence
  std::string Unsayable;             ///< why nothing may be said at all; or empty
  const EffectFact *Shown = nullptr; ///< what a person wants to see the way to
};

/// The guard as conditions on arguments; each alternative becomes a sentence of its own. None when a condition cannot be said.
std::optional<std::vector<std::vector<Condition>>> conditionsOf(const Program &P, const Guard &When);
/// Exits as changes of the context around what the function does; false, with Into.Unsayable, when a caller would be told something wrong.
bool sayExits(const Program &P, FunctionId F, Said &Into);
/// A level that grows with each round of a loop is one that was not understood.
bool isGuess(const Exit &X);
Said say(const Program &P, FunctionId F);

/// "kernel/power/qos.c:331, mutex_lock_nested()": the way to an effect of F.
std::string why(const Program &P, FunctionId F, const EffectFact *E, llvm::StringRef Root);

} // namespace fencelint
#endif
