//===- Exits.cpp - how a function returns, in as few worlds as callers can tell apart -----===//
//
// Every path of a function ends in an exit. A caller can use the difference between two of them only when the result or its own arguments tell which one
// it got; where they cannot be told from each other, the exit that holds less is kept. That loses the locks of paths nobody can name, and in
// return no lock is ever thought held on a path where it is not.
//
//===--------------------------------------------------------------------------------------===//
#include "checks/link/Simulate.h"
#include "checks/link/Ways.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;

Context fencelint::changeOf(const Exit &X) {
  Context C;
  for (const HeldPart &H : X.Changes)
    if (H.Which)
      C.change(*H.Which, H.By);
  return C;
}

/// What both stored. An exit that returns NULL has no object to store in.
static void keepCommonStores(Exit &Into, const Exit &From, const ExprTable &Exprs) {
  auto IsInResult = [&](const auto &S) { return Exprs[Exprs[S.first].A].Kind == facts::ValueKind::Result; };
  bool KeepsOwn = From.Result.isFalse(), TakesOther = Into.Result.isFalse();
  llvm::SmallVector<std::pair<ExprId, ExprId>, 0> Kept;
  for (const auto &S : Into.Stores)
    if (llvm::is_contained(From.Stores, S) || (KeepsOwn && IsInResult(S)))
      Kept.push_back(S);
  for (const auto &S : From.Stores)
    if (TakesOther && IsInResult(S) && !llvm::is_contained(Kept, S))
      Kept.push_back(S);
  Into.Stores = std::move(Kept);
}

static void absorb(Exit &Into, const Exit &From, const ExprTable &Exprs) {
  keepCommonStores(Into, From, Exprs);
  Into.When = common(Into.When, From.When);
  Into.Result = Into.Result.join(From.Result);
  if (!Into.Ways.empty())
    for (const Way &W : From.Ways)
      addWay(Into.Ways, W);
  if (From.Ways.empty() || Into.Ways.size() > MostWays)
    Into.Ways.clear(); // unknown, and that they stay
  Into.ResultIs = Into.ResultIs == From.ResultIs ? Into.ResultIs : NoExpr;
  Into.NotIn &= From.NotIn;
  Into.Devices.merge(From.Devices);
  Into.Objects.merge(From.Objects);
}

static bool canBeTold(const Exit &A, const Exit &B) {
  if (!A.Result.meet(B.Result).Signs)
    return true;
  for (const Atom &X : A.When)
    for (const Atom &Y : B.When)
      if (X.Of == Y.Of && !X.Is.meet(Y.Is).Signs)
        return true;
  return false;
}

static bool holdsLess(const Context &A, const Context &B) {
  int Less = 0, More = 0;
  for (unsigned I = 0; I < PartCount; ++I) {
    Less += A.Levels[I] < B.Levels[I];
    More += A.Levels[I] > B.Levels[I];
  }
  return Less >= More;
}

llvm::SmallVector<Exit, 1> fencelint::mergeExits(std::vector<Exit> Exits, const ExprTable &Exprs) {
  llvm::SmallVector<Exit, 1> Kept;
  for (Exit &X : Exits) { // equal worlds are one
    Context C = changeOf(X);
    Exit *Same = llvm::find_if(Kept, [&](const Exit &K) { return changeOf(K) == C && K.NotIn == X.NotIn && K.Devices == X.Devices && K.Objects == X.Objects; });
    if (Same != Kept.end())
      absorb(*Same, X, Exprs);
    else
      Kept.push_back(std::move(X));
  }
  for (size_t I = 0; I < Kept.size(); ++I)
    for (size_t J = I + 1; J < Kept.size();) {
      if (canBeTold(Kept[I], Kept[J])) {
        ++J;
        continue;
      }
      if (!holdsLess(changeOf(Kept[I]), changeOf(Kept[J])))
        std::swap(Kept[I], Kept[J]);
      absorb(Kept[I], Kept[J], Exprs);
      Kept.erase(Kept.begin() + J);
      I = 0; // what it absorbed may have made it like an earlier one
      J = 1;
    }
  for (Exit &X : Kept)
    if (!areWorthKeeping(X.Ways))
      X.Ways.clear();
  return Kept;
}
