//===- Simulate.cpp - walking one body ------------------------------------------------===//
//
// A worklist over blocks in reverse post-order; each block holds the few states that differ in context. At each call the callee's summary is
// bound to the arguments and its effects land in one of three places: the matrix forbids them here, then they are violations of this function; it
// does not, then they join this function's summary relative to its entry; or they hang on a parameter, then the callers decide.
//
// A body in which no call does anything is not walked at all: most are.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/link/Simulate.h"
#include "checks/link/Described.h"
#include "llvm/ADT/PostOrderIterator.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventFlag;
using facts::EventKind;

/// Contexts told apart at one block; more come only from unbalanced paths that are hardly real.
static constexpr unsigned MostStates = 8;
/// Visits of one block; facts only shrink, so this is a safety net.
static constexpr unsigned MostVisits = 40;

namespace {

class Simulation {
public:
  Simulation(Program &P, FunctionId F)
      : P(P), F(F), Fn(P.Functions[F]), B(*Fn.Body), Resolver(P, F), Logic(P.Exprs) {}
  bool run();

private:
  Program &P;
  FunctionId F;
  ProgramFunction &Fn;
  const facts::Function &B;
  Calls Resolver;
  StateLogic Logic;
  std::vector<llvm::SmallVector<State, 2>> In;    // per block
  std::vector<uint32_t> Order, Rank, Visits;      // reverse post-order
  std::vector<Exit> Exits;
  bool Grew = false;

  bool isInteresting() const;
  bool isInteresting(const facts::Event &E) const;
  bool passesResultOn() const;
  void summarizeTrivially();
  void orderBlocks();
  void walk();
  void arrive(uint32_t Block, State S);
  void leave(State S);
  llvm::SmallVector<State, 2> step(uint32_t Event, State S);
  llvm::SmallVector<State, 2> call(uint32_t Event, State S);
  void enter(uint32_t Event, const Callee &C, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S);
  std::optional<Guard> bind(const Guard &When, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S);
  void bindCallee(uint32_t Event, const EffectFact &E, EffectFact Fact, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S);
  EffectFact factHere(uint32_t Event, Via How, const State &S) const;
  uint32_t moduleTag(uint32_t Module) const;
  void deliver(EffectFact Fact, const State &S);
  void dropReported();
  void violate(const EffectFact &Fact, const Context &Here, const State &S);
  llvm::SmallVector<State, 2> leaveCallee(uint32_t Event, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, State S);
  void noteObjects(const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S);
  void noteMeaning(ExprId Condition, State &S);
  const Summary *meaningOf(ExprId Result) const;
  void finishExits();
};

} // namespace

/// The context as far as the tests on this path leave it possible.
static Context possible(Context C, uint8_t NotIn) {
  if (NotIn & NotPreemptOff)
    C[Part::PreemptOff] = std::min<int8_t>(C[Part::PreemptOff], 0);
  if (NotIn & NotIrqsOff)
    C[Part::IrqsOff] = std::min<int8_t>(C[Part::IrqsOff], 0);
  if (NotIn & NotInterrupt)
    C[Part::BhOff] = std::min<int8_t>(C[Part::BhOff], 0);
  return C;
}

static uint8_t excludedBy(Action::Question Asked, bool Answer) {
  switch (Asked) {
  case Action::AskPreemptOff:
    return Answer ? 0 : NotPreemptOff;
  case Action::AskIrqsOff:
    return Answer ? 0 : NotIrqsOff;
  case Action::AskInterrupt:
    return Answer ? 0 : NotInterrupt;
  case Action::AskAtomic:
    return Answer ? 0 : NotAtomic;
  case Action::AskTask:
    return Answer ? NotInterrupt : 0;
  }
  return 0;
}

//===- Is there anything to do? -------------------------------------------------===//

static bool isTrivial(const Summary &S) {
  return !S.hasEffects() && S.Answers.empty() && !S.CountsDown && S.Empties.empty() && S.HoldsReference.empty() &&
         S.Exits.size() == 1 && S.Exits[0].Changes.empty() && !S.Exits[0].NotIn;
}

bool Simulation::isInteresting(const facts::Event &E) const {
  if (E.kind() != EventKind::Call && E.kind() != EventKind::Destroy)
    return E.kind() == EventKind::Macro;
  ExprId Called = Resolver.value(E.callee());
  bool Dispatch = E.flags() & static_cast<uint32_t>(EventFlag::Dispatch);
  Resolution R = Resolver.resolve(Called, Dispatch);
  if (R.Described || P.Exprs[P.Exprs.object(Called)].Kind == K::Parameter || P.Exprs[Called].Kind == K::Field ||
      P.Exprs[Called].Kind == K::Local)
    return true;
  if (R.IsUnknown)
    return P.FollowUnknown;
  for (const Callee &C : R.Callees) {
    const ProgramFunction &G = P.Functions[C.Function];
    if (G.Summary.Known ? !isTrivial(G.Summary) : P.FollowUnknown)
      return true;
    if (P.Symbols[G.Symbol].is(facts::EntityFlag::NoReturn) || P.Symbols[G.Symbol].is(facts::EntityFlag::MoveConstructor))
      return true;
  }
  return false;
}

bool Simulation::isInteresting() const {
  for (const facts::Event *E : *B.events())
    if (isInteresting(*E))
      return true;
  return false;
}

/// Nothing happens in it: only what it returns may matter.
void Simulation::summarizeTrivially() {
  Exit X;
  bool First = true;
  for (const facts::Event *E : *B.events()) {
    if (E->kind() != EventKind::Return)
      continue;
    ExprId Value = Resolver.value(E->value());
    Knowledge Is = P.Exprs.know(Value);
    if (First) {
      X.Result = Is;
      X.ResultIs = P.Exprs[Value].Opaque ? NoExpr : Value;
    } else {
      X.Result = X.Result.join(Is);
      X.ResultIs = X.ResultIs == Value ? Value : NoExpr;
    }
    First = false;
  }
  Exits.push_back(X);
}

/// Its result is a callee's, and the callee's is known: `return gfpflags_allow_blocking(gfp);`.
bool Simulation::passesResultOn() const {
  bool Returns = false, Known = false;
  for (const facts::Event *E : *B.events()) {
    if (E->kind() == EventKind::Return)
      Returns |= E->value() != None && P.Exprs[Resolver.value(E->value())].Opaque;
    if (E->kind() != EventKind::Call)
      continue;
    const Expr &Callee = P.Exprs[Resolver.value(E->callee())];
    if (Callee.Kind != K::Function || P.Symbols[Callee.A].Function == None)
      continue;
    const Summary &S = P.Functions[P.Symbols[Callee.A].Function].Summary;
    Known |= S.Exits.size() == 1 && (S.Exits[0].ResultIs != NoExpr || !S.Exits[0].Result.isNothing());
  }
  return Returns && Known;
}

bool Simulation::run() {
  Fn.Violations.clear();
  size_t Before = Fn.Summary.Effects.size();
  if (isInteresting() || passesResultOn())
    walk();
  else
    summarizeTrivially();
  dropReported();
  finishExits();
  bool Changed = Grew || Before != Fn.Summary.Effects.size() || !Fn.Summary.Known;
  Fn.Summary.Known = true;
  return Changed;
}

//===- Blocks ---------------------------------------------------------------------===//

void Simulation::orderBlocks() {
  uint32_t Count = B.blocks()->size();
  Rank.assign(Count, None);
  std::vector<std::pair<uint32_t, uint32_t>> Stack{{0, 0}};
  std::vector<bool> Seen(Count);
  std::vector<uint32_t> Post;
  Seen[0] = true;
  while (!Stack.empty()) {
    auto &[Block, Next] = Stack.back();
    const facts::Block *Blk = B.blocks()->Get(Block);
    if (Next == Blk->edge_count()) {
      Post.push_back(Block);
      Stack.pop_back();
      continue;
    }
    uint32_t To = B.edges()->Get(Blk->first_edge() + Next++)->to();
    if (!Seen[To]) {
      Seen[To] = true;
      Stack.push_back({To, 0});
    }
  }
  Order.assign(Post.rbegin(), Post.rend());
  for (uint32_t I = 0; I < Order.size(); ++I)
    Rank[Order[I]] = I;
}

void Simulation::arrive(uint32_t Block, State S) {
  auto &States = In[Block];
  for (State &Old : States)
    if (Old.sameKey(S)) {
      if (Old.merge(S))
        Visits[Rank[Block]] |= 0x80000000; // again
      return;
    }
  if (States.size() >= MostStates)
    return;
  States.push_back(std::move(S));
  Visits[Rank[Block]] |= 0x80000000;
}

void Simulation::walk() {
  if (!B.blocks()->size())
    return summarizeTrivially();
  orderBlocks();
  In.resize(B.blocks()->size());
  Visits.assign(Order.size(), 0);
  arrive(0, State());
  for (uint32_t I = 0; I < Order.size();) {
    if (!(Visits[I] & 0x80000000) || (Visits[I] & 0x7fffffff) >= MostVisits) {
      ++I;
      continue;
    }
    Visits[I] = (Visits[I] & 0x7fffffff) + 1;
    uint32_t Block = Order[I], Lowest = I + 1;
    const facts::Block *Blk = B.blocks()->Get(Block);
    llvm::SmallVector<State, 4> Now(In[Block].begin(), In[Block].end());
    for (uint32_t E = Blk->first_event(), End = E + Blk->event_count(); E < End; ++E) {
      llvm::SmallVector<State, 4> After;
      for (State &S : Now)
        for (State &Out : step(E, std::move(S))) {
          State *Same = llvm::find_if(After, [&](const State &X) { return X.sameKey(Out); });
          // Two outcomes of one call stay apart until the block ends: its condition is what tells them from each other.
          if (After.size() < 2 * MostStates)
            After.push_back(std::move(Out));
          else if (Same != After.end())
            Same->merge(Out);
        }
      Now = std::move(After);
    }
    for (State &S : Now) {
      if (!Blk->edge_count()) {
        leave(std::move(S));
        continue;
      }
      for (uint32_t X = Blk->first_edge(), End = X + Blk->edge_count(); X < End; ++X) {
        const facts::Edge *Edge = B.edges()->Get(X);
        State Next = S;
        if (Edge->guard() != None) {
          ExprId Condition = Logic.evaluate(Resolver.value(Edge->guard()), Next);
          if (!Logic.assume(Condition, Edge->truth(), Next))
            continue;
          noteMeaning(Condition, Next);
        }
        if (Rank[Edge->to()] <= I) {
          Logic.forgetMemory(Next);
          Lowest = std::min(Lowest, Rank[Edge->to()]);
        }
        arrive(Edge->to(), std::move(Next));
      }
    }
    I = Lowest;
  }
}

//===- Events ---------------------------------------------------------------------===//

llvm::SmallVector<State, 2> Simulation::step(uint32_t Event, State S) {
  const facts::Event &E = *B.events()->Get(Event);
  switch (E.kind()) {
  case EventKind::Assign: {
    ExprId Value = E.value() == None ? NoExpr : Logic.evaluate(Resolver.value(E.value()), S);
    Logic.write(Resolver.value(E.target()), Value, S);
    break;
  }
  case EventKind::Return:
    S.Returned = E.value() == None ? NoExpr : Logic.evaluate(Resolver.value(E.value()), S);
    break;
  case EventKind::Call:
  case EventKind::Destroy:
    return call(Event, std::move(S));
  case EventKind::Macro:
    if (const FunctionModel *M = P.Models->function(P.text(Fn.Unit, E.target()), "")) {
      Summary Of = summaryOf(P, None, *M);
      enter(Event, {None, Via::Direct, 0, nullptr}, Of, {}, NoExpr, S);
    }
    break;
  case EventKind::Assembly:
    break;
  }
  llvm::SmallVector<State, 2> One;
  One.push_back(std::move(S));
  return One;
}

llvm::SmallVector<State, 2> Simulation::call(uint32_t Event, State S) {
  const facts::Event &E = *B.events()->Get(Event);
  Logic.forgetResult(Event, S);
  llvm::SmallVector<State, 2> One;
  llvm::SmallVector<ExprId, 6> Arguments;
  for (uint32_t I = 0; I < E.argument_count(); ++I)
    Arguments.push_back(Logic.evaluate(Resolver.value(B.arguments()->Get(E.first_argument() + I)), S));
  ExprId This = E.object() == None ? NoExpr : Resolver.value(E.object());
  ExprId Place = P.Exprs.object(This);
  if (E.kind() == EventKind::Destroy && This && llvm::is_contained(S.Emptied, Place)) {
    One.push_back(std::move(S));
    return One;
  }
  if (This)
    llvm::erase(S.Emptied, Place);

  ExprId Callee = Logic.evaluate(Resolver.value(E.callee()), S);
  bool Dispatch = E.flags() & static_cast<uint32_t>(EventFlag::Dispatch);
  Resolution R = Resolver.resolve(Callee, Dispatch);
  if (R.Described) {
    Summary Of = summaryOf(P, *R.Described);
    enter(Event, {None, Via::Slot, 0, nullptr}, Of, Arguments, This, S);
    return leaveCallee(Event, Of, Arguments, This, std::move(S));
  }
  if (P.Exprs[P.Exprs.object(Callee)].Kind == K::Parameter && R.Callees.empty()) {
    EffectFact Fact = factHere(Event, Via::Argument, S); // the callers know what this is
    Fact.CallsParameter = true;
    Fact.Callee = Callee;
    deliver(std::move(Fact), S);
  } else if (R.IsUnknown && P.FollowUnknown) {
    EffectFact Fact = factHere(Event, Via::Slot, S);
    Fact.Kind = EffectKind::Unknown;
    deliver(std::move(Fact), S);
  }
  for (const fencelint::Callee &C : R.Callees)
    enter(Event, C, P.Functions[C.Function].Summary, Arguments, This, S);
  if (R.Callees.size() == 1) {
    const ProgramFunction &G = P.Functions[R.Callees[0].Function];
    if (P.Symbols[G.Symbol].is(facts::EntityFlag::MoveConstructor) && !Arguments.empty())
      S.Emptied.push_back(P.Exprs.object(Arguments[0]));
    if (G.Summary.Known)
      return leaveCallee(Event, G.Summary, Arguments, This, std::move(S));
    if (P.Symbols[G.Symbol].is(facts::EntityFlag::NoReturn))
      return One;
  }
  One.push_back(std::move(S));
  return One;
}

//===- What the callee does ---------------------------------------------------------===//

/// The guard in this function's terms; nothing when it cannot hold here. Flags that nobody knows are not guessed.
std::optional<Guard> Simulation::bind(const Guard &When, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S) {
  Guard Bound;
  for (const Atom &A : When) {
    ExprId Of = P.Exprs.substitute(A.Of, Arguments, This);
    if (Of != NoExpr)
      Of = Logic.evaluate(Of, S);
    Knowledge Is = Of == NoExpr ? Knowledge() : Logic.know(Of, S), Both = Is.meet(A.Is);
    if (!Both.Signs)
      return std::nullopt;
    if (Both == Is)
      continue;
    const Expr &E = P.Exprs[Of];
    if (E.UsesEntry && !E.Opaque)
      Bound.push_back({Of, A.Is});
    else if (P.Exprs.isMaskTest(A.Of))
      return std::nullopt;
  }
  return Bound;
}

void Simulation::enter(uint32_t Event, const Callee &C, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This,
                       const State &S) {
  if (!Of.Known) {
    if (P.FollowUnknown && C.Function != None && !P.Functions[C.Function].Body) {
      EffectFact Fact = factHere(Event, C.How, S);
      Fact.Kind = EffectKind::Unknown;
      Fact.Next = C.Function;
      Fact.NextEffect = None;
      deliver(std::move(Fact), S);
    }
    return;
  }
  bool Held = false; // somebody else's reference keeps the object alive
  for (ExprId A : Arguments)
    Held |= llvm::is_contained(S.Referenced, P.Exprs.object(A));
  Held |= This && llvm::is_contained(S.Referenced, P.Exprs.object(This));
  for (uint32_t I = 0, Count = Of.Effects.size(); I < Count; ++I) { // a recursive call appends while we read
    const EffectFact E = Of.Effects[I];
    if (E.Dead || (Held && E.OnLastReference))
      continue;
    if (E.Module && !P.areRelated(Fn.Module, E.Module))
      continue;
    if (C.Promised && !C.Promised->isNeutral() && !E.CallsParameter && isForbidden(E.Kind, *C.Promised))
      continue;
    std::optional<Guard> Bound = bind(E.When, Arguments, This, S);
    if (!Bound)
      continue;
    EffectFact Fact = factHere(Event, C.How, S);
    Fact.Kind = E.Kind;
    Fact.CallsParameter = E.CallsParameter;
    Fact.OnLastReference |= E.OnLastReference;
    Fact.NotIn |= E.NotIn;
    Fact.Sure = std::min(E.Sure, static_cast<uint8_t>(C.How == Via::Slot || C.How == Via::Virtual ? Confidence::Medium
                                                                                                  : Confidence::High));
    Fact.Module = moduleTag(E.Module ? E.Module : C.Module);
    Fact.Difference = S.Now.plus(E.Difference);
    Fact.Next = C.Function;
    Fact.NextEffect = I;
    Fact.Depth = E.Depth + 1;
    for (const Atom &A : *Bound)
      if (Fact.When.size() < 6 && !llvm::is_contained(Fact.When, A))
        Fact.When.push_back(A);
    llvm::sort(Fact.When, [](const Atom &A, const Atom &B) { return A.Of < B.Of; });
    if (E.CallsParameter)
      bindCallee(Event, E, std::move(Fact), Arguments, This, S);
    else
      deliver(std::move(Fact), S);
  }
}

/// The callee calls what it was given: here we may know what that is.
void Simulation::bindCallee(uint32_t Event, const EffectFact &E, EffectFact Fact, llvm::ArrayRef<ExprId> Arguments, ExprId This,
                            const State &S) {
  ExprId Callee = P.Exprs.substitute(E.Callee, Arguments, This);
  if (Callee == NoExpr)
    return;
  Callee = Logic.evaluate(Callee, S);
  Resolution R = Resolver.resolve(Callee, false);
  if (R.Callees.empty()) {
    if (P.Exprs[P.Exprs.object(Callee)].Kind == K::Parameter) {
      Fact.Callee = Callee;
      deliver(std::move(Fact), S);
    }
    return;
  }
  for (const fencelint::Callee &C : R.Callees) {
    const Summary &Of = P.Functions[C.Function].Summary;
    for (uint32_t I = 0, Count = Of.Effects.size(); I < Count; ++I) {
      const EffectFact Inner = Of.Effects[I];
      if (Inner.Dead || Inner.CallsParameter || (Inner.Module && !P.areRelated(Fn.Module, Inner.Module)))
        continue;
      std::optional<Guard> Bound = bind(Inner.When, {}, NoExpr, S);
      if (!Bound)
        continue;
      EffectFact Whole = Fact;
      Whole.CallsParameter = false;
      Whole.Callee = NoExpr;
      Whole.Kind = Inner.Kind;
      Whole.OnLastReference |= Inner.OnLastReference;
      Whole.NotIn |= Inner.NotIn;
      Whole.Sure = std::min(Fact.Sure, Inner.Sure);
      Whole.Difference = Fact.Difference.plus(Inner.Difference);
      Whole.Module = moduleTag(Inner.Module ? Inner.Module : C.Module);
      Whole.Given = C.Function;
      Whole.GivenEffect = I;
      Whole.Depth += Inner.Depth + 1;
      deliver(std::move(Whole), S);
    }
  }
}

/// Something happens at this event, in this state.
EffectFact Simulation::factHere(uint32_t Event, Via How, const State &S) const {
  EffectFact Fact;
  Fact.Event = Event;
  Fact.How = How;
  Fact.Difference = S.Now;
  Fact.When = Logic.guardOf(S);
  Fact.NotIn = S.NotIn;
  Fact.DropEvent = S.DropEvent;
  Fact.OnLastReference = S.DropEvent != None;
  return Fact;
}

/// Whoever calls into this module may get to what this module stored: no need to remember.
uint32_t Simulation::moduleTag(uint32_t Module) const { return Module == Fn.Module ? 0 : Module; }

/// The last part of the context taken here that still counts.
static HeldPart takenHere(const State &S) {
  for (size_t I = S.Held.size(); I-- > 0;)
    if (S.Held[I].By > 0 && S.Held[I].Lock != LockKind::None)
      return S.Held[I];
  for (size_t I = S.Held.size(); I-- > 0;)
    if (S.Held[I].By > 0)
      return S.Held[I];
  return {};
}

void Simulation::deliver(EffectFact Fact, const State &S) {
  Context Here = possible(Fact.Difference, Fact.NotIn);
  Fact.Entered = takenHere(S);
  bool OnFlags = llvm::any_of(Fact.When, [&](const Atom &A) { return P.Exprs.isMaskTest(A.Of); });
  if (!Fact.CallsParameter && isForbidden(Fact.Kind, Here)) {
    if (Fact.When.empty() || (!Fn.HasCallers && !OnFlags)) {
      violate(Fact, Here, S);
      return;
    }
  } else if (!Fact.CallsParameter) {
    if (Fact.Kind == EffectKind::SleepOutsideIrq && Fact.Difference[Part::BhOff] > 0)
      return; // it always defers here
    for (int8_t &Level : Fact.Difference.Levels)
      Level = std::min<int8_t>(Level, 0);
    Fact.Entered = {};
  }
  Fn.Summary.add(std::move(Fact));
}

void Simulation::violate(const EffectFact &Fact, const Context &Here, const State &S) {
  for (Violation &V : Fn.Violations)
    if (V.Event == Fact.Event && V.Effect.Kind == Fact.Kind && V.Effect.OnLastReference == Fact.OnLastReference &&
        V.Effect.Module == Fact.Module) {
      if (std::pair(Fact.Sure, -int(Fact.Depth)) > std::pair(V.Effect.Sure, -int(V.Effect.Depth)))
        V = {F, Fact.Event, Fact, Here, Fact.Entered, None};
      return;
    }
  Fn.Violations.push_back({F, Fact.Event, Fact, Here, Fact.Entered, None});
}

/// What is a violation here whatever the callers pass is not told to them again.
void Simulation::dropReported() {
  for (EffectFact &E : Fn.Summary.Effects)
    for (const Violation &V : Fn.Violations)
      if (E.Event == V.Event && E.Kind == V.Effect.Kind && E.OnLastReference == V.Effect.OnLastReference && !E.CallsParameter &&
          isForbidden(E.Kind, possible(E.Difference, E.NotIn)))
        E.Dead = true;
}

//===- What is true when the callee returns -------------------------------------------===//

void Simulation::noteObjects(const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S) {
  auto Object = [&](const Subject &On) {
    return On.What == Subject::This ? P.Exprs.object(This)
                                    : On.Index < Arguments.size() ? P.Exprs.object(Arguments[On.Index]) : NoExpr;
  };
  for (const Subject &On : Of.Empties)
    if (ExprId O = Object(On))
      S.Emptied.push_back(O);
  for (const Subject &On : Of.HoldsReference)
    if (ExprId O = Object(On))
      S.Referenced.push_back(O);
}

llvm::SmallVector<State, 2> Simulation::leaveCallee(uint32_t Event, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This,
                                                    State S) {
  noteObjects(Of, Arguments, This, S);
  ExprId Result = P.Exprs.make(K::Result, Event);
  llvm::SmallVector<State, 2> After;
  struct Undecided {
    size_t Index;
    bool GivesBack;
  };
  llvm::SmallVector<Undecided, 2> Guessed; // exits whose guard nothing here can decide
  for (const Exit &X : Of.Exits) {
    State Next = S;
    bool Feasible = true, Guess = false;
    for (const Atom &A : X.When) {
      ExprId On = P.Exprs.substitute(A.Of, Arguments, This);
      Knowledge Before = On == NoExpr ? Knowledge() : Logic.know(On = Logic.evaluate(On, Next), Next);
      if (On != NoExpr && !Logic.learn(On, A.Is, Next)) {
        Feasible = false;
        break;
      }
      Guess |= On == NoExpr || (P.Exprs[On].Opaque && Before.meet(A.Is) != Before);
    }
    if (!Feasible)
      continue;
    if (ExprId Is = X.ResultIs ? P.Exprs.substitute(X.ResultIs, Arguments, This) : NoExpr)
      Logic.remember(Result, Logic.evaluate(Is, Next), Next);
    else if (!X.Result.isNothing())
      Logic.learn(Result, X.Result, Next);
    for (HeldPart Change : X.Changes) {
      Change.Of = Change.Of ? P.Exprs.substitute(Change.Of, Arguments, This) : NoExpr;
      Change.Event = Event;
      Logic.change(Change, Next);
    }
    Next.NotIn |= X.NotIn;
    if (Guess)
      Guessed.push_back({After.size(), llvm::any_of(X.Changes, [](const HeldPart &H) { return H.By < 0; })});
    After.push_back(std::move(Next));
  }
  // "Gives the lock back if there is one" (a guard's destructor): there is one, where nothing says otherwise.
  if (Guessed.size() == After.size() && After.size() > 1)
    for (const Undecided &U : Guessed)
      if (U.GivesBack) {
        State Kept = std::move(After[U.Index]);
        After.clear();
        After.push_back(std::move(Kept));
        break;
      }
  return After;
}

/// The description behind a call's result, when that result has a meaning.
const Summary *Simulation::meaningOf(ExprId Result) const {
  const Expr &E = P.Exprs[Result];
  if (E.Kind != K::Result)
    return nullptr;
  const Expr &Callee = P.Exprs[Resolver.value(B.events()->Get(E.A)->callee())];
  if (Callee.Kind != K::Function || P.Symbols[Callee.A].Function == None)
    return nullptr;
  const Summary &S = P.Functions[P.Symbols[Callee.A].Function].Summary;
  return S.CountsDown || !S.Answers.empty() ? &S : nullptr;
}

/// After a test: did it tell that the last reference went, or where we run?
void Simulation::noteMeaning(ExprId Condition, State &S) {
  const Expr E = P.Exprs[Condition];
  switch (E.Kind) {
  case K::Not:
    return noteMeaning(E.A, S);
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    noteMeaning(E.A, S);
    return noteMeaning(E.B, S);
  case K::BitAnd:
  case K::Result:
    break;
  default:
    return;
  }
  ExprId Result = E.Kind == K::BitAnd ? E.A : Condition;
  const Summary *Means = meaningOf(Result);
  if (!Means)
    return;
  Knowledge Is = Logic.know(Condition, S);
  if (Means->CountsDown && E.Kind == K::Result && Is.meet(Means->Last) == Is)
    S.DropEvent = P.Exprs[Result].A;
  int64_t Tested = E.Kind == K::BitAnd && P.Exprs[E.B].Kind == K::Constant ? P.Exprs[E.B].Number : -1;
  if (Is.isTrue() || Is.isFalse())
    for (const Answer &A : Means->Answers)
      if (!A.Mask || (A.Mask & Tested) == A.Mask)
        S.NotIn |= excludedBy(A.Asked, Is.isTrue());
}

void Simulation::leave(State S) {
  // A result that has a meaning is two exits, so that a wrapper of the question is the question.
  ExprId Asked = S.Returned;
  if (const Expr &E = P.Exprs[Asked]; E.Kind == K::BitAnd || E.Kind == K::Result) {
    const Summary *Means = meaningOf(E.Kind == K::BitAnd ? E.A : Asked);
    if (Means && Means->CountsDown) {
      Fn.Summary.CountsDown = true;
      Fn.Summary.Last = Means->Last;
    }
    if (Means && !Means->Answers.empty())
      for (bool Truth : {true, false}) {
        State Half = S;
        if (!Logic.assume(Asked, Truth, Half))
          continue;
        noteMeaning(Asked, Half);
        Half.Returned = P.Exprs.constant(Truth);
        leave(std::move(Half));
      }
    if (Means && !Means->Answers.empty())
      return;
  }
  Exit X;
  X.When = Logic.guardOf(S);
  X.Result = S.Returned ? Logic.know(S.Returned, S) : Knowledge();
  X.ResultIs = S.Returned && !P.Exprs[S.Returned].Opaque ? S.Returned : NoExpr;
  X.NotIn = S.NotIn;
  for (HeldPart H : S.Held) {
    H.Of = P.Exprs[H.Of].Opaque ? NoExpr : H.Of;
    X.Changes.push_back(H);
  }
  Exits.push_back(std::move(X));
}

void Simulation::finishExits() {
  auto Finished = mergeExits(std::move(Exits));
  if (Finished.size() != Fn.Summary.Exits.size())
    Grew = true;
  Fn.Summary.Exits = std::move(Finished);
}

bool fencelint::simulate(Program &P, FunctionId F) { return Simulation(P, F).run(); }
