//===- Described.cpp - sentences as effects and exits ------------------------------===//
//
// Sentences are read in order, so `releases spinning arg0, sleeps, takes spinning arg0` sleeps one level below entry. A condition on the
// arguments becomes a guard; a condition on the result splits the exits, so that a trylock leaves two worlds behind and the caller's test of
// the result chooses between them.
//
//===--------------------------------------------------------------------------------===//
#include "checks/link/Described.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

class Describing {
public:
  Describing(Program &P, FunctionId F) : P(P), F(F) { S.Exits.push_back({}); }
  Summary read(const std::vector<Action> &Does);

private:
  Program &P;
  FunctionId F;
  Summary S;
  Context Now;

  ExprId expression(const Subject &Of);
  ExprId counter() const;
  ExprId testOfBit() const;
  Atom atom(const Condition &C, ExprId Of);
  Guard guard(const std::vector<Condition> &When);
  void addEffect(EffectFact Fact, const Action &A);
  void changeContext(const Action &A);
  void splitExits(const Action &A, llvm::function_ref<void(Exit &)> Happens);
  void destroyTypeArgument(const Action &A);
};

} // namespace

/// What must hold of the result, and its opposite.
static Knowledge resultKnowledge(const Condition &C, bool Holds) {
  using Kn = Knowledge;
  auto Signs = [&](uint8_t Bits) { return Kn::signs(Holds ? Bits : Kn::Anything ^ Bits); };
  switch (C.How) {
  case Condition::Equal:
    if (C.Number == 0)
      return Signs(Kn::Zero);
    return Holds ? Kn::exactly(C.Number) : Kn{};
  case Condition::NotEqual:
    if (C.Number == 0)
      return Signs(Kn::NotZero);
    return Holds ? Kn{} : Kn::exactly(C.Number);
  case Condition::Less:
    return Signs(C.Number > 0 ? Kn::Zero | Kn::Negative : Kn::Negative);
  case Condition::IsError:
    return Signs(Kn::Negative);
  case Condition::GreaterEqual:
    return Signs(C.Number > 0 ? Kn::Positive : Kn::Zero | Kn::Positive);
  case Condition::NotError:
    return Signs(Kn::Zero | Kn::Positive);
  case Condition::AnyBit:
    return Signs(Kn::NotZero);
  case Condition::NoBit:
    return Signs(Kn::Zero);
  case Condition::IsMapped:
  case Condition::NotActive:
    return {};
  }
  return {};
}

ExprId Describing::expression(const Subject &Of) {
  switch (Of.What) {
  case Subject::Argument:
    return P.Exprs.parameter(Of.Index);
  case Subject::This:
    return P.Exprs.self();
  case Subject::Result:
  case Subject::Global:
    return NoExpr;
  }
  return NoExpr;
}

/// What a function counts down is its first argument; whose count a method's object keeps, nobody says.
ExprId Describing::counter() const { return F != None && P.symbolOf(F).Parent == None ? P.Exprs.parameter(0) : NoExpr; }

/// Bit argument 0 of the words that argument 1 points to.
ExprId Describing::testOfBit() const {
  ExprId Number = P.Exprs.parameter(0), Bits = P.Exprs.constant(64);
  ExprId Word = P.Exprs.make(K::Element, P.Exprs.parameter(1), P.Exprs.make(K::Divide, Number, Bits));
  ExprId Mask = P.Exprs.make(K::ShiftLeft, P.Exprs.constant(1), P.Exprs.make(K::Remainder, Number, Bits));
  return P.Exprs.make(K::Not, P.Exprs.make(K::Not, P.Exprs.make(K::BitAnd, Word, Mask)));
}

Atom Describing::atom(const Condition &C, ExprId Of) {
  switch (C.How) {
  case Condition::Equal:
    return {Of, Knowledge::exactly(C.Number)};
  case Condition::NotEqual:
    if (C.Number == 0)
      return {Of, Knowledge::truth(true)};
    return {P.Exprs.make(K::Equal, Of, P.Exprs.constant(C.Number)), Knowledge::truth(false)};
  case Condition::Less:
    return {P.Exprs.make(K::Less, Of, P.Exprs.constant(C.Number)), Knowledge::truth(true)};
  case Condition::GreaterEqual:
    return {P.Exprs.make(K::Less, Of, P.Exprs.constant(C.Number)), Knowledge::truth(false)};
  case Condition::AnyBit:
    return {P.Exprs.make(K::BitAnd, Of, P.Exprs.constant(C.Number)), Knowledge::truth(true), true};
  case Condition::NoBit:
    return {P.Exprs.make(K::BitAnd, Of, P.Exprs.constant(C.Number)), Knowledge::truth(false), true};
  case Condition::IsError:
    return {Of, Knowledge::signs(Knowledge::Negative)};
  case Condition::NotError:
    return {Of, Knowledge::signs(Knowledge::Zero | Knowledge::Positive)};
  case Condition::IsMapped:  // EffectFact::IfMapped
  case Condition::NotActive: // EffectFact::UnlessActive
    return {};
  }
  return {};
}

Guard Describing::guard(const std::vector<Condition> &When) {
  Guard G;
  for (const Condition &C : When)
    if (ExprId Of = expression(C.Of); Of && C.How != Condition::IsMapped && C.How != Condition::NotActive)
      G.push_back(atom(C, Of));
  llvm::sort(G, [](const Atom &A, const Atom &B) { return A.Of < B.Of; });
  return G;
}

/// The allocators' own locks are spinlock_t, whatever the flags say.
static EffectFact onRt(EffectFact Fact) {
  Fact.Kind = EffectKind::SleepOnRt;
  return Fact;
}

void Describing::addEffect(EffectFact Fact, const Action &A) {
  if (P.OnRt && !Fact.CallsParameter && Fact.Kind == EffectKind::Allocate && !Fact.OnLastReference)
    addEffect(onRt(Fact), A);
  if (Fact.Kind == EffectKind::Unknown && !Fact.CallsParameter && !P.FollowUnknown)
    return;
  bool IsOnRt = Fact.Kind == EffectKind::SleepOnRt;
  if (!Fact.CallsParameter && (IsOnRt ? !P.OnRt : P.OnlyRt))
    return;
  Fact.Difference = Now;
  Fact.When = guard(A.When);
  Fact.AtOnce = Fact.When.size() + (Fact.OnLastReference ? LastReference : 0);
  Fact.IfMapped = llvm::any_of(A.When, [](const Condition &C) { return C.How == Condition::IsMapped; });
  for (const Condition &C : A.When)
    if (C.How == Condition::NotActive)
      Fact.UnlessActive = expression(C.Of);
  S.add(std::move(Fact));
}

void Describing::changeContext(const Action &A) {
  HeldPart Change;
  Change.Lock = A.Lock;
  Change.Which = A.Changed;
  Change.By = A.By;
  Change.Of = A.Lock == LockKind::None ? NoExpr : expression(A.On);
  if (A.When.empty() && A.Changed)
    Now.change(*A.Changed, A.By);
  splitExits(A, [&](Exit &E) { E.Changes.push_back(Change); });
}

/// In two worlds where the sentence has a condition: one in which it holds, and one in which it does not. Happens: null when nothing returns from the first.
void Describing::splitExits(const Action &A, llvm::function_ref<void(Exit &)> Happens) {
  llvm::SmallVector<Exit, 1> After;
  for (const Exit &E : S.Exits) {
    Exit With = E, Without = E;
    if (Happens)
      Happens(With);
    bool Splits = false;
    for (const Condition &C : A.When) {
      if (C.Of.What == Subject::Result) {
        With.Result = With.Result.meet(resultKnowledge(C, true));
        Without.Result = Without.Result.meet(resultKnowledge(C, false));
      } else {
        Atom Must = atom(C, expression(C.Of));
        Atom Not = Must;
        Not.Is = Must.Is.Exact && Must.Is.Number ? Knowledge{} : Knowledge::signs(uint8_t(Knowledge::Anything ^ Must.Is.Signs));
        With.When.push_back(Must);
        Without.When.push_back(Not);
      }
      Splits = true;
    }
    if (Happens && With.Result.Signs)
      After.push_back(With);
    if (Splits && Without.Result.Signs)
      After.push_back(Without);
  }
  S.Exits = std::move(After);
}

/// A class template's method destroys what its argument names: `shared_ptr<T>::~shared_ptr` runs `T::~T`.
void Describing::destroyTypeArgument(const Action &A) {
  if (F == None)
    return;
  SymbolId Record = P.symbolOf(F).Parent;
  auto Argument = P.TypeArguments.find({Record, A.TypeArgument});
  if (Record == None || Argument == P.TypeArguments.end())
    return;
  auto Destructor = P.Destructors.find(Argument->second);
  if (Destructor == P.Destructors.end())
    return;
  EffectFact Fact;
  Fact.CallsParameter = true;
  Fact.OnLastReference = A.Counted;
  Fact.Callee = P.Exprs.make(K::Function, Destructor->second);
  Fact.How = Via::Destructor;
  addEffect(Fact, A);
}

Summary Describing::read(const std::vector<Action> &Does) {
  S.Known = true;
  bool TakesSleepingLock = llvm::any_of(Does, [](const Action &A) { return A.Lock == LockKind::Sleeping && A.By > 0; });
  for (const Action &A : Does) {
    EffectFact Fact;
    switch (A.What) {
    case Action::Effect:
      Fact.Kind = A.Kind == EffectKind::Sleep && TakesSleepingLock ? EffectKind::SleepingLock : A.Kind;
      addEffect(Fact, A);
      break;
    case Action::BlocksOnLast:
      Fact.Kind = EffectKind::Sleep;
      Fact.OnLastReference = true;
      Fact.Counter = counter();
      addEffect(Fact, A);
      if (Fact.Counter)
        splitExits(A, [&](Exit &E) { E.Objects.give(Fact.Counter); });
      break;
    case Action::Calls:
      Fact.CallsParameter = true;
      Fact.Callee = expression(A.On);
      Fact.How = Via::Argument;
      addEffect(Fact, A);
      break;
    case Action::ChangeContext:
      changeContext(A);
      break;
    case Action::DestroysTypeArgument:
      destroyTypeArgument(A);
      break;
    case Action::CountsDown:
      S.CountsDown = true;
      if ((S.Counter = counter()))
        for (Exit &E : S.Exits)
          E.Objects.give(S.Counter);
      S.Last = Knowledge::truth(true);
      for (const Condition &C : A.When)
        if (C.Of.What == Subject::Result)
          S.Last = resultKnowledge(C, true);
      break;
    case Action::Answers: {
      Answer Asked{A.Asked, 0};
      for (const Condition &C : A.When)
        if (C.Of.What == Subject::Result && C.How == Condition::AnyBit)
          Asked.Mask = C.Number;
      S.Answers.push_back(Asked);
      break;
    }
    case Action::Empties:
      S.Empties.push_back(A.On);
      break;
    case Action::Zeroes:
      S.Zeroes.push_back({A.On, guard(A.When)});
      break;
    case Action::Activates:
      splitExits(A, [&](Exit &E) { E.Devices.take(expression(A.On)); });
      break;
    case Action::KeepsActive:
      splitExits(A, [&](Exit &E) { E.Devices.keep(expression(A.On)); });
      break;
    case Action::Deactivates:
      splitExits(A, [&](Exit &E) { E.Devices.give(expression(A.On)); });
      break;
    case Action::AsksForReference:
      splitExits(A, [&](Exit &E) { E.Objects.askFor(expression(A.On)); });
      break;
    case Action::TakesReference:
      splitExits(A, [&](Exit &E) { E.Objects.take(expression(A.On)); });
      break;
    case Action::HoldsReference:
      S.HoldsReference.push_back(A.On);
      break;
    case Action::Returns:
      for (Exit &E : S.Exits) {
        E.ResultIs = A.On.What == Subject::Result ? P.Exprs.constant(A.Number) : expression(A.On);
        E.Result = E.Result.meet(P.Exprs.know(E.ResultIs));
      }
      break;
    case Action::TestsBit:
      S.IsPure = true;
      for (Exit &E : S.Exits) {
        E.ResultIs = testOfBit();
        E.Result = P.Exprs.know(E.ResultIs);
      }
      break;
    case Action::Repeats:
      S.Repeats = true;
      break;
    case Action::GivesMapped:
      S.GivesMapped.push_back(guard(A.When));
      break;
    case Action::NeverReturns:
      splitExits(A, nullptr);
      break;
    case Action::Warns:
      splitExits(A, [&](Exit &E) { E.Warned = true; });
      break;
    }
  }
  return std::move(S);
}

Summary fencelint::summaryOf(Program &P, FunctionId F, const FunctionModel &Model) { return Describing(P, F).read(Model.Does); }

Summary fencelint::summaryOf(Program &P, const SlotModel &Slot) { return Describing(P, None).read(Slot.Does); }
