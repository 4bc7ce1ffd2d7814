//===- Parts.h - the parts of one answer -------------------------------------------===//
//
// Explain.cpp puts an explanation together; each of these fills what its name says. Nobody else includes this.
//
//===---------------------------------------------------------------------------------===//
#ifndef FENCELINT_EXPLAIN_PARTS_H
#define FENCELINT_EXPLAIN_PARTS_H

#include "checks/explain/Explain.h"
#include "checks/link/Witness.h"

namespace fencelint {

// Conditions.cpp
/// `!(flags & 0x400)`: what must all hold, in the names of F's parameters.
std::vector<std::string> spellGuard(const Program &P, FunctionId F, const Guard &When);
/// "the result is not 0"; "" when nothing is known.
std::string spellResult(const Knowledge &Is);
/// `0x400`
std::string hexadecimal(int64_t Number);

// Effects.cpp
/// What may happen in F, and where F may therefore run. Fill Unknown first.
void explainEffects(Program &P, FunctionId F, Confidence AtLeast, Explanation &Into);
/// "may sleep, may free memory".
std::string effectsInOneLine(const Program &P, FunctionId F, Confidence AtLeast);
/// What a call through a slot may do: what the functions in it do, less what its contract forbids.
void explainSlotEffects(Program &P, const Targets &T, llvm::StringRef Slot, Confidence AtLeast, Explanation &Into);

// Below.cpp
/// Locks taken and functions nobody knows, in F and below.
void explainBelow(Program &P, FunctionId F, Explanation &Into);

// Contexts.cpp
void explainContexts(Program &P, FunctionId F, Confidence AtLeast, Explanation &Into);

// Slots.cpp
void explainSlot(Program &P, SymbolId S, Confidence AtLeast, Explanation &Into);
void explainRecord(const Program &P, SymbolId S, Confidence AtLeast, Explanation &Into);
/// "fence callbacks run under ...", "runs in a task"; "" when none is known.
std::string contractText(const Targets &T);
Member memberOf(const Program &P, FunctionId F, Confidence AtLeast);

// Explain.cpp
/// A module's name for people; "" for what a header defines.
std::string moduleName(const Program &P, uint32_t Module);

} // namespace fencelint
#endif
