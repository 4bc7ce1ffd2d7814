//===- Know.cpp - what is known of an expression ------------------------------===//
//
// Of each expression its sign is known, or the few numbers that it may be: from its operands, from tests that were passed on the way here, and from
// the ways on which its value came about. A test of order and one of equality are about one number.
//
//===-------------------------------------------------------------------------===//
#include "checks/link/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

/// Where a sign stands in the order: negative numbers first, or last where they are the largest.
static int lowest(const Knowledge &K, bool IsUnsigned) {
  if (!IsUnsigned && (K.Signs & Knowledge::Negative))
    return -1;
  return K.Signs & Knowledge::Zero ? 0 : K.Signs & Knowledge::Positive ? 1 : 2;
}
static int highest(const Knowledge &K, bool IsUnsigned) {
  if (IsUnsigned && (K.Signs & Knowledge::Negative))
    return 2;
  return K.Signs & Knowledge::Positive ? 1 : K.Signs & Knowledge::Zero ? 0 : -1;
}

static Knowledge compare(const Expr &E, const Knowledge &L, const Knowledge &R) {
  auto Truth = [](bool T) { return Knowledge::exactly(T); };
  Knowledge Either = Knowledge::signs(Knowledge::Zero | Knowledge::Positive);
  if (E.Kind == K::Equal)
    return !L.meet(R).Signs ? Truth(false) : L.Exact && R.Exact ? Truth(true) : Either;
  bool IsUnsigned = E.Number, OrEqual = E.Kind == K::LessEqual;
  if (!L.numbers().empty() && !R.numbers().empty()) { // each with each
    Knowledge All = Knowledge::signs(0);
    for (int64_t X : L.numbers())
      for (int64_t Y : R.numbers())
        All = All.join(Truth((IsUnsigned ? uint64_t(X) < uint64_t(Y) : X < Y) || (OrEqual && X == Y)));
    return All.Exact ? All : Either;
  }
  int MinL = lowest(L, IsUnsigned), MaxL = highest(L, IsUnsigned), MinR = lowest(R, IsUnsigned), MaxR = highest(R, IsUnsigned);
  if (MaxL < MinR || (OrEqual && MaxL == 0 && MinR == 0))
    return Truth(true);
  if (MinL > MaxR || (!OrEqual && MinL == 0 && MaxR == 0))
    return Truth(false);
  return Either;
}

/// Where a lock is held, there is an object that it is in.
static bool isLocked(ExprId Pointer, const State &S) {
  return llvm::any_of(S.Held, [&](const HeldPart &H) { return H.By > 0 && H.In == Pointer; });
}

bool StateLogic::isOfBefore(ExprId Id, const State &S) const {
  return llvm::any_of(S.Places, [&](const auto &X) { return X.first != X.second && Exprs.isCallersField(X.first) && Exprs.contains(Id, X.first); });
}

Knowledge StateLogic::know(ExprId Id, const State &S) const {
  Knowledge R = Exprs.know(Id);
  if (Id != NoExpr && isLocked(Id, S))
    R = R.meet(Knowledge::signs(Knowledge::Positive));
  for (const Atom &A : S.Facts)
    if (A.Of == Id)
      R = R.meet(A.Is);
  for (const Ways &W : S.Met)
    if (W.Of == Id)
      R = R.meet(W.any());
  if (R.Exact || !R.Signs)
    return R;
  const Expr E = Exprs[Id];
  switch (E.Kind) {
  case K::Not: {
    Knowledge X = know(E.A, S);
    return X.isTrue() ? Knowledge::exactly(0) : X.isFalse() ? Knowledge::exactly(1) : R;
  }
  case K::Less:
    if (Exprs[E.B].Kind == K::Constant)
      for (const Atom &A : S.Facts) // x < 5 is x < 9
        if (const Expr &Known = Exprs[A.Of]; Known.Kind == K::Less && Known.A == E.A && Known.Number == E.Number && Exprs[Known.B].Kind == K::Constant) {
          bool IsBelow = compare(Known, Knowledge::exactly(Exprs[Known.B].Number), Knowledge::exactly(Exprs[E.B].Number)).isTrue();
          if (A.Is.isTrue() && IsBelow)
            return R.meet(Knowledge::truth(true));
          if (A.Is.isFalse() && !IsBelow)
            return R.meet(Knowledge::truth(false));
        }
    [[fallthrough]];
  case K::LessEqual:
    return R.meet(compare(E, know(E.A, S), know(E.B, S)));
  case K::Equal:
    if (Exprs[E.B].Kind == K::Constant && isOutside(E.A, Exprs[E.B].Number, S))
      return Knowledge::exactly(0);
    return R.meet(compare(E, know(E.A, S), know(E.B, S)));
  case K::BitAnd:
  case K::BitOr: {
    Knowledge A = know(E.A, S), B = Exprs.know(E.B);
    if (E.Kind == K::BitAnd && A.isFalse())
      return Knowledge::exactly(0);
    if (A.numbers().empty() || !B.Exact)
      return R;
    llvm::SmallVector<int64_t, NumberSet::Most> Each(A.numbers());
    for (int64_t &N : Each)
      N = E.Kind == K::BitAnd ? N & B.Number : N | B.Number;
    return R.meet(Knowledge::oneOf(Each));
  }
  case K::Choose: {
    Knowledge Chosen = know(static_cast<ExprId>(E.Number), S);
    return R.meet(Chosen.isTrue() ? know(E.A, S) : Chosen.isFalse() ? know(E.B, S) : know(E.A, S).join(know(E.B, S)));
  }
  default:
    return R;
  }
}

bool StateLogic::isKnownNotToBe(ExprId Id, int64_t Number, const State &S) const {
  return isOutside(Id, Number, S) || llvm::any_of(S.Facts, [&](const Atom &A) {
           const Expr &E = Exprs[A.Of];
           return A.Is.isFalse() && E.Kind == K::Equal && E.A == Id && Exprs[E.B].Kind == K::Constant && Exprs[E.B].Number == Number;
         });
}

/// `n < 4` was true: it is not 4.
bool StateLogic::isOutside(ExprId Id, int64_t Number, const State &S) const {
  return llvm::any_of(S.Facts, [&](const Atom &A) {
    const Expr &E = Exprs[A.Of];
    if ((E.Kind != K::Less && E.Kind != K::LessEqual) || (E.A != Id && E.B != Id) || Exprs[E.A == Id ? E.B : E.A].Kind != K::Constant)
      return false;
    auto Side = [&](ExprId Of) { return Knowledge::exactly(Of == Id ? Number : Exprs[Of].Number); };
    return !compare(E, Side(E.A), Side(E.B)).meet(A.Is).Signs;
  });
}
