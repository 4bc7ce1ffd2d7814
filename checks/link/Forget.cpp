//===- Forget.cpp - what is not known any more --------------------------------===//
//
// Knowledge outlives what it was about: a call may have written what it was given, a round of a loop asks the same call again. What a loop's next round
// forgets of memory is said in Loops.cpp.
//
//===------------------------------------------------------------------------===//
#include "checks/link/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

/// A pointer that may be another one now is not known to lead to what is locked.
void StateLogic::forgetLocked(State &S, llvm::function_ref<bool(ExprId)> Stale) {
  for (HeldPart &H : S.Held)
    if (H.In != NoExpr && Stale(H.In))
      H.In = NoExpr;
}

void StateLogic::forgetResult(uint32_t Event, State &S) const {
  ExprId R = Exprs.make(K::Result, Event);
  auto Stale = [&](ExprId E) { return Exprs[E].Opaque && Exprs.contains(E, R); };
  llvm::erase_if(S.Facts, [&](const Atom &A) { return Stale(A.Of); });
  forgetLocked(S, Stale);
  forgetWays(S, Stale);
  llvm::erase_if(S.Places, [&](const auto &Pair) { return Stale(Pair.first) || Stale(Pair.second); });
  S.Objects.forget(Stale);
  llvm::erase_if(S.Asked, [&](const auto &A) { return A.Result == R || llvm::any_of(A.Arguments, Stale); });
  if (S.DropEvent == Event) {
    S.DropEvent = None;
    S.Dropped = NoExpr;
  }
}

void StateLogic::forgetContent(ExprId Place, State &S) const {
  if (Exprs.isCallersField(Place))
    return write(Place, NoExpr, S);
  ExprId Address = Exprs.make(K::AddressOf, Place); // which stays what it is
  auto Stale = [&](ExprId E) { return Exprs.contains(E, Place) && !Exprs.contains(E, Address); };
  llvm::erase_if(S.Facts, [&](const Atom &A) { return Stale(A.Of); });
  llvm::erase_if(S.Places, [&](const auto &Pair) { return Stale(Pair.first) || Stale(Pair.second); });
  llvm::erase_if(S.Asked, [&](const auto &A) { return Stale(A.Result) || llvm::any_of(A.Arguments, Stale); });
  forgetLocked(S, Stale);
  forgetWays(S, Stale);
}

void StateLogic::forgetBehind(ExprId Pointer, bool Fields, State &S) const {
  if (Pointer == NoExpr || Exprs[Pointer].Kind == K::Constant || Exprs[Pointer].Kind == K::Function)
    return;
  ExprId Object = Exprs.object(Pointer);
  auto IsBehind = [&](ExprId Part) {
    const Expr &E = Exprs[Part];
    return E.Kind == K::Dereference ? Exprs.contains(E.A, Pointer)
           : E.Kind == K::Element   ? Exprs.contains(E.A, Object)
                                    : Fields && E.Kind == K::Field && E.A == Object;
  };
  auto Stale = [&](ExprId E) { return Exprs.anyPart(E, IsBehind); };
  llvm::erase_if(S.Facts, [&](const Atom &A) { return Stale(A.Of); });
  llvm::erase_if(S.Places, [&](const auto &Pair) { return Stale(Pair.first) || Stale(Pair.second); });
  forgetWays(S, Stale);
}

void StateLogic::forgetLocal(ExprId Local, State &S) const {
  bool IsKnown = llvm::any_of(S.Places, [&](const auto &X) { return X.first == Local; }) ||
                 llvm::any_of(S.Facts, [&](const Atom &X) { return X.Of == Local; }) ||
                 llvm::any_of(S.Met, [&](const Ways &X) { return X.Of == Local; }) ||
                 llvm::any_of(S.Held, [&](const HeldPart &H) { return H.In != NoExpr && Exprs.contains(H.In, Local); }) ||
                 llvm::any_of(S.Objects.Taken, [&](ExprId Of) { return Exprs.contains(Of, Local); });
  if (IsKnown)
    write(Local, NoExpr, S);
}
