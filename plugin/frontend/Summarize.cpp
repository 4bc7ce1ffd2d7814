//===- Summarize.cpp - fencelint summarize ----------------------------------===//
//
// Units as for `check`; the model file goes to standard output or --output, how much of the program is in it to standard error.
//
//===----------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/CompileCommands.h"
#include "plugin/frontend/GatherFacts.h"
#include "plugin/frontend/Interrupt.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// Most first.
void printCounts(const char *Title, const std::map<std::string, unsigned> &Counts) {
  std::vector<std::pair<unsigned, StringRef>> Sorted;
  for (const auto &[Reason, Count] : Counts)
    Sorted.push_back({Count, Reason});
  llvm::stable_sort(Sorted, [](const auto &A, const auto &B) { return A.first > B.first; });
  if (!Sorted.empty())
    llvm::errs() << Title << '\n';
  for (const auto &[Count, Reason] : Sorted)
    llvm::errs() << "  " << Count << ": " << Reason << '\n';
}

void printSummary(const Summarized &S) {
  llvm::errs() << "fencelint: " << S.Model.Functions.size() << " functions described, of " << S.Units << " units\n";
  printCounts("of these, something is not said because one", S.Model.Incomplete);
  printCounts("left out because one", S.Model.LeftOut);
}

} // namespace

int runSummarize(const Request &R) {
  interrupt::install();
  Timings Times;
  llvm::Expected<unsigned> MostErrors = R.number(OPT_max_errors, 20, 0);
  if (!MostErrors)
    return reportError(MostErrors.takeError());
  Report Told;
  llvm::Expected<Gathered> Program = gatherFacts(R, R.Operands, Times, Told);
  if (!Program)
    return reportError(Program.takeError());
  PipelineOptions Options;
  Options.OnPhase = [&](StringRef Phase, double Seconds) { Times.phase(Phase, Seconds); };
  Summarized S = summarizeUnits(std::move(Program->Files), Program->Models, normalPath("."), Options);
  llvm::append_range(Told.Problems, S.Problems);
  sortFindings(Told);
  printProblems(Told.Problems, *MostErrors);
  if (S.Units == 0)
    return Told.Problems.empty() ? reportError(inputError("there is nothing to summarize")) : 2;
  std::string Version = R.has(OPT_version_text) ? R.value(OPT_version_text).str() : "unnamed sources";
  StringRef File = R.value(OPT_output);
  llvm::Error Written =
      writeOutput(File == "-" ? "" : File, [&](llvm::raw_ostream &OS) { writeModel(S.Model, Version, OS); });
  Times.phase("report");
  if (!R.has(OPT_quiet))
    printSummary(S);
  if (R.has(OPT_timings))
    Times.print(llvm::errs());
  if (Written)
    return reportError(std::move(Written));
  return Told.Problems.empty() ? 0 : 2;
}

} // namespace fencelint
