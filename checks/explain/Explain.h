//===- Explain.h - what is known about one name -----------------------------------===//
//
// The solved program holds every answer already but one: in which contexts a function is called, because contexts are never pushed down. So names
// are looked up before solving, and "it runs" travels up from what they mean as one more effect (Program::Asked).
//
//===--------------------------------------------------------------------------------===//
#ifndef FENCELINT_EXPLAIN_EXPLAIN_H
#define FENCELINT_EXPLAIN_EXPLAIN_H

#include "checks/link/Program.h"
#include "checks/report/Explanation.h"

namespace fencelint {

/// What a person typed.
struct Question {
  std::string Name;               ///< qualified or not: `ns::drv::probe`, `probe`, `ops.free`, `ops`
  std::string File;               ///< only what is declared in a file whose path ends so; empty: anywhere
  Confidence AtLeast = Confidence::Medium;
};

/// The functions, fields, variables and classes that Name means, sorted by kind and place. A whole name goes before an end of one.
std::vector<SymbolId> meaningsOf(const Program &P, const Question &Q);
/// A few names that look like it, nearest first.
std::vector<std::string> nearNames(const Program &P, llvm::StringRef Name);

/// Explained in full, at most; others are named only.
inline constexpr size_t MostExplained = 8;

/// Before solving: whose callers have to be followed.
void askAbout(Program &P, llvm::ArrayRef<SymbolId> Meanings);
/// After solving. Adds to Into.
void explainAll(Program &P, const Question &Q, llvm::ArrayRef<SymbolId> Meanings, Explanations &Into);

} // namespace fencelint
#endif
