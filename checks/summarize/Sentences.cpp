//===- Sentences.cpp - a summary, in the words of a model file -----------------------------===//
//
// Effects stand before changes of the context, as they are relative to the entry. What is under a level of the function's own is said only of a callback
// that it calls there; any other effect under one waits for what a caller passes, which no sentence can repeat.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/summarize/Parts.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

class Saying {
public:
  Saying(const Program &P, FunctionId F) : P(P), F(F), S(P.Functions[F].Summary) {}
  Said run();

private:
  const Program &P;
  FunctionId F;
  const Summary &S;
  Said Out;
  std::vector<std::pair<Action, const EffectFact *>> Effects;

  void effect(const EffectFact &E);
  bool isOfFirstArgument(ExprId Counter) const;
  const char *shape(const EffectFact &E, Action &A) const;
  void calls(const EffectFact &E, Action A);
  void counts();
  void show();
};

} // namespace

static bool equalConditions(const std::vector<Condition> &A, const std::vector<Condition> &B) {
  return llvm::equal(A, B, [](const Condition &X, const Condition &Y) {
    return X.How == Y.How && X.Of == Y.Of && X.Number == Y.Number;
  });
}

static bool hasLevel(const Context &C, int Sign) {
  return llvm::any_of(C.Levels, [&](int8_t Level) { return Sign * Level > 0; });
}

/// A description counts what its first argument points to: a count that lies in it.
bool Saying::isOfFirstArgument(ExprId Counter) const {
  while (P.Exprs[P.Exprs.object(Counter)].Kind == K::Field)
    Counter = P.Exprs[P.Exprs.object(Counter)].A;
  const Expr &E = P.Exprs[P.Exprs.object(Counter)];
  return E.Kind == K::Parameter && E.A == 0;
}

/// The sentence without its conditions, or why there is none.
const char *Saying::shape(const EffectFact &E, Action &A) const {
  if (E.Kind == EffectKind::Unknown && !E.CallsParameter)
    return "calls what nobody described, or through a pointer";
  if (E.Audited != None)
    return "is in an audited function";
  bool IsDescribedSlot = E.How == Via::Slot && E.Next == None;
  if (E.Module || E.Sure < Certain || (E.How == Via::Slot && !IsDescribedSlot))
    return "comes through a pointer";
  if (hasLevel(E.Difference, -1))
    return "is in another context than the caller's";
  if (E.IfMapped)
    return "hangs on how memory was allocated";
  if (E.CallsParameter) {
    A.What = Action::Calls;
    const Expr &Callee = P.Exprs[E.Callee];
    if (Callee.Kind != K::Parameter || Callee.A >= 100 || E.OnLastReference || E.NotIn)
      return "calls a function that it finds in an object";
    A.On = {Subject::Argument, Callee.A, ""};
    return nullptr;
  }
  if (hasLevel(E.Difference, 1))
    return "is in another context than the caller's";
  A.Kind = E.Kind == EffectKind::SleepingLock ? EffectKind::Sleep : E.Kind;
  if (E.NotIn) {
    if (E.NotIn != NotInterrupt || (A.Kind != EffectKind::Sleep && A.Kind != EffectKind::SleepOutsideIrq))
      return "asks in which context it is";
    A.Kind = EffectKind::SleepOutsideIrq;
  }
  if (E.OnLastReference) {
    if (!isSleeping(A.Kind) || A.Kind == EffectKind::SleepOutsideIrq || A.Kind == EffectKind::SleepOnRt)
      return "happens on the last reference";
    if (!isOfFirstArgument(E.Counter))
      return "counts what its first argument does not own";
    A.What = Action::BlocksOnLast;
    A.Kind = EffectKind::Sleep;
  }
  return nullptr;
}

void Saying::effect(const EffectFact &E) {
  Action A;
  if (const char *Reason = shape(E, A)) {
    Out.Missing.insert(Reason);
    return;
  }
  auto Alternatives = conditionsOf(P, E.When);
  if (!Alternatives) {
    Out.Missing.insert("has a condition that no sentence says");
    return;
  }
  std::optional<Condition> Active;
  if (E.UnlessActive != NoExpr) {
    const Expr &Device = P.Exprs[E.UnlessActive];
    if (Device.Kind != K::Parameter || Device.A >= 100)
      return void(Out.Missing.insert("hangs on whether a device is active"));
    Active = {Condition::NotActive, {Subject::Argument, Device.A, ""}, 0};
  }
  for (auto &When : *Alternatives) {
    A.When = std::move(When);
    if (Active)
      A.When.push_back(*Active);
    Effects.push_back({A, &E});
  }
}

/// Under levels of its own a callback runs in them.
void Saying::calls(const EffectFact &E, Action A) {
  std::vector<Action> Around;
  for (unsigned I = 0; I < PartCount; ++I)
    for (int Level = 0; Level < E.Difference.Levels[I]; ++Level) {
      Action Enter;
      Enter.What = Action::ChangeContext;
      Enter.Changed = static_cast<Part>(I);
      Enter.By = 1;
      Around.push_back(Enter);
    }
  llvm::append_range(Out.Does, Around);
  Out.Does.push_back(std::move(A));
  for (Action &Leave : llvm::reverse(Around)) {
    Leave.By = -1;
    Out.Does.push_back(Leave);
  }
}

void Saying::counts() {
  if (!S.CountsDown)
    return;
  Action A;
  A.What = Action::CountsDown;
  Condition C;
  C.Of = {Subject::Result, 0, ""};
  if (S.Last.isTrue())
    C.How = Condition::NotEqual;
  else if (S.Last.isFalse())
    C.How = Condition::Equal;
  else
    return void(Out.Missing.insert("counts down in a way that no sentence says"));
  A.When.push_back(C);
  Out.Does.push_back(A);
}

/// The way that a person asks for first: to what sleeps, under the fewest conditions, by the fewest calls.
void Saying::show() {
  auto Rank = [](const std::pair<Action, const EffectFact *> &X) {
    return std::make_tuple(!isSleeping(X.second->Kind), X.second->OnLastReference, X.first.When.size(),
                           X.second->Depth);
  };
  const std::pair<Action, const EffectFact *> *Best = nullptr;
  for (const auto &X : Effects)
    if (!X.second->CallsParameter && (!Best || Rank(X) < Rank(*Best)))
      Best = &X;
  Out.Shown = Best ? Best->second : nullptr;
}

Said Saying::run() {
  if (!sayExits(P, F, Out))
    return std::move(Out);
  std::vector<Action> Around = std::exchange(Out.Does, {});
  for (const EffectFact &E : S.Effects)
    if (!E.Dead)
      effect(E);
  auto Key = [](const Action &A) { return std::make_tuple(A.What, A.Kind, A.On.Index, A.When.size()); };
  llvm::stable_sort(Effects, [&](const auto &X, const auto &Y) { return Key(X.first) < Key(Y.first); });
  for (auto &[A, E] : Effects) {
    bool Known = llvm::any_of(Out.Does, [&](const Action &Before) { // the same, or the same under fewer conditions
      return Before.What == A.What && Before.Kind == A.Kind && Before.On == A.On &&
             (Before.When.empty() || equalConditions(Before.When, A.When));
    });
    if (A.What == Action::Calls && (!Known || hasLevel(E->Difference, 1)))
      calls(*E, A);
    else if (!Known)
      Out.Does.push_back(A);
  }
  show();
  if (!Out.Missing.empty()) {
    Action Rest;
    Rest.Kind = EffectKind::Unknown;
    Out.Does.push_back(Rest);
  }
  counts();
  llvm::append_range(Out.Does, Around);
  return std::move(Out);
}

Said fencelint::say(const Program &P, FunctionId F) { return Saying(P, F).run(); }
