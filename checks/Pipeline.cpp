//===- Pipeline.cpp - the table of contents ------------------------------------------===//
//
// Facts in, findings out. Every phase is one call; what holds after it is said here.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "checks/link/Flow.h"
#include "checks/link/Linker.h"
#include "checks/link/Solver.h"
#include "checks/report/Suppressions.h"
#include "checks/rules/Rule.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
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

/// The files that this run has looked into: main files, and where the functions are that they define.
static std::vector<std::string> sourceFiles(const Program &P) {
  llvm::StringSet<> Files;
  for (const LoadedUnit &U : P.Units)
    Files.insert(llvm::StringRef(U.Facts->source()->string_view()));
  for (const ProgramFunction &F : P.Functions)
    if (const Symbol &S = P.Symbols[F.Symbol]; F.Body && !S.is(facts::EntityFlag::SystemHeader))
      Files.insert(P.text(S.Declared.Unit, S.Declared.At.file()));
  std::vector<std::string> Sorted;
  for (llvm::StringRef File : Files.keys())
    Sorted.push_back(File.str());
  llvm::sort(Sorted);
  return Sorted;
}

/// Each FENCE_AUDITED that no violation comes through and that keeps nothing else from the callers.
static std::vector<Finding> unusedAudits(const Program &P) {
  llvm::DenseSet<FunctionId> Used;
  auto Note = [&](llvm::ArrayRef<Violation> Violations) {
    for (const Violation &V : Violations)
      if (V.Effect.Audited != None)
        Used.insert(V.Effect.Audited);
  };
  Note(P.Violations);
  for (const ProgramFunction &F : P.Functions)
    Note(F.Violations);
  std::vector<Finding> Unused;
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const ProgramFunction &Fn = P.Functions[F];
    if (!Fn.Audited || !Fn.isWalked() || Fn.HidesContext || Used.contains(F))
      continue;
    Finding U;
    U.Rule = UnusedSuppression;
    U.Function = U.Sink = P.symbolOf(F).Name.str();
    U.At = P.position(Fn.Audited->At);
    U.Message = "auditing '" + U.Function + "' suppresses nothing";
    Unused.push_back(std::move(U));
  }
  return Unused;
}

static bool isOnly(llvm::ArrayRef<std::string> Rules, llvm::StringRef Id) {
  return Rules.size() == 1 && Rules.front() == Id;
}

/// The ids of the rules that such a selection runs.
static std::vector<std::string> rulesToRun(llvm::ArrayRef<std::string> Named) {
  if (!Named.empty() && !isOnly(Named, UnusedSuppression))
    return Named.vec();
  std::vector<std::string> Ids;
  for (const RuleInfo &R : fencelint::allRules())
    if (R.OnByDefault)
      Ids.push_back(R.Id);
  return Ids;
}

/// What the source says is no mistake goes into a list of its own; what it says in vain becomes a remark.
static void suppress(Report &R, const Program &P, llvm::ArrayRef<std::string> Ran, const PipelineOptions &Options) {
  Suppressions Marks(fencelint::allRules());
  if (Options.ReadMarks) {
    Marks.apply(R.Findings);
    if (Options.TellUnused)
      Marks.read(sourceFiles(P));
    llvm::append_range(R.Problems, Marks.problems(Options.RequireReasons));
  }
  llvm::erase_if(R.Findings, [&](const Finding &F) { return F.Sure < Options.AtLeast; });
  if (isOnly(Options.Rules, UnusedSuppression))
    R.Findings.clear(); // they ran for what they leave unused
  auto Open = llvm::partition(R.Findings, [](const Finding &F) { return !F.Suppressed; });
  R.Suppressed.assign(std::make_move_iterator(Open), std::make_move_iterator(R.Findings.end()));
  R.Findings.erase(Open, R.Findings.end());
  if (!Options.TellUnused)
    return;
  std::vector<Finding> &Unused = llvm::is_contained(Options.Rules, UnusedSuppression) ? R.Findings : R.Remarks;
  llvm::append_range(Unused, Marks.unused(Ran));
  llvm::append_range(Unused, unusedAudits(P));
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
