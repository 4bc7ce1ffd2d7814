//===- Pipeline.cpp - the table of contents ------------------------------------------===//
//
// Facts in, findings out. Every phase is one call; what holds after it is said here.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "checks/Suppress.h"
#include "checks/link/Flow.h"
#include "checks/link/Linker.h"
#include "checks/link/Solver.h"
#include "checks/rules/Rule.h"
#include "llvm/ADT/STLExtras.h"
#include <chrono>

using namespace fencelint;

namespace {

/// Tells how long each phase took, when somebody wants to know.
class Phases {
public:
  explicit Phases(const PipelineOptions &Options) : Options(Options) {}
  void end(llvm::StringRef Name) {
    auto Now = std::chrono::steady_clock::now();
    if (Options.OnPhase)
      Options.OnPhase(Name, std::chrono::duration<double>(Now - Start).count());
    Start = Now;
  }

private:
  const PipelineOptions &Options;
  std::chrono::steady_clock::time_point Start = std::chrono::steady_clock::now();
};

} // namespace

/// Maps and verifies; a file that is no good is a problem of its own and the others go on.
static std::vector<FactsFile> loadFacts(llvm::ArrayRef<std::string> Paths, Report &R) {
  std::vector<FactsFile> Files;
  for (const std::string &Path : Paths) {
    if (auto File = FactsFile::open(Path)) {
      Files.push_back(std::move(*File));
    } else {
      std::string Message = llvm::toString(File.takeError());
      llvm::StringRef Short = Message;
      Short.consume_front(Path + ": ");
      R.Problems.push_back({Path, Short.str()});
    }
  }
  return Files;
}

llvm::ArrayRef<RuleInfo> fencelint::allRules() { return ruleTable(); }

Report fencelint::checkFacts(llvm::ArrayRef<std::string> FactsFiles, const ModelTable &Models, const PipelineOptions &Options) {
  Phases Phase(Options);
  Report Unread;
  std::vector<FactsFile> Files = loadFacts(FactsFiles, Unread);
  Phase.end("load");
  Report R = checkUnits(std::move(Files), Models, Options);
  llvm::append_range(R.Problems, Unread.Problems);
  return R;
}

Report fencelint::checkUnits(std::vector<FactsFile> Files, const ModelTable &Models, const PipelineOptions &Options) {
  Phases Phase(Options);
  Report R;
  for (const FactsFile &File : Files)
    R.Units += File.units().size();
  R.UnitsAnalysed = R.Units;

  std::unique_ptr<Program> P = linkUnits(std::move(Files), Models);
  P->FollowUnknown = llvm::is_contained(Options.Rules, "unknown-callee");
  P->CallbacksMayAllocate = !llvm::is_contained(Options.Rules, "alloc-in-callback");
  Phase.end("link");
  // No symbol or function is added from here on.

  followPointers(*P);
  Phase.end("pointers");
  // Every call's targets and every root are known.

  solve(*P);
  Phase.end("solve");
  // The program is read-only.

  std::vector<std::string> Rules = rulesToRun(Options.Rules);
  R.Findings = runRules(*P, Rules);
  for (Problem &Each : P->Problems)
    R.Problems.push_back(std::move(Each));
  Phase.end("rules");
  // Every mistake is known, also those that nobody is told.

  suppress(R, *P, Rules, Options);
  assignFingerprints(R);
  Phase.end("suppress");
  return R;
}
