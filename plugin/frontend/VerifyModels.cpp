//===- VerifyModels.cpp - fencelint models verify ------------------------------===//
//
// Units as for `check`; what is found is written as findings are, with the entry as their place.
//
//===-------------------------------------------------------------------------===//
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/GatherFacts.h"
#include "plugin/frontend/Interrupt.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {

int runVerifyModels(const Request &R) {
  interrupt::install();
  Timings Times;
  llvm::Expected<OutputOptions> Output = outputOptions(R);
  if (!Output)
    return reportError(Output.takeError());
  Report Told;
  llvm::Expected<Gathered> Program = gatherFacts(R, R.Operands, Times, Told);
  if (!Program)
    return reportError(Program.takeError());
  PipelineOptions Pipeline;
  Pipeline.OnPhase = [&](llvm::StringRef Phase, double Seconds) { Times.phase(Phase, Seconds); };
  Verified Seen = verifyModels(std::move(Program->Files), Program->Models, Pipeline);
  llvm::append_range(Seen.Told.Problems, Told.Problems);
  Seen.Told.Units += Told.Units;
  AnalysisOptions Options;
  Options.Output = *Output;
  if (!Output->Quiet && Seen.Told.Units)
    llvm::errs() << "fencelint: " << Seen.Entries << " functions have a description and a body here\n";
  return finish(std::move(Seen.Told), R, Options, Times);
}

} // namespace fencelint
