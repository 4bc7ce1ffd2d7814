//===- Suppress.cpp - what the source says is no mistake ------------------------------===//
//
// Two ways to say it: a NOLINT comment where the finding stands, and an audit of a function that the chain comes through. Both keep the finding, in
// a list of its own and with the reason. What is said in vain is told too: code changes, and a mark that outlives its finding hides the next one.
//
//===------------------------------------------------------------------------------------===//
#include "checks/Suppress.h"
#include "checks/report/Suppressions.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;

void Suppressible::add(const Program &P) {
  for (const LoadedUnit &U : P.Units)
    Files.insert(llvm::StringRef(U.Facts->source()->string_view()));
  for (const ProgramFunction &F : P.Functions)
    if (const Symbol &S = P.Symbols[F.Symbol]; F.Body && !S.is(facts::EntityFlag::SystemHeader))
      Files.insert(P.text(S.Declared.Unit, S.Declared.At.file()));
  addAudits(P);
}

std::vector<std::string> Suppressible::files() const {
  std::vector<std::string> Sorted;
  for (llvm::StringRef File : Files.keys())
    Sorted.push_back(File.str());
  llvm::sort(Sorted);
  return Sorted;
}

/// A FENCE_AUDITED is used when a violation comes through it, or when it keeps something else from the callers.
void Suppressible::addAudits(const Program &P) {
  llvm::DenseSet<FunctionId> Used;
  auto Note = [&](llvm::ArrayRef<Violation> Violations) {
    for (const Violation &V : Violations)
      if (V.Effect.Audited != None)
        Used.insert(V.Effect.Audited);
  };
  Note(P.Violations);
  for (const ProgramFunction &F : P.Functions)
    Note(F.Violations);
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const ProgramFunction &Fn = P.Functions[F];
    if (!Fn.Audited || !Fn.isWalked())
      continue;
    if (Fn.HidesContext || Used.contains(F)) {
      UsedAudits.insert(P.position(Fn.Audited->At));
      continue;
    }
    Finding U;
    U.Rule = UnusedSuppression;
    U.Function = U.Sink = P.symbolOf(F).Name.str();
    U.At = P.position(Fn.Audited->At);
    U.Message = "auditing '" + U.Function + "' suppresses nothing";
    UnusedAudits.push_back(std::move(U));
  }
}

std::vector<Finding> Suppressible::unusedAudits() const {
  std::vector<Finding> Unused;
  for (const Finding &U : UnusedAudits)
    if (!UsedAudits.count(U.At) && llvm::none_of(Unused, [&](const Finding &F) { return F.At == U.At && F.Function == U.Function; }))
      Unused.push_back(U);
  return Unused;
}

static bool isOnly(llvm::ArrayRef<std::string> Rules, llvm::StringRef Id) {
  return Rules.size() == 1 && Rules.front() == Id;
}

/// The ids of the rules that such a selection runs.
std::vector<std::string> fencelint::rulesToRun(llvm::ArrayRef<std::string> Named) {
  if (!Named.empty() && !isOnly(Named, UnusedSuppression))
    return Named.vec();
  std::vector<std::string> Ids;
  for (const RuleInfo &R : fencelint::allRules())
    if (R.OnByDefault)
      Ids.push_back(R.Id);
  return Ids;
}

/// What the source says is no mistake goes into a list of its own; what it says in vain becomes a remark.
void fencelint::suppress(Report &R, const Suppressible &Heard, const PipelineOptions &Options) {
  Suppressions Marks(fencelint::allRules());
  if (Options.ReadMarks) {
    Marks.apply(R.Findings);
    if (Options.TellUnused)
      Marks.read(Heard.files());
    llvm::append_range(R.Problems, Marks.problems(Options.RequireReasons));
  }
  R.LessSure = llvm::count_if(R.Findings, [&](const Finding &F) { return int(F.Sure) + 1 == int(Options.AtLeast) && !F.Suppressed; });
  llvm::erase_if(R.Findings, [&](const Finding &F) { return F.Sure < Options.AtLeast; });
  if (isOnly(Options.Rules, UnusedSuppression))
    R.Findings.clear(); // they ran for what they leave unused
  auto Open = llvm::partition(R.Findings, [](const Finding &F) { return !F.Suppressed; });
  R.Suppressed.assign(std::make_move_iterator(Open), std::make_move_iterator(R.Findings.end()));
  R.Findings.erase(Open, R.Findings.end());
  if (!Options.TellUnused)
    return;
  std::vector<Finding> &Unused = llvm::is_contained(Options.Rules, UnusedSuppression) ? R.Findings : R.Remarks;
  llvm::append_range(Unused, Marks.unused(rulesToRun(Options.Rules)));
  llvm::append_range(Unused, Heard.unusedAudits());
}
