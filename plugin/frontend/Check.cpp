//===- Check.cpp - fencelint check -----------------------------------------===//
//
// Commands become facts in worker processes, facts (GatherFacts.h) become findings in this one. A mistake in the command line ends the run before
// it starts; whatever goes wrong later is a Problem, and what can still be said is said.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/GatherFacts.h"
#include "plugin/frontend/Interrupt.h"

namespace fencelint {
int runCheck(const Request &R) {
  interrupt::install();
  Timings Times;
  llvm::Expected<AnalysisOptions> Options = analysisOptions(R);
  if (!Options)
    return reportError(Options.takeError());
  Report Told;
  llvm::Expected<Gathered> Program = gatherFacts(R, R.Operands, Times, Told);
  if (!Program)
    return reportError(Program.takeError());
  Options->Pipeline.Rt = Program->Rt ? &*Program->Rt : nullptr;
  analyse(std::move(Program->Files), Program->Models, R, *Options, Times, Told);
  return finish(std::move(Told), R, *Options, Times);
}

} // namespace fencelint
