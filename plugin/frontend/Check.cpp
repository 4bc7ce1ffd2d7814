//===- Check.cpp - fencelint check -----------------------------------------===//
//
// Commands become facts in worker processes, facts (GatherFacts.h) become findings in this one. A mistake in the command line ends the run before
// it starts; whatever goes wrong later is a Problem, and what can still be said is said.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/GatherFacts.h"
#include "plugin/frontend/Interrupt.h"

namespace fencelint {
int runCheck(const Request &R) {
  interrupt::install();
  Timings Times;
  llvm::Expected<AnalysisOptions> Options = analysisOptions(R);
  if (!Options)
    return reportError(Options.takeError());
  llvm::Expected<ParseOptions> Parsing = parseOptions(R);
  if (!Parsing)
    return reportError(Parsing.takeError());
  Report Told;
  ModelTable Models = loadModels(R, Told.Problems);
  Times.phase("models");
  llvm::Expected<std::vector<FactsFile>> Files = gatherFacts(R, R.Operands, *Parsing, Times, Told);
  if (!Files)
    return reportError(Files.takeError());
  analyse(std::move(*Files), Models, R, *Options, Times, Told);
  return finish(std::move(Told), R, *Options, Times);
}

} // namespace fencelint
