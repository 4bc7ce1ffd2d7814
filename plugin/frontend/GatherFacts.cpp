//===- GatherFacts.cpp - what the command line names, as facts -------------===//
#include "plugin/frontend/GatherFacts.h"
#include "plugin/frontend/Analysis.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/ExtractUnits.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/ParseUnit.h"
#include "plugin/frontend/SelectUnits.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include <thread>

namespace fencelint {
namespace {

using llvm::StringRef;
namespace fs = llvm::sys::fs;

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

llvm::Expected<std::vector<FactsFile>> factsOf(const Request &R, const std::vector<std::string> &Operands, const ParseOptions &Options,
                                               Timings &Times, Report &Told) {
  std::vector<FactsFile> Files = savedFacts(R.values(OPT_facts), R.has(OPT_verbose), Told);
  if (R.has(OPT_facts) && Operands.empty() && !R.has(OPT_build) && !R.ClangArguments) {
    Times.phase("load");
    return Files;
  }
  llvm::Expected<std::vector<CompileCommand>> Units = requestedUnits(R, Operands, Told.Problems);
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

llvm::Expected<Gathered> gatherFacts(const Request &R, const std::vector<std::string> &Operands, Timings &Times, Report &Told) {
  llvm::Expected<ParseOptions> Options = parseOptions(R);
  if (!Options)
    return Options.takeError();
  ModelTable Models = loadModels(R, Told.Problems);
  std::optional<ModelTable> Rt = loadRtModels(R, Told.Problems);
  Times.phase("models");
  llvm::Expected<std::vector<FactsFile>> Files = factsOf(R, Operands, *Options, Times, Told);
  if (!Files)
    return Files.takeError();
  return Gathered{std::move(Models), std::move(Rt), std::move(*Files)};
}

} // namespace fencelint
