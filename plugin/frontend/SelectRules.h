//===- SelectRules.h - what --rules means ----------------------------------===//
#ifndef FENCELINT_FRONTEND_SELECTRULES_H
#define FENCELINT_FRONTEND_SELECTRULES_H

#include "checks/report/Finding.h"
#include "llvm/Support/Error.h"

namespace fencelint {

/// `a,b` runs these two; `-c` the default ones without c; `all` every rule; words are read from left to right.
struct RuleSelection {
  std::vector<std::string> Run;     ///< for PipelineOptions: empty means the default ones
  std::vector<std::string> Without; ///< their findings are dropped
};

llvm::Expected<RuleSelection> selectRules(llvm::ArrayRef<std::string> Given, llvm::ArrayRef<RuleInfo> Known);

/// "'x' is not a rule; did you mean 'y'?"
llvm::Error unknownRule(llvm::StringRef Id, llvm::ArrayRef<RuleInfo> Known);

} // namespace fencelint
#endif
