//===- Rule.h - one bug class -----------------------------------------------------===//
//
// The solver has already found where the matrix forbids an effect. A rule says which of those are its own and how to tell a person. So a
// rule is a sentence and a predicate; what is common (witness, ordering, one finding per cause) is done once, in Rule.cpp.
//
//===--------------------------------------------------------------------------------===//
#ifndef FENCELINT_RULES_RULE_H
#define FENCELINT_RULES_RULE_H

#include "checks/link/Program.h"
#include "checks/link/Witness.h"
#include "checks/report/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include <memory>

namespace fencelint {

class Rule {
public:
  virtual ~Rule() = default;
  /// Is this violation of that kind? Rules are asked in the order of `rank`, and the first that says yes has it.
  virtual bool concerns(const Program &P, const Violation &V) const = 0;
  /// One line, lower-case, no full stop.
  virtual std::string say(const Program &P, const Violation &V, const Witness &W) const = 0;
};

/// The context a violation's effect happens in came from a promise of a type or a declaration.
bool isPromise(const Program &P, const Violation &V);
/// "'helper' may sleep (in 'mutex_lock') while holding spinlock 'q->lock'".
std::string sayWhatAndWhy(const Violation &V, const Witness &W, llvm::StringRef Phrase);

std::unique_ptr<Rule> makeAllocInAtomic();
std::unique_ptr<Rule> makeAllocInCallback();
std::unique_ptr<Rule> makeBlockingDrop();
std::unique_ptr<Rule> makeContractMismatch();
std::unique_ptr<Rule> makeSleepInAtomic();
std::unique_ptr<Rule> makeUnknownCallee();

llvm::ArrayRef<RuleInfo> ruleTable();

/// Runs the rules named in Enabled (none: those on by default) over everything the solver found.
std::vector<Finding> runRules(const Program &P, llvm::ArrayRef<std::string> Enabled);

} // namespace fencelint
#endif
