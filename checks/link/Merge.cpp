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
    if ((E.Kind != K::Equal && E.Kind != K::Less) || Exprs[E.B].Kind != K::Constant ||
        llvm::any_of(Other.Facts, [&](const Atom &B) { return B.Of == A.Of; }) || llvm::none_of(Other.Facts, [&](const Atom &B) { return Exprs.contains(B.Of, E.A); }))
      continue;
    if (Knowledge There = Logic.know(A.Of, Other); !There.isNothing() && There.meet(A.Is) == There)
      Told.push_back({A.Of, A.Is, false, true});
  }
  return Told;
}

bool State::merge(const State &O, ExprTable &Exprs) {
  llvm::SmallVector<Atom, 1> Implied = alsoTold(*this, O, Exprs);
  Implied.append(alsoTold(O, *this, Exprs));
  llvm::SmallVector<Ways, 0> Together = waysThatMeet(*this, O, Exprs);
  bool Changed = Together != Met;
  Met = std::move(Together);
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
  llvm::erase_if(Places, [&](auto &Pair) {
    auto Other = llvm::find_if(O.Places, [&](const auto &X) { return X.first == Pair.first; });
    ExprId Both = Other == O.Places.end() ? NoExpr : either(Pair.second, Other->second, Exprs);
    Changed |= Both != Pair.second;
    Pair.second = Both;
    return Both == NoExpr;
  });
  llvm::erase_if(Emptied, [&](ExprId E) { return !llvm::is_contained(O.Emptied, E) && (Changed = true); });
  llvm::erase_if(Asked, [&](const auto &A) { return !llvm::is_contained(O.Asked, A) && (Changed = true); });
  llvm::erase_if(Referenced, [&](ExprId E) { return !llvm::is_contained(O.Referenced, E) && (Changed = true); });
  Changed |= Devices.merge(O.Devices);
  Changed |= Objects.merge(O.Objects);
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
