//===- Link.cpp - fencelint link -------------------------------------------===//
//
// The facts that a build left in its objects become findings of the whole program. Nothing is parsed and nothing is written but the report,
// so what is linked may lie where nobody can write.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/Interrupt.h"

namespace fencelint {

int runLink(const Request &R) {
  interrupt::install();
  Timings Times;
  if (R.ClangArguments)
    return reportError(inputError("nothing is compiled here, so clang arguments mean nothing; see 'fencelint help link'"));
  if (R.Operands.empty())
    return reportError(inputError("name objects, archives, facts files or directories of them; see 'fencelint help link'"));
  llvm::Expected<AnalysisOptions> Options = analysisOptions(R);
  if (!Options)
    return reportError(Options.takeError());
  Report Told;
  ModelTable Models = loadModels(R, Told.Problems);
  std::optional<ModelTable> Rt = loadRtModels(R, Told.Problems);
  Options->Pipeline.Rt = Rt ? &*Rt : nullptr;
  Times.phase("models");
  std::vector<FactsFile> Files = savedFacts(R.Operands, R.has(OPT_verbose), Told);
  Times.phase("load");
  analyse(std::move(Files), Models, R, *Options, Times, Told);
  return finish(std::move(Told), R, *Options, Times);
}

} // namespace fencelint
