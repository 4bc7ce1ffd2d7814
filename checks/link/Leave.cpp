//===- Leave.cpp - what is true when a function returns -------------------------------------===//
//
// Both sides of a return: at a call, the callee's exits become the caller's states; at the end of a body, its states become exits. In between, a
// tested result may have a meaning: the last reference went, or we are in an interrupt.
//
//===---------------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"
#include "checks/link/Active.h"
#include "checks/link/Solver.h"

using namespace fencelint;
using K = facts::ValueKind;

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

/// How the callee came to each result, in terms of this function; false when it cannot have come to any.
bool Simulation::noteWays(ExprId Result, llvm::ArrayRef<Way> Each, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S) {
  Ways Here;
  Here.Of = Result;
  for (const Way &W : Each) {
    Way Bound{W.Is, {}};
    bool Feasible = true;
    for (const Atom &A : W.Then) {
      ExprId On = P.Exprs.substitute(A.Of, Arguments, This);
      if (On == NoExpr)
        continue;
      On = Logic.evaluate(On, S);
      Knowledge Before = Logic.know(On, S), Both = Before.meet(A.Is);
      Feasible &= Both.Signs != 0;
      if (Both != Before)
        Bound.Then.push_back({On, A.Is, A.Flags, A.Inferred});
    }
    if (Feasible)
      addWay(Here.Each, std::move(Bound));
  }
  if (Here.Each.empty())
    return Each.empty();
  Knowledge Any = Here.any();
  if (areWorthKeeping(Here.Each))
    S.Met.push_back(std::move(Here));
  else if (Here.Each.size() == 1)
    for (const Atom &A : Here.Each.front().Then)
      if (!Logic.learn(A.Of, A.Is, S, /*Inferred=*/true))
        return false;
  return Logic.learn(Result, Any, S);
}

llvm::SmallVector<State, 2> Simulation::leaveCallee(uint32_t Event, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This,
                                                    State S) {
  llvm::SmallVector<ExprId, 6> Values = evaluated(Arguments, S);
  noteObjects(Of, Values, This, S);
  ExprId Result = P.Exprs.make(K::Result, Event);
  llvm::SmallVector<State, 2> After;
  struct Undecided {
    size_t Index;
    bool GivesBack;
  };
  llvm::SmallVector<Undecided, 2> Guessed; // exits whose guard nothing here can decide
  bool IsNotLast = Of.CountsDown && S.Objects.contains(countedDown(Event, Of, S));
  for (const Exit &X : Of.Exits) {
    if (!canBeIn(X.NotIn, S.Now)) // it asked, and we are there
      continue;
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
    forgetGivenAway(*B.events()->Get(Event), Next); // what it was called with; what it returns and stores is so afterwards
    ExprId Is = X.ResultIs ? P.Exprs.substitute(X.ResultIs, Arguments, This) : NoExpr;
    if (Is != NoExpr) // in terms of what was there when it was called
      Is = Logic.evaluate(Is, Next);
    overwrite(X, Arguments, This, Next);
    if (Is != NoExpr)
      Logic.remember(Result, Is, Next);
    if (Is == NoExpr && !noteWays(Result, X.Ways, Arguments, This, Next))
      continue;
    if (!X.Result.isNothing() && !Logic.learn(Is == NoExpr ? Result : Is, X.Result, Next))
      continue;
    if (IsNotLast && !Of.Last.Exact && !Logic.learn(Is == NoExpr ? Result : Is, Knowledge::signs(Knowledge::Anything ^ Of.Last.Signs), Next))
      continue;
    store(X, Event, Arguments, This, S, Next);
    for (HeldPart Change : X.Changes) {
      Change.Of = Change.Of ? P.Exprs.substitute(Change.Of, Values, This) : NoExpr;
      Change.Event = Event;
      if (const Expr Lock = P.Exprs[P.Exprs.object(Change.Of)]; Lock.Kind == K::Field)
        Change.In = Logic.evaluate(Lock.A, S);
      Logic.change(Change, Next);
    }
    Next.Devices.add(X.Devices, [&](ExprId Device) { return deviceHere(Device, Arguments, This, S); });
    Next.Objects.add(X.Objects, [&](ExprId Counter) { return counterHere(Counter, Arguments, This, S); });
    Next.NotIn |= X.NotIn;
    Next.Warned |= X.Warned;
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

/// `if (strcmp(a, b)) ...; if (strcmp(a, b))`: the second is the first's answer. Arguments are compared as written, so that every
/// iteration of a loop asks the same.
void Simulation::noteRepeated(uint32_t Event, FunctionId Function, State &S) {
  llvm::SmallVector<ExprId, 6> Arguments = Resolver.arguments(*B.events()->Get(Event));
  ExprId Result = P.Exprs.make(K::Result, Event);
  for (const auto &Before : S.Asked)
    if (Before.Function == Function && llvm::equal(Before.Arguments, Arguments))
      return Logic.remember(Result, Before.Result, S);
  S.Asked.push_back({Function, std::move(Arguments), Result});
}

/// The description behind a call's result, when that result has a meaning.
const Summary *Simulation::meaningOf(ExprId Result) const {
  FunctionId G = Resolver.resultOf(Result);
  if (G == None)
    return nullptr;
  const Summary &S = P.Functions[G].Summary;
  return S.CountsDown || !S.Answers.empty() ? &S : nullptr;
}

/// The counter of a call that counts down.
ExprId Simulation::countedDown(uint32_t Event, const Summary &Of, const State &S) const {
  const facts::Event &Call = *B.events()->Get(Event);
  return Of.Counter ? counterHere(Of.Counter, Resolver.arguments(Call), Resolver.object(Call), S) : NoExpr;
}

/// After a test: did it tell that the last reference went, or where we run? False when we do not run where it says.
bool Simulation::noteMeaning(ExprId Condition, State &S) const {
  if (ExprId Before = P.Exprs.beforeCleared(Condition); Before != Condition) // a `no` may be that of the way that cleared it
    return !Logic.know(Condition, S).isTrue() || noteMeaning(Before, S);
  const Expr E = P.Exprs[Condition];
  switch (E.Kind) {
  case K::Not:
    return noteMeaning(E.A, S);
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    return noteMeaning(E.A, S) && noteMeaning(E.B, S);
  case K::Choose: // `a || b` that is known to be false
    return noteMeaning(static_cast<ExprId>(E.Number), S) && noteMeaning(E.A, S) && noteMeaning(E.B, S);
  case K::BitAnd:
  case K::Result:
    break;
  default:
    return true;
  }
  ExprId Result = E.Kind == K::BitAnd ? E.A : Condition;
  const Summary *Means = meaningOf(Result);
  if (!Means)
    return true;
  Knowledge Is = Logic.know(Condition, S);
  if (Means->CountsDown && E.Kind == K::Result && Is.meet(Means->Last) == Is)
    S.Dropped = countedDown(S.DropEvent = P.Exprs[Result].A, *Means, S);
  if (!Is.isTrue() && !Is.isFalse())
    return true;
  int64_t Tested = E.Kind == K::BitAnd && P.Exprs[E.B].Kind == K::Constant ? P.Exprs[E.B].Number : -1;
  uint8_t Ruled = 0;
  for (const Answer &A : Means->Answers)
    if (A.Mask ? (A.Mask & Tested) == A.Mask : Tested == -1)
      Ruled |= excludedBy(A.Asked, Is.isTrue());
  if (!canBeIn(Ruled, S.Now))
    return false;
  S.NotIn |= Ruled;
  return true;
}

/// Whether a condition asks nothing but where we run.
bool Simulation::asksWhere(ExprId Condition) const {
  const Expr E = P.Exprs[Condition];
  switch (E.Kind) {
  case K::Constant:
    return true;
  case K::Not:
    return asksWhere(E.A);
  case K::Equal:
    return asksWhere(E.A) && asksWhere(E.B);
  case K::Choose:
    return asksWhere(static_cast<ExprId>(E.Number)) && asksWhere(E.A) && asksWhere(E.B);
  case K::BitAnd:
  case K::Result: {
    const Summary *Means = meaningOf(E.Kind == K::BitAnd ? E.A : Condition);
    return Means && !Means->Answers.empty();
  }
  default:
    return false;
  }
}

/// The ways to what is returned, as far as arguments decide them: of what memory held on the way callers know nothing.
void Simulation::noteWaysTo(Exit &X, const State &S) const {
  if (!S.Returned)
    return;
  auto Add = [&](const Knowledge &Is, llvm::ArrayRef<Atom> Then) {
    Way W{Is, {}};
    for (const Atom &A : Logic.tellable(Then))
      if (!Logic.mentionsMemory(A.Of))
        W.Then.push_back(A);
    addWay(X.Ways, std::move(W));
  };
  auto Met = llvm::find_if(S.Met, [&](const Ways &W) { return W.Of == S.Returned; });
  if (Met == S.Met.end())
    return Add(X.Result, X.When);
  for (const Way &W : Met->Each) {
    llvm::SmallVector<Atom, 8> All(S.Facts);
    llvm::append_range(All, W.Then);
    Add(W.Is, All);
  }
}

/// A question about the pointer itself, not about what is behind it.
static bool asksAbout(const ExprTable &Exprs, ExprId Question, ExprId Pointer) {
  if (Question == Pointer)
    return true;
  const Expr &E = Exprs[Question];
  switch (E.Kind) {
  case K::Not:
    return asksAbout(Exprs, E.A, Pointer);
  case K::Choose:
    return asksAbout(Exprs, E.A, Pointer) || asksAbout(Exprs, E.B, Pointer) || asksAbout(Exprs, static_cast<ExprId>(E.Number), Pointer);
  case K::BitAnd:
  case K::BitOr:
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    return asksAbout(Exprs, E.A, Pointer) || asksAbout(Exprs, E.B, Pointer);
  default:
    return false;
  }
}

/// Some branch asks whether it is NULL, as a loop does that goes through a list.
bool Simulation::isTested(ExprId Pointer) {
  return llvm::any_of(*B.edges(), [&](const facts::Edge *E) {
    return E->guard() != None && asksAbout(P.Exprs, behindResults(Resolver.value(E->guard())), Pointer);
  });
}

void Simulation::leave(State S) {
  // A result that has a meaning is two exits, so that a wrapper of the question is the question.
  ExprId Asked = S.Returned;
  if (const Expr &E = P.Exprs[Asked]; (E.Kind == K::BitAnd && P.Exprs.beforeCleared(Asked) == Asked) || E.Kind == K::Result) {
    const Summary *Means = meaningOf(E.Kind == K::BitAnd ? E.A : Asked);
    if (Means && Means->CountsDown && !Fn.Audited) {
      Fn.Summary.CountsDown = true;
      Fn.Summary.Last = Means->Last;
      Fn.Summary.Counter = countedDown(P.Exprs[Asked].A, *Means, S);
      if (P.Exprs[Fn.Summary.Counter].Opaque)
        Fn.Summary.Counter = NoExpr;
    }
    if (Means && !Means->Answers.empty())
      for (bool Truth : {true, false}) {
        State Half = S;
        if (!Logic.assume(Asked, Truth, Half))
          continue;
        if (!noteMeaning(Asked, Half))
          continue;
        Half.Returned = P.Exprs.constant(Truth);
        leave(std::move(Half));
      }
    if (Means && !Means->Answers.empty())
      return;
  }
  Exit X;
  X.When = Logic.guardOf(S);
  X.Result = S.Returned ? Logic.know(S.Returned, S) : Knowledge();
  if (S.Returned && Resolver.isFollowed(S.Returned) && !isTested(S.Returned))
    X.Result = X.Result.meet(Knowledge::signs(Knowledge::NotZero));
  noteWaysTo(X, S);
  X.ResultIs = S.Returned && !P.Exprs[S.Returned].Opaque ? S.Returned : NoExpr;
  X.NotIn = S.NotIn;
  X.Warned = S.Warned;
  noteStores(X, S);
  noteOverwritten(X, S);
  for (HeldPart H : S.Held) {
    H.Of = P.Exprs[H.Of].Opaque ? NoExpr : H.Of;
    H.In = NoExpr;
    X.Changes.push_back(H);
  }
  X.Devices = std::move(S.Devices);
  X.Objects = std::move(S.Objects);
  for (References *Some : {&X.Devices, &X.Objects})
    Some->forget([&](ExprId Of) { return P.Exprs[Of].Opaque; });
  Exits.push_back(std::move(X));
}

void Simulation::finishExits() {
  auto Finished = mergeExits(std::move(Exits), P.Exprs);
  if (Fn.Audited) { // it has the one of a function that does nothing
    for (const Exit &X : Finished)
      Fn.HidesContext |= !X.Changes.empty();
    return;
  }
  if (!(Finished == Fn.Summary.Exits))
    Grew = true;
  Fn.Summary.Exits = std::move(Finished);
}
