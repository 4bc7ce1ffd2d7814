//===- Merge.cpp - two paths with one context meet -----------------------------===//
//
// What both know is kept. A flag is worth more than that: many functions clear the one that they were given before they look at it, and where it is
// set afterwards it was set before, so the caller's value still decides. Others set one more bit on one of the ways: of all other bits nothing is forgotten.
//
//===----------------------------------------------------------------------------===//
#include "checks/link/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

ExprId fencelint::either(ExprId A, ExprId B, ExprTable &Exprs) {
  if (A == B)
    return A;
  for (auto [Value, Other] : {std::pair(A, B), std::pair(B, A)}) {
    ExprId Before = Exprs.beforeCleared(Value);
    bool IsZero = Exprs[Other].Kind == K::Constant && Exprs[Other].Number == 0;
    if (Before != Value ? IsZero || Other == Before : IsZero && Exprs[Value].Kind != K::Constant)
      return Exprs.maybeCleared(Before);
    if (Exprs.isMaybe(Value, Other))
      return Value;
    if (const Expr &E = Exprs[Value]; E.Kind == K::BitOr && E.A == Other && Exprs[E.B].Kind == K::Constant)
      return Exprs.maybe(Value, Other);
  }
  return NoExpr;
}

namespace {
/// A test that was answered with yes on one way and with no on the other.
struct Divide {
  ExprId Test = NoExpr;
  bool Answer = false; ///< on the first way
};
} // namespace

/// The newest test that tells the ways apart.
static Divide dividing(const State &A, const State &B, ExprTable &Exprs) {
  StateLogic Logic(Exprs);
  for (const Atom &X : llvm::reverse(A.Facts))
    if (Knowledge There = Logic.know(X.Of, B); X.Is.isTrue() ? There.isFalse() : X.Is.isFalse() && There.isTrue())
      return {X.Of, X.Is.isTrue()};
  return {};
}

/// A parameter that was given a number on one of the ways: a caller who passes a number still knows that it is one of two.
static ExprId choice(ExprId InA, ExprId InB, const State &A, const State &B, ExprTable &Exprs) {
  for (auto [Value, Other, There] : {std::tuple(InA, InB, &B), std::tuple(InB, InA, &A)})
    if (const Expr E = Exprs[Value]; E.Kind == K::Choose && (E.A == Other || E.B == Other)) {
      Knowledge Chosen = StateLogic(Exprs).know(static_cast<ExprId>(E.Number), *There);
      bool IsChosen = (Chosen.isTrue() && E.A == Other) || (Chosen.isFalse() && E.B == Other);
      return IsChosen ? Value : NoExpr;
    }
  auto IsCallers = [&](ExprId X) { return Exprs[X].UsesEntry && !Exprs[X].Opaque && Exprs[X].Kind != K::Choose; };
  bool IsOne = Exprs[InA].Kind == K::Constant ? IsCallers(InB) : IsCallers(InA) && Exprs[InB].Kind == K::Constant;
  if (!IsOne)
    return NoExpr;
  Divide By = dividing(A, B, Exprs);
  if (!By.Test)
    return NoExpr;
  return By.Answer ? Exprs.make(K::Choose, InA, InB, By.Test) : Exprs.make(K::Choose, InB, InA, By.Test);
}

/// `if (a || b)`: on one way a is true, on the other it is not, but b is. Nothing else tells them apart.
static std::optional<Atom> oneOfTwo(const State &A, const State &B, ExprTable &Exprs) {
  StateLogic Logic(Exprs);
  Divide By = dividing(A, B, Exprs);
  if (!By.Test)
    return std::nullopt;
  auto AddsTo = [&](const State &Other) {
    return [&](const Atom &X) { return !Exprs.contains(By.Test, X.Of) && !X.Is.isNothing() && Logic.know(X.Of, Other).meet(X.Is) != Logic.know(X.Of, Other); };
  };
  if (llvm::any_of(A.Facts, AddsTo(B)) || llvm::count_if(B.Facts, AddsTo(A)) != 1)
    return std::nullopt;
  Atom Also = *llvm::find_if(B.Facts, AddsTo(A));
  if (!Also.Is.isTrue() && !Also.Is.isFalse())
    return std::nullopt;
  ExprId Second = Also.Is.isTrue() ? Also.Of : Exprs.make(K::Not, Also.Of), Yes = Exprs.constant(1);
  ExprId Either = By.Answer ? Exprs.make(K::Choose, Yes, Second, By.Test) : Exprs.make(K::Choose, Second, Yes, By.Test);
  return Exprs[Either].Kind == K::Choose ? std::optional(Atom{Either, Knowledge::truth(true)}) : std::nullopt;
}

/// `if (x & 1 || x & 2)`: both ways know that x has one of the bits 3.
static llvm::SmallVector<Atom, 1> eitherBits(llvm::ArrayRef<Atom> As, llvm::ArrayRef<Atom> Bs, ExprTable &Exprs) {
  llvm::SmallVector<Atom, 1> Either;
  auto HasBits = [&](const Atom &X) { return Exprs[X.Of].Kind == K::BitAnd && Exprs[Exprs[X.Of].B].Kind == K::Constant && X.Is.isTrue(); };
  for (const Atom &A : As)
    if (HasBits(A) && llvm::none_of(Bs, [&](const Atom &B) { return B.Of == A.Of && B.Is.isTrue(); }))
      for (const Atom &B : Bs) {
        ExprId X = Exprs[A.Of].A;
        if (!HasBits(B) || Exprs[B.Of].A != X)
          continue;
        ExprId Both = Exprs.make(K::BitAnd, X, Exprs.constant(Exprs[Exprs[A.Of].B].Number | Exprs[Exprs[B.Of].B].Number));
        Either.push_back({Both, Knowledge::truth(true), false, A.Inferred || B.Inferred});
        break;
      }
  return Either;
}

/// What From knows of a comparison with a number and Other can tell as well, though not in these words: `x == 1` there is `x != 2`.
static llvm::SmallVector<Atom, 1> alsoTold(const State &From, const State &Other, ExprTable &Exprs) {
  llvm::SmallVector<Atom, 1> Told;
  StateLogic Logic(Exprs);
  for (const Atom &A : From.Facts) {
    const Expr E = Exprs[A.Of];
    bool IsComparison = (E.Kind == K::Equal || E.Kind == K::Less) && Exprs[E.B].Kind == K::Constant;
    if ((!IsComparison && E.Kind != K::Choose) || llvm::any_of(Other.Facts, [&](const Atom &B) { return B.Of == A.Of; }) ||
        (IsComparison && llvm::none_of(Other.Facts, [&](const Atom &B) { return Exprs.contains(B.Of, E.A); })))
      continue;
    if (Knowledge There = Logic.know(A.Of, Other); !There.isNothing() && There.meet(A.Is) == There)
      Told.push_back({A.Of, A.Is, false, true});
  }
  return Told;
}

/// What is held, as the number that it is known to be where the other way holds a number: a tested NULL is the NULL that is assigned there.
static ExprId asNumber(ExprId Held, const State &S, ExprId Other, ExprTable &Exprs) {
  if (Held == Other || Exprs[Other].Kind != K::Constant)
    return Held;
  Knowledge Is = StateLogic(Exprs).know(Held, S);
  return Is.Exact ? Exprs.constant(Is.Number) : Held;
}

/// Where a pointer is NULL, a reference of what it points to is as good as taken: `if (p) get(p); ... if (p) put(p);`.
static void takeOfNull(References &Into, const State &Where, const References &Other, ExprTable &Exprs) {
  StateLogic Logic(Exprs);
  for (ExprId Counter : Other.Taken)
    if (Exprs[Counter].Kind == K::Field && llvm::count(Into.Taken, Counter) < llvm::count(Other.Taken, Counter) &&
        Logic.know(Exprs.wholeOf(Exprs[Counter].A), Where).isFalse())
      Into.take(Counter);
}

bool State::mergePlaces(const State &O, llvm::SmallVectorImpl<Atom> &Known, ExprTable &Exprs) {
  StateLogic Logic(Exprs);
  for (auto [Place, Value] : O.Places) // what was not written here is as it was
    if (Exprs.isCallersField(Place) && llvm::none_of(Places, [&](const auto &X) { return X.first == Place; }))
      Places.push_back({Place, Place});
  bool Changed = false;
  llvm::erase_if(Places, [&](auto &Pair) {
    auto [Place, Value] = Pair;
    auto Found = llvm::find_if(O.Places, [&](const auto &X) { return X.first == Place; });
    bool IsCallers = Exprs.isCallersField(Place);
    ExprId Other = Found != O.Places.end() ? Found->second : IsCallers ? Place : NoExpr;
    ExprId Both = NoExpr;
    if (Other != NoExpr) {
      ExprId Here = asNumber(Value, *this, Other, Exprs), There = asNumber(Other, O, Value, Exprs);
      Both = either(Here, There, Exprs);
      if (!Both)
        Both = choice(Here, There, *this, O, Exprs);
    }
    if (!Both && IsCallers) {
      Both = Exprs.now(Place);
      if (Knowledge Is = Logic.know(Value, *this).join(Logic.know(Other, O)); !Is.isNothing())
        Known.push_back({Both, Is, false, true});
    }
    Changed |= Both != Value;
    Pair.second = Both;
    return Both == NoExpr;
  });
  return Changed;
}

bool State::merge(const State &O, ExprTable &Exprs) {
  if (O.Denied && !Denied)
    return false;
  if (Denied && !O.Denied) {
    *this = O;
    return true;
  }
  References Theirs = O.Objects;
  takeOfNull(Theirs, O, Objects, Exprs);
  takeOfNull(Objects, *this, O.Objects, Exprs);
  llvm::SmallVector<Atom, 1> Implied = alsoTold(*this, O, Exprs);
  Implied.append(alsoTold(O, *this, Exprs));
  if (std::optional<Atom> Either = oneOfTwo(*this, O, Exprs); Either || (Either = oneOfTwo(O, *this, Exprs)))
    Implied.push_back(*Either);
  llvm::SmallVector<Ways, 0> Together = waysThatMeet(*this, O, Exprs);
  bool Changed = Together != Met || (Warned && !O.Warned);
  Warned &= O.Warned;
  Met = std::move(Together);
  Changed |= mergePlaces(O, Implied, Exprs);
  llvm::SmallVector<Atom, 1> Either = eitherBits(Facts, O.Facts, Exprs);
  auto SaysEither = [&](const Atom &A) {
    auto Says = [&](const Atom &E) { return E.Of == A.Of && E.Is == A.Is; };
    return (A.Is.isTrue() && llvm::any_of(Either, [&](const Atom &E) { return E.Of == A.Of; })) || llvm::any_of(Implied, Says);
  };
  llvm::erase_if(Facts, [&](Atom &A) {
    const Atom *B = llvm::find_if(O.Facts, [&](const Atom &X) { return X.Of == A.Of; });
    if (B == O.Facts.end())
      return !SaysEither(A) && (Changed = true);
    Knowledge Both = A.Is.join(B->Is);
    if (Both == A.Is)
      return false;
    Changed = true;
    A.Is = Both;
    return Both.isNothing();
  });
  Either.append(Implied);
  for (const Atom &E : Either)
    if (llvm::none_of(Facts, [&](const Atom &A) { return A.Of == E.Of; }))
      Facts.push_back(E);
  for (size_t I = 0; I < Held.size(); ++I)
    if (Held[I].In != NoExpr && (I >= O.Held.size() || O.Held[I].In != Held[I].In)) {
      Held[I].In = NoExpr;
      Changed = true;
    }
  llvm::erase_if(Emptied, [&](ExprId E) { return !llvm::is_contained(O.Emptied, E) && (Changed = true); });
  llvm::erase_if(Asked, [&](const auto &A) { return !llvm::is_contained(O.Asked, A) && (Changed = true); });
  llvm::erase_if(Referenced, [&](ExprId E) { return !llvm::is_contained(O.Referenced, E) && (Changed = true); });
  Changed |= Devices.merge(O.Devices);
  Changed |= Objects.merge(Theirs);
  if (DropEvent != O.DropEvent && DropEvent != None) {
    DropEvent = None;
    Dropped = NoExpr;
    Changed = true;
  }
  if (Dropped != O.Dropped && Dropped != NoExpr) { // one event, of one object or another
    Dropped = NoExpr;
    Changed = true;
  }
  if (Returned != O.Returned && Returned != NoExpr) {
    Returned = NoExpr;
    Changed = true;
  }
  return Changed;
}
