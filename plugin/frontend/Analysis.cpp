//===- Analysis.cpp - what check and link have in common -------------------===//
#include "plugin/frontend/Analysis.h"
#include "checks/facts/FactsInput.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/CompileCommands.h"
#include "plugin/frontend/DataFiles.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// As many as a person reads; the rest are counted.
constexpr size_t MostNotes = 5;

void noteWithoutFacts(std::vector<std::string> Inputs, bool Verbose, Report &Told) {
  llvm::sort(Inputs);
  Inputs.erase(std::unique(Inputs.begin(), Inputs.end()), Inputs.end());
  size_t Shown = Verbose ? Inputs.size() : std::min(Inputs.size(), MostNotes);
  for (size_t I = 0; I < Shown; ++I)
    Told.Notes.push_back({{Inputs[I]}, "no facts in it; what is compiled with the plugin has them"});
  if (Shown < Inputs.size())
    Told.Notes.push_back({{}, std::to_string(Inputs.size() - Shown) + " more inputs without facts; --verbose names them"});
}

/// Of functions that two units define, the first few.
void shortenNotes(std::vector<Note> &Notes) {
  llvm::sort(Notes);
  Notes.erase(std::unique(Notes.begin(), Notes.end()), Notes.end());
  if (Notes.size() <= MostNotes)
    return;
  size_t More = Notes.size() - MostNotes;
  Notes.resize(MostNotes);
  Notes.push_back({{}, std::to_string(More) + " more functions with two definitions; --verbose names them"});
}

} // namespace

llvm::Expected<Confidence> minConfidence(const Request &R) {
  llvm::Expected<unsigned> Chosen = R.choice(OPT_min_confidence, {"low", "medium", "high"}, 1);
  if (!Chosen)
    return Chosen.takeError();
  return static_cast<Confidence>(*Chosen);
}

llvm::Expected<AnalysisOptions> analysisOptions(const Request &R) {
  AnalysisOptions Options;
  llvm::Expected<OutputOptions> Output = outputOptions(R);
  if (!Output)
    return Output.takeError();
  llvm::Expected<RuleSelection> Rules = selectRules(R.values(OPT_rules), allRules());
  if (!Rules)
    return Rules.takeError();
  llvm::Expected<Confidence> AtLeast = minConfidence(R);
  if (!AtLeast)
    return AtLeast.takeError();
  Options.Output = *Output;
  Options.Rules = *Rules;
  Options.Pipeline.Rules = Rules->Run;
  Options.Pipeline.AtLeast = *AtLeast;
  Options.Pipeline.RequireReasons = R.has(OPT_require_reasons);
  Options.Pipeline.Statistics = R.has(OPT_stats);
  return Options;
}

std::vector<FactsFile> savedFacts(llvm::ArrayRef<std::string> Paths, bool Verbose, Report &Told) {
  std::vector<std::string> Normal;
  for (const std::string &Path : Paths)
    Normal.push_back(normalPath(Path));
  FactsInput Input = readFacts(Normal);
  dropOtherTools(Input, std::string("fencelint ") + version());
  for (const FactsDefect &D : Input.Defects)
    Told.Problems.push_back({D.File, D.Message});
  if (Input.Files.empty() && Input.Defects.empty() && !Input.WithoutFacts.empty())
    Told.Problems.push_back({"", "none of the inputs holds facts; compile them with -fplugin=libfencelint.so"});
  noteWithoutFacts(std::move(Input.WithoutFacts), Verbose, Told);
  return std::move(Input.Files);
}

void analyse(std::vector<FactsFile> Files, const ModelTable &Models, const Request &R, AnalysisOptions &Options, Timings &Times,
             Report &Told) {
  if (Files.empty())
    return;
  Options.Pipeline.OnPhase = [&](StringRef Phase, double Seconds) { Times.phase(Phase, Seconds); };
  Report Checked = checkUnits(std::move(Files), Models, Options.Pipeline);
  if (!R.has(OPT_verbose))
    shortenNotes(Checked.Notes);
  Told.Units += Checked.Units;
  Told.UnitsAnalysed += Checked.UnitsAnalysed;
  Told.LessSure = Checked.LessSure;
  Told.Findings = std::move(Checked.Findings);
  Told.Suppressed = std::move(Checked.Suppressed);
  Told.Remarks = std::move(Checked.Remarks);
  Told.Summaries = std::move(Checked.Summaries);
  llvm::append_range(Told.Problems, Checked.Problems);
  llvm::append_range(Told.Notes, Checked.Notes);
}

int finish(Report Told, const Request &R, const AnalysisOptions &Options, Timings &Times) {
  if (Told.Units == 0 && Told.Problems.empty())
    return reportError(inputError("there is nothing to analyse"));
  for (std::vector<Finding> *Each : {&Told.Findings, &Told.Suppressed, &Told.Remarks})
    llvm::erase_if(*Each, [&](const Finding &F) { return llvm::is_contained(Options.Rules.Without, F.Rule); });
  sortFindings(Told);
  llvm::Error Written = writeReport(Told, Options.Output);
  Times.phase("report");
  if (Told.Summaries)
    writeText(*Told.Summaries, textOptions(Options.Output), llvm::errs());
  if (R.has(OPT_timings))
    Times.print(llvm::errs());
  if (Written)
    return reportError(std::move(Written));
  return !Told.Problems.empty() ? 2 : !Told.Findings.empty() && !R.has(OPT_exit_zero) ? 1 : 0;
}

} // namespace fencelint
