//===- Check.cpp - fencelint check -----------------------------------------===//
//
// Commands become facts in worker processes, facts become findings in this one. A mistake in the command line ends the run before
// it starts; whatever goes wrong later is a Problem, and what can still be said is said.
//
//===----------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/ExtractUnits.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/Output.h"
#include "plugin/frontend/ParseUnit.h"
#include "plugin/frontend/SelectRules.h"
#include "plugin/frontend/SelectUnits.h"
#include "plugin/frontend/Timings.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <thread>

namespace fencelint {
namespace {

using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The command line, checked.
struct CheckOptions {
  OutputOptions Output;
  RuleSelection Rules;
  PipelineOptions Pipeline;
  unsigned Jobs = 1;
  std::string ResourceDirectory;
};

llvm::Expected<CheckOptions> checkOptionsOf(const Request &R) {
  CheckOptions Options;
  llvm::Expected<OutputOptions> Output = outputOptions(R);
  if (!Output)
    return Output.takeError();
  llvm::Expected<RuleSelection> Rules = selectRules(R.values(OPT_rules), allRules());
  if (!Rules)
    return Rules.takeError();
  llvm::Expected<unsigned> AtLeast = R.choice(OPT_min_confidence, {"low", "medium", "high"}, 1);
  if (!AtLeast)
    return AtLeast.takeError();
  llvm::Expected<unsigned> Jobs = R.number(OPT_jobs, std::max(1u, std::thread::hardware_concurrency()), 1);
  if (!Jobs)
    return Jobs.takeError();
  llvm::Expected<std::string> Resources = resourceDirectory(R.value(OPT_resource_dir));
  if (!Resources)
    return Resources.takeError();
  Options.Output = *Output;
  Options.Rules = *Rules;
  Options.Pipeline.Rules = Rules->Run;
  Options.Pipeline.AtLeast = static_cast<Confidence>(*AtLeast);
  Options.Pipeline.RequireReasons = R.has(OPT_require_reasons);
  Options.Jobs = *Jobs;
  Options.ResourceDirectory = *Resources;
  return Options;
}

/// The facts files that --facts names: files as they are, directories with every `*.facts` below, by name.
std::vector<std::string> savedFacts(llvm::ArrayRef<std::string> Paths, std::vector<Problem> &Problems) {
  std::vector<std::string> Files;
  for (const std::string &Path : Paths) {
    if (!fs::is_directory(Path)) {
      Files.push_back(normalPath(Path));
      continue;
    }
    size_t Before = Files.size();
    std::error_code EC;
    for (fs::recursive_directory_iterator I(normalPath(Path), EC), End; I != End && !EC; I.increment(EC))
      if (path::extension(I->path()) == ".facts")
        Files.push_back(I->path());
    if (EC)
      Problems.push_back({Path, "cannot read this directory: " + StringRef(EC.message()).lower()});
    else if (Files.size() == Before)
      Problems.push_back({Path, "no *.facts below this directory"});
    llvm::sort(Files.begin() + Before, Files.end());
  }
  return Files;
}

/// Where facts go: --facts-dir when it can be written, else the temporary directory.
std::string factsDirectory(StringRef Wanted, const TemporaryDirectory &Temporary, std::vector<Problem> &Problems) {
  if (Wanted.empty())
    return Temporary.path();
  std::string Directory = normalPath(Wanted);
  std::error_code EC = fs::create_directories(Directory);
  if (!EC)
    EC = fs::access(Directory, fs::AccessMode::Write);
  if (!EC)
    return Directory;
  Problems.push_back({"", (Wanted + ": cannot keep facts there: " + StringRef(EC.message()).lower()).str()});
  return Temporary.path();
}

void interrupted(Report &R, size_t Parsed, size_t Units) {
  R.Problems.push_back({"", "interrupted: " + std::to_string(Parsed) + " of " + std::to_string(Units) + " units analysed"});
}

/// Facts, from saved ones and from parsing, into one report.
llvm::Expected<Report> analyse(const Request &R, CheckOptions &Options, Timings &Times) {
  Report Result;
  std::vector<std::string> Files = savedFacts(R.values(OPT_facts), Result.Problems);
  std::vector<CompileCommand> Units;
  if (!R.has(OPT_facts) || !R.Operands.empty() || R.has(OPT_build) || R.ClangArguments) {
    llvm::Expected<std::vector<CompileCommand>> Requested = requestedUnits(R, R.Operands, Result.Problems);
    if (!Requested)
      return Requested.takeError();
    Units = std::move(*Requested);
  }
  Times.phase("commands");
  std::vector<Problem> Problems;
  ModelTable Models = loadModels(R, Problems);
  Times.phase("models");

  llvm::Expected<TemporaryDirectory> Temporary = TemporaryDirectory::create();
  if (!Temporary)
    return Temporary.takeError();
  size_t Parsed = 0;
  if (!Units.empty()) {
    Progress Shown(Progress::style(R.has(OPT_quiet), R.has(OPT_verbose)), Units.size(), normalPath("."));
    std::string Directory = factsDirectory(R.value(OPT_facts_dir), *Temporary, Problems);
    ExtractResult Extracted = extractUnits(Units, {Options.Jobs, Directory, Options.ResourceDirectory}, Shown);
    Parsed = Extracted.FactsFiles.size();
    llvm::append_range(Files, Extracted.FactsFiles);
    llvm::append_range(Problems, Extracted.Problems);
    if (Extracted.Interrupted)
      interrupted(Result, Parsed, Units.size());
    Times.phase("parse");
    Times.children();
  }
  if (!Files.empty()) {
    Options.Pipeline.OnPhase = [&](StringRef Phase, double Seconds) { Times.phase(Phase, Seconds); };
    Report Checked = checkFacts(Files, Models, Options.Pipeline);
    llvm::append_range(Checked.Problems, Result.Problems);
    Result = std::move(Checked);
  }
  llvm::append_range(Result.Problems, Problems);
  Result.Units = std::max(Result.Units, Result.UnitsAnalysed) + (Units.size() - Parsed);
  for (std::vector<Finding> *Each : {&Result.Findings, &Result.Suppressed, &Result.Remarks})
    llvm::erase_if(*Each, [&](const Finding &F) { return llvm::is_contained(Options.Rules.Without, F.Rule); });
  sortFindings(Result);
  return Result;
}

} // namespace

int runCheck(const Request &R) {
  interrupt::install();
  Timings Times;
  llvm::Expected<CheckOptions> Options = checkOptionsOf(R);
  if (!Options)
    return reportError(Options.takeError());
  llvm::Expected<Report> Result = analyse(R, *Options, Times);
  if (!Result)
    return reportError(Result.takeError());
  if (Result->Units == 0 && Result->Problems.empty())
    return reportError(inputError("there is nothing to analyse"));
  llvm::Error Written = writeReport(*Result, Options->Output);
  Times.phase("report");
  if (R.has(OPT_timings))
    Times.print(llvm::errs());
  if (Written)
    return reportError(std::move(Written));
  return !Result->Problems.empty() ? 2 : !Result->Findings.empty() ? 1 : 0;
}

} // namespace fencelint
