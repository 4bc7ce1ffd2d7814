//===- Pipeline.cpp - the table of contents ------------------------------------------===//
//
// Facts in, findings out. Every phase is one call; what holds after it is said here.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "checks/Machines.h"
#include "checks/Measure.h"
#include "checks/Suppress.h"
#include "checks/link/Flow.h"
#include "checks/link/Linker.h"
#include "checks/link/Solver.h"
#include "checks/rules/Rule.h"
#include "llvm/ADT/STLExtras.h"
#include <chrono>
#include <set>

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

llvm::ArrayRef<RuleInfo> fencelint::allRules() { return ruleTable(); }

/// A call that is wrong on every kernel is not told again for PREEMPT_RT.
static void dropKnown(std::vector<Finding> &Found, const std::vector<Finding> &Known) {
  std::set<SourcePosition> Places;
  for (const Finding &F : Known) {
    Places.insert(F.At);
    Places.insert(F.Shown.At);
    for (const Finding &Again : F.Repeats)
      Places.insert(Again.At);
    for (const OtherPlace &Other : F.Also) {
      Places.insert(Other.At);
      Places.insert(Other.Repeats.begin(), Other.Repeats.end());
    }
  }
  llvm::erase_if(Found, [&](const Finding &F) { return Places.count(F.At); });
}

static void checkProgram(std::vector<FactsFile> Files, const ModelTable &Models, const PipelineOptions &Options, Report &R,
                         Suppressible &Heard) {
  bool OnRt = &Models == Options.Rt;
  Phases Phase(Options);
  std::unique_ptr<Program> P = linkUnits(std::move(Files), Models);
  P->OnRt = P->OnlyRt = OnRt;
  P->FollowUnknown = !OnRt && llvm::is_contained(Options.Rules, "unknown-callee");
  P->CallbacksMayAllocate = !llvm::is_contained(Options.Rules, "alloc-in-callback");
  Phase.end("link");
  // No symbol or function is added from here on.

  followPointers(*P);
  Phase.end("pointers");
  // Every call's targets and every root are known.

  solve(*P);
  Phase.end("solve");
  // The program is read-only.

  std::vector<Finding> Found = runRules(*P, rulesToRun(Options.Rules));
  if (OnRt)
    dropKnown(Found, R.Findings);
  llvm::append_range(R.Findings, Found);
  Heard.add(*P);
  Phase.end("rules");
  if (OnRt) // the rest has been told
    return;
  if (R.Summaries)
    measure(*P, *R.Summaries);
  R.Units += P->Units.size();
  llvm::append_range(R.Problems, P->Problems);
  llvm::append_range(R.Notes, P->Notes);
}

Report fencelint::checkUnits(std::vector<FactsFile> Files, const ModelTable &Models, const PipelineOptions &Options) {
  Report R;
  if (Options.Statistics)
    R.Summaries.emplace();
  Suppressible Heard;
  std::map<std::string, std::vector<FactsFile>> Programs = perMachine(Files);
  Files.clear();
  for (auto &[Machine, Units] : Programs) {
    checkProgram(Units, Models, Options, R, Heard);
    if (Options.Rt)
      checkProgram(Units, *Options.Rt, Options, R, Heard);
    Units.clear();
  }
  if (Programs.size() > 1)
    mergeEqual(R);
  R.UnitsAnalysed = R.Units;
  // Every mistake is known, also those that nobody is told.

  Phases Phase(Options);
  suppress(R, Heard, Options);
  assignFingerprints(R);
  Phase.end("suppress");
  return R;
}

Explanations fencelint::explainUnits(std::vector<FactsFile> Files, const ModelTable &Models, const Question &Asked,
                                     const PipelineOptions &Options) {
  Explanations All;
  All.Asked = Asked.Name;
  std::map<std::string, std::vector<FactsFile>> Programs = perMachine(Files);
  Files.clear();
  for (auto &[Machine, Units] : Programs) {
    Phases Phase(Options);
    std::unique_ptr<Program> P = linkUnits(std::move(Units), Models);
    P->OnRt = &Models == Options.Rt;
    All.Units += P->Units.size();
    Phase.end("link");
    // Every symbol is known, so the name means what it will mean.

    std::vector<SymbolId> Meanings = meaningsOf(*P, Asked);
    askAbout(*P, Meanings);
    if (!Meanings.empty()) {
      followPointers(*P);
      Phase.end("pointers");
      solve(*P);
      Phase.end("solve");
    }
    // The program is read-only but for expressions.

    explainAll(*P, Asked, Meanings, All);
    llvm::append_range(All.Problems, P->Problems);
    Phase.end("explain");
  }
  if (!All.All.empty()) // another machine's program has it
    All.Near.clear();
  return All;
}

Summarized fencelint::summarizeUnits(std::vector<FactsFile> Files, const ModelTable &Models, llvm::StringRef Root, const PipelineOptions &Options) {
  Summarized Out;
  std::map<std::string, std::vector<FactsFile>> Programs = perMachine(Files);
  Files.clear();
  if (Programs.empty())
    return Out;
  if (Programs.size() > 1) {
    Out.Problems.push_back({"", "the units are for " + Programs.begin()->first + " and " + Programs.rbegin()->first +
                                    "; what functions do is told for one machine at a time"});
    return Out;
  }
  Phases Phase(Options);
  std::unique_ptr<Program> P = linkUnits(std::move(Programs.begin()->second), Models);
  P->IsOpen = P->FollowUnknown = true;
  Out.Units = P->Units.size();
  Phase.end("link");
  // No symbol or function is added from here on.

  followPointers(*P);
  Phase.end("pointers");
  // Every local's and parameter's functions are known; fields are anybody's.

  solve(*P);
  Phase.end("solve");
  // The program is read-only.

  Out.Model = summarize(*P, Root);
  Out.Problems = P->Problems;
  Phase.end("summarize");
  return Out;
}

Verified fencelint::verifyModels(std::vector<FactsFile> Files, const ModelTable &Models, const PipelineOptions &Options) {
  Verified Out;
  std::map<std::string, std::vector<FactsFile>> Programs = perMachine(Files);
  Files.clear();
  for (auto &[Machine, Units] : Programs) {
    Phases Phase(Options);
    std::unique_ptr<Program> P = linkUnits(std::move(Units), Models);
    P->IsOpen = P->FollowUnknown = true;
    Out.Told.Units += P->Units.size();
    Out.Entries += chooseBodies(*P);
    Phase.end("link");
    // Every body that is looked at is known, and no symbol is added.

    followPointers(*P);
    Phase.end("pointers");
    solve(*P);
    Phase.end("solve");
    // Callers were told the descriptions; what the bodies do stands beside them.

    findContradictions(*P, Out.Told);
    llvm::append_range(Out.Told.Problems, P->Problems);
    Phase.end("verify");
  }
  Out.Told.UnitsAnalysed = Out.Told.Units;
  assignFingerprints(Out.Told);
  return Out;
}
