//===- Check.cpp - fencelint check -----------------------------------------===//
//
// Commands become facts in worker processes, facts become findings in this one. A mistake in the command line ends the run before
// it starts; whatever goes wrong later is a Problem, and what can still be said is said.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/ExtractUnits.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/ParseUnit.h"
#include "plugin/frontend/SelectUnits.h"
#include "llvm/Support/FileSystem.h"
#include <thread>

namespace fencelint {
namespace {

using llvm::StringRef;
namespace fs = llvm::sys::fs;

/// How units are parsed.
struct ParseOptions {
  unsigned Jobs = 1;
  std::string ResourceDirectory;
};

llvm::Expected<ParseOptions> parseOptions(const Request &R) {
  llvm::Expected<unsigned> Jobs = R.number(OPT_jobs, std::max(1u, std::thread::hardware_concurrency()), 1);
  if (!Jobs)
    return Jobs.takeError();
  llvm::Expected<std::string> Resources = resourceDirectory(R.value(OPT_resource_dir));
  if (!Resources)
    return Resources.takeError();
  return ParseOptions{*Jobs, *Resources};
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

/// Facts that are there already, then those of every unit that could be parsed. What went wrong is in Told.
llvm::Expected<std::vector<FactsFile>> gatherFacts(const Request &R, const ParseOptions &Options, Timings &Times, Report &Told) {
  std::vector<FactsFile> Files = savedFacts(R.values(OPT_facts), R.has(OPT_verbose), Told);
  if (R.has(OPT_facts) && R.Operands.empty() && !R.has(OPT_build) && !R.ClangArguments) {
    Times.phase("load");
    return Files;
  }
  llvm::Expected<std::vector<CompileCommand>> Units = requestedUnits(R, R.Operands, Told.Problems);
  if (!Units)
    return Units.takeError();
  Times.phase("commands");
  llvm::Expected<TemporaryDirectory> Temporary = TemporaryDirectory::create();
  if (!Temporary)
    return Temporary.takeError();
  if (Units->empty())
    return Files;

  Progress Shown(Progress::style(R.has(OPT_quiet), R.has(OPT_verbose)), Units->size(), normalPath("."));
  std::string Directory = factsDirectory(R.value(OPT_facts_dir), *Temporary, Told.Problems);
  ExtractResult Extracted = extractUnits(*Units, {Options.Jobs, Directory, Options.ResourceDirectory}, Shown);
  size_t Parsed = Extracted.FactsFiles.size();
  Told.Units = Units->size() - Parsed;
  llvm::append_range(Told.Problems, Extracted.Problems);
  if (Extracted.Interrupted)
    Told.Problems.push_back(
        {"", "interrupted: " + std::to_string(Parsed) + " of " + std::to_string(Units->size()) + " units analysed"});
  Times.phase("parse");
  Times.children();
  llvm::append_range(Files, savedFacts(Extracted.FactsFiles, R.has(OPT_verbose), Told));
  Times.phase("load");
  return Files;
}

} // namespace

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
  llvm::Expected<std::vector<FactsFile>> Files = gatherFacts(R, *Parsing, Times, Told);
  if (!Files)
    return reportError(Files.takeError());
  analyse(std::move(*Files), Models, R, *Options, Times, Told);
  return finish(std::move(Told), R, *Options, Times);
}

} // namespace fencelint
