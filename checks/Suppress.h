//===- Suppress.h - the pass between rules and reports ---------------------------------===//
#ifndef FENCELINT_SUPPRESS_H
#define FENCELINT_SUPPRESS_H

#include "checks/Pipeline.h"
#include "checks/link/Program.h"

namespace fencelint {

/// The ids of the rules that such a selection runs.
std::vector<std::string> rulesToRun(llvm::ArrayRef<std::string> Named);

/// What the source says is no mistake goes into a list of its own; what it says in vain becomes a remark. Ran: the rules that ran.
void suppress(Report &R, const Program &P, llvm::ArrayRef<std::string> Ran, const PipelineOptions &Options);

} // namespace fencelint
#endif
