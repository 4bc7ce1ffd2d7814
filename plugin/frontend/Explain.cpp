//===- Explain.cpp - fencelint explain --------------------------------------===//
//
// The first word is the name, the others select units as for `check`. The answer goes to standard output, what could not be done to standard error.
//
//===----------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "checks/report/Writers.h"
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/CompileCommands.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/GatherFacts.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/Output.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

using llvm::StringRef;

llvm::Expected<Question> questionOf(const Request &R) {
  if (R.Operands.empty())
    return inputError("name a function, a field or a class; see 'fencelint help explain'");
  llvm::Expected<Confidence> AtLeast = minConfidence(R);
  if (!AtLeast)
    return AtLeast.takeError();
  Question Q;
  Q.Name = R.Operands.front();
  Q.File = R.value(OPT_in_file).str();
  Q.AtLeast = *AtLeast;
  return Q;
}

/// "nothing here is called 'drm_gem_put'; did you mean 'drm_gem_object_put' or 'drm_gem_get'?"
llvm::Error nothingCalled(const Question &Q, llvm::ArrayRef<std::string> Near) {
  std::string Text = "nothing here is called '" + Q.Name + "'";
  if (!Q.File.empty())
    Text += " in a file that ends in '" + Q.File + "'";
  for (size_t I = 0; I < Near.size(); ++I)
    Text += (I == 0 ? "; did you mean '" : I + 1 == Near.size() ? "' or '" : "', '") + Near[I];
  return inputError(Text + (Near.empty() ? "" : "'?"));
}

llvm::Error write(const Explanations &X, const Request &R, const OutputOptions &Options) {
  TextOptions Text = textOptions(Options);
  return writeOutput(Options.File, [&](llvm::raw_ostream &OS) {
    if (R.has(OPT_as_json))
      writeJson(X, {Text.Root, version(), ""}, OS);
    else
      writeText(X, Text, OS);
  });
}

} // namespace

int runExplain(const Request &R) {
  interrupt::install();
  Timings Times;
  llvm::Expected<Question> Asked = questionOf(R);
  if (!Asked)
    return reportError(Asked.takeError());
  llvm::Expected<OutputOptions> Options = outputOptions(R);
  if (!Options)
    return reportError(Options.takeError());
  Report Told;
  llvm::Expected<Gathered> Program = gatherFacts(R, {R.Operands.begin() + 1, R.Operands.end()}, Times, Told);
  if (!Program)
    return reportError(Program.takeError());
  PipelineOptions Pipeline;
  Pipeline.OnPhase = [&](StringRef Phase, double Seconds) { Times.phase(Phase, Seconds); };
  Pipeline.Rt = Program->Rt ? &*Program->Rt : nullptr;
  Explanations X =
      explainUnits(std::move(Program->Files), Program->Rt ? *Program->Rt : Program->Models, *Asked, Pipeline);
  llvm::append_range(Told.Problems, X.Problems);
  sortFindings(Told);
  X.Problems = std::move(Told.Problems);
  printProblems(X.Problems, Options->MostErrors, Options->Color);
  if (X.Units == 0 && X.Problems.empty())
    return reportError(inputError("there is nothing to analyse"));
  if (X.All.empty() && X.Units > 0)
    reportError(nothingCalled(*Asked, X.Near));
  llvm::Error Written = write(X, R, *Options);
  Times.phase("report");
  if (R.has(OPT_timings))
    Times.print(llvm::errs());
  if (Written)
    return reportError(std::move(Written));
  return X.All.empty() || !X.Problems.empty() ? 2 : 0;
}

} // namespace fencelint
