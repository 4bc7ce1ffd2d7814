//===- UnitCheck.h - the findings of one unit, beside its compiler ---------===//
//
// What the compiler plugin and the clang-tidy module have in common before anything is shown: facts in memory go through the
// same pipeline as those of `fencelint check`.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_COMPILER_UNITCHECK_H
#define FENCELINT_COMPILER_UNITCHECK_H

#include "checks/Pipeline.h"
#include "plugin/frontend/SelectRules.h"

namespace fencelint {

/// Checks what Files hold as one program. Of one unit alone it cannot be said which suppressions are for nothing: WholeProgram.
Report checkLoaded(std::vector<FactsFile> Files, const ModelTable &Models, const RuleSelection &Rules, Confidence AtLeast,
                   bool WholeProgram);

/// `low`, `medium`, `high`; the error lists them.
llvm::Expected<Confidence> parseConfidence(llvm::StringRef Word);

} // namespace fencelint
#endif
