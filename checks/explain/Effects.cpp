//===- Effects.cpp - what may happen, and where it may therefore run -----------------===//
//
// A summary may say the same thing under three conditions, and once for each of sixty modules. People ask "may it sleep?": so one answer per thing
// that may happen, with every condition, and with the surest and shortest chain.
//
//===------------------------------------------------------------------------------------===//
#include "checks/explain/Parts.h"
#include "checks/link/Described.h"
#include "checks/link/Simulate.h"
#include "checks/link/Solver.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <set>

using namespace fencelint;
using K = facts::ValueKind;

static const char *effectWord(EffectKind Kind) {
  switch (Kind) {
  case EffectKind::Sleep:
  case EffectKind::SleepingLock:
    return "sleeps";
  case EffectKind::SleepOutsideIrq:
    return "sleeps-outside-interrupts";
  case EffectKind::SleepOnRt:
    return "sleeps-on-preempt-rt";
  case EffectKind::Reclaim:
    return "allocates-with-reclaim";
  case EffectKind::Allocate:
    return "allocates";
  case EffectKind::Free:
    return "frees";
  case EffectKind::WaitFence:
    return "waits-for-fence";
  case EffectKind::WaitWork:
    return "waits-for-work";
  case EffectKind::WaitIrq:
    return "waits-for-interrupt-handler";
  case EffectKind::WaitGracePeriod:
    return "waits-for-grace-period";
  case EffectKind::UserAccess:
    return "touches-user-memory";
  case EffectKind::SignalFence:
    return "signals-fence";
  case EffectKind::Unknown:
  case EffectKind::Asked:
    return "unknown";
  }
  return "unknown";
}

/// What a summary tells callers, and what was found to be wrong in the body itself and is therefore not told to them. Where a person has read the code
/// and answers for it, the answer is that person's.
static std::vector<const EffectFact *> effectsOf(const Program &P, FunctionId F) {
  std::vector<const EffectFact *> All;
  for (const EffectFact &E : P.Functions[F].Summary.Effects)
    if (!E.Dead && E.Kind != EffectKind::Asked && E.Audited == None)
      All.push_back(&E);
  for (const Violation &V : P.Functions[F].Violations)
    if (V.Effect.Kind != EffectKind::Asked && V.Effect.Audited == None)
      All.push_back(&V.Effect);
  return All;
}

static std::string phrase(const Program &P, FunctionId F, const EffectFact &E) {
  if (!E.CallsParameter)
    return effectPhrase(E.Kind).str();
  const Expr &Callee = P.Exprs[P.Exprs.object(E.Callee)];
  if (Callee.Kind == K::Function)
    return "calls '" + P.Symbols[Callee.A].Name.str() + "'";
  return "calls '" + spell(P, F, E.Callee) + "', which it is given";
}

/// What must all hold for one effect; nothing when it may always happen.
static std::vector<std::string> conditions(const Program &P, FunctionId F, const EffectFact &E) {
  std::vector<std::string> All = spellGuard(P, F, E.When);
  auto And = [&](const char *More) { All.push_back(More); };
  if (E.IfMapped)
    And("the memory it is given was mapped");
  if (E.NotIn == NotAtomic)
    And("it is not called in atomic context");
  else if (E.NotIn & NotInterrupt)
    And("it is not called in an interrupt");
  else if (E.NotIn & NotIrqsOff)
    And("interrupts are on");
  else if (E.NotIn & NotPreemptOff)
    And("preemption is on");
  if (llvm::any_of(E.Difference.Levels, [](int8_t L) { return L < 0; }))
    And("it has given back a level of its caller's context");
  return All;
}

/// The flags that an allocator at the end of the chain is given, when the source says them there.
static std::string flagsGiven(Program &P, FunctionId F, const Witness &W) {
  if (W.Primitive == None || W.By == None || W.ByEvent == None)
    return "";
  for (const EffectFact &E : P.Functions[W.Primitive].Summary.Effects)
    for (const Atom &A : E.When) {
      if (!A.Flags || P.Exprs[A.Of].Kind != K::BitAnd || P.Exprs[P.Exprs[A.Of].A].Kind != K::Parameter)
        continue;
      const facts::Function &Body = *P.Functions[W.By].Body;
      const facts::Event *Call = Body.events()->Get(W.ByEvent);
      uint32_t Index = P.Exprs[P.Exprs[A.Of].A].A;
      if (Index >= Call->argument_count())
        return "";
      ExprId Given = Calls(P, W.By).value(Body.arguments()->Get(Call->first_argument() + Index));
      if (P.Exprs[Given].Kind == K::Constant)
        return hexadecimal(P.Exprs[Given].Number);
      return W.By == F && P.Exprs[Given].Kind == K::Parameter ? "'" + spell(P, F, Given) + "'" : "";
    }
  return "";
}

namespace {
/// Effects that are one answer.
struct Group {
  std::vector<std::pair<FunctionId, const EffectFact *>> All;
  MayDo Says;
};
} // namespace

/// Surest first, then shortest; what always happens before what hangs on a condition.
static auto worth(const Program &P, FunctionId F, const EffectFact &E) {
  return std::tuple(-int(confidenceOf(E)), !conditions(P, F, E).empty(), E.Depth, -int(E.Sure));
}

static void sayConditions(const Program &P, const Group &G, MayDo &Says) {
  std::vector<std::vector<std::string>> Cases; // none needs more than another
  std::set<uint32_t> Modules;
  auto NeedsLess = [](const std::vector<std::string> &Less, const std::vector<std::string> &More) {
    return llvm::all_of(Less, [&](const std::string &One) { return llvm::is_contained(More, One); });
  };
  for (auto [F, E] : G.All) {
    std::vector<std::string> When = conditions(P, F, *E);
    if (llvm::none_of(Cases, [&](const auto &Known) { return NeedsLess(Known, When); })) {
      llvm::erase_if(Cases, [&](const auto &Known) { return NeedsLess(When, Known); });
      Cases.push_back(std::move(When));
    }
    Modules.insert(E->Module);
  }
  for (const auto &Case : Cases)
    if (!Case.empty())
      Says.When.push_back(llvm::join(Case, " and "));
  if (!Modules.count(0))
    for (uint32_t M : Modules)
      Says.Modules.push_back(moduleName(P, M));
  llvm::sort(Says.Modules);
}

/// Groups in the order of the matrix, what may always happen before what only a last reference does.
static std::vector<Group> groups(const Program &P, llvm::ArrayRef<std::pair<FunctionId, const EffectFact *>> All) {
  std::map<std::tuple<bool, unsigned, std::string, bool>, Group> By;
  for (auto [F, E] : All) {
    std::string Text = phrase(P, F, *E);
    unsigned Kind = E->Kind == EffectKind::SleepingLock ? 0 : static_cast<unsigned>(E->Kind);
    Group &G = By[{E->CallsParameter, E->CallsParameter ? 0 : Kind, Text, E->OnLastReference}];
    G.All.push_back({F, E});
    G.Says.Text = Text;
    G.Says.Effect = E->CallsParameter ? "calls" : effectWord(E->Kind);
    G.Says.OnLastReference = E->OnLastReference;
  }
  std::vector<Group> Sorted;
  for (auto &[Key, G] : By) {
    llvm::stable_sort(G.All, [&](const auto &A, const auto &B) { return worth(P, A.first, *A.second) < worth(P, B.first, *B.second); });
    G.Says.Sure = confidenceOf(*G.All.front().second);
    Sorted.push_back(std::move(G));
  }
  return Sorted;
}

//===- Where it may run ---------------------------------------------------------===//

static MayRun judge(const Program &P, FunctionId F, llvm::ArrayRef<const EffectFact *> Effects, const char *In, const char *Words,
                    const Context &Where, bool IsAllKnown) {
  MayRun Run{In, Words, IsAllKnown ? MayRun::Yes : MayRun::AsFarAsKnown, {}};
  for (const EffectFact *E : Effects) {
    if (E->CallsParameter) {
      if (Run.Is == MayRun::Yes)
        Run.Is = MayRun::AsFarAsKnown;
      continue;
    }
    Context Here = Where.plus(E->Difference);
    Here.Where = Where.Where;
    if (!canBeIn(E->NotIn, Where) || !isForbidden(E->Kind, Here))
      continue;
    std::vector<std::string> All = spellGuard(P, F, E->When);
    if (E->OnLastReference)
      All.push_back("it drops the last reference");
    if (E->IfMapped)
      All.push_back("the memory it is given was mapped");
    if (All.empty())
      return {In, Words, MayRun::No, {}};
    std::string NotWhen = llvm::join(All, " and ");
    Run.Is = MayRun::Depends;
    if (!llvm::is_contained(Run.NotWhen, NotWhen))
      Run.NotWhen.push_back(NotWhen);
  }
  return Run;
}

static void judgeAll(const Program &P, FunctionId F, llvm::ArrayRef<const EffectFact *> Effects, Explanation &Into) {
  Context Preempt, Interrupt, Silent;
  Preempt[Part::PreemptOff] = 1;
  Interrupt.Where = InHardirq;
  Silent.Where = NoAllocation | NoFree;
  bool IsAllKnown = Into.Unknown.empty();
  Into.Runs = {judge(P, F, Effects, "preempt-off", "with preemption disabled", Preempt, IsAllKnown),
               judge(P, F, Effects, "hardirq", "in a hard interrupt", Interrupt, IsAllKnown),
               judge(P, F, Effects, "no-allocation", "where allocating is forbidden", Silent, IsAllKnown)};
}

void fencelint::explainEffects(Program &P, FunctionId F, Confidence AtLeast, Explanation &Into) {
  std::vector<std::pair<FunctionId, const EffectFact *>> Shown;
  std::vector<const EffectFact *> Effects;
  for (const EffectFact *E : effectsOf(P, F)) {
    if (confidenceOf(*E) < AtLeast) {
      ++Into.LessSure;
      continue;
    }
    Effects.push_back(E);
    Shown.push_back({F, E});
  }
  for (Group &G : groups(P, Shown)) {
    sayConditions(P, G, G.Says);
    G.Says.Steps = explain(P, F, *G.All.front().second).Steps;
    std::set<std::string> Flags;
    for (auto [Of, E] : G.All)
      if (E->Kind == EffectKind::Allocate || E->Kind == EffectKind::Reclaim)
        Flags.insert(flagsGiven(P, F, explain(P, F, *E)));
    Flags.erase("");
    G.Says.Flags.assign(Flags.begin(), Flags.end());
    Into.Does.push_back(std::move(G.Says));
  }
  if (Into.IsKnown)
    judgeAll(P, F, Effects, Into);
}

std::string fencelint::effectsInOneLine(const Program &P, FunctionId F, Confidence AtLeast) {
  std::vector<std::pair<FunctionId, const EffectFact *>> Shown;
  for (const EffectFact *E : effectsOf(P, F))
    if (confidenceOf(*E) >= AtLeast)
      Shown.push_back({F, E});
  std::string Text;
  llvm::StringRef Before;
  for (const Group &G : groups(P, Shown)) {
    if (G.Says.Text == Before)
      continue;
    Text += (Text.empty() ? "" : ", ") + G.Says.Text + (G.Says.OnLastReference ? " when it drops the last reference" : "");
    Before = G.Says.Text;
  }
  const ProgramFunction &Fn = P.Functions[F];
  return Text.empty() && !Fn.Body && !Fn.Model ? "unknown" : Text;
}

void fencelint::explainSlotEffects(Program &P, const Targets &T, llvm::StringRef Slot, Confidence AtLeast, Explanation &Into) {
  if (T.Slot && !T.Slot->Does.empty()) {
    Summary Said = summaryOf(P, *T.Slot);
    std::vector<std::pair<FunctionId, const EffectFact *>> All;
    for (const EffectFact &E : Said.Effects)
      All.push_back({None, &E});
    for (Group &G : groups(P, All)) {
      G.Says.Steps.push_back({Step::Reaches, Into.At, "", "'" + Into.Name + "' " + G.Says.Text + ", " + origin(T.Slot->From)});
      Into.Does.push_back(std::move(G.Says));
    }
    return;
  }
  std::vector<std::pair<FunctionId, const EffectFact *>> All;
  for (FunctionId F : T.Functions)
    for (const EffectFact *E : effectsOf(P, F)) {
      bool IsOwnFault = !E->CallsParameter && !T.Promised.isNeutral() && isForbidden(E->Kind, T.Promised.plus(E->Difference));
      if (IsOwnFault) // a finding of that function, not what a caller has to expect
        continue;
      if (confidenceOf(*E) < AtLeast)
        ++Into.LessSure;
      else
        All.push_back({F, E});
    }
  for (Group &G : groups(P, All)) {
    auto [F, E] = G.All.front();
    std::set<FunctionId> Doing;
    for (auto [Of, Effect] : G.All)
      Doing.insert(Of);
    G.Says.Functions = Doing.size();
    std::string Name = P.symbolOf(F).Name.str();
    G.Says.Steps.push_back({Step::Registered, P.position(F), Name, "'" + Name + "' is stored in '" + Slot.str() + "'"});
    llvm::append_range(G.Says.Steps, explain(P, F, *E).Steps);
    Into.Does.push_back(std::move(G.Says));
  }
}
