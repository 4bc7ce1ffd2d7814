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

/// Of a function that returns in more places it is not told what it stored before which result.
static constexpr size_t MostByStores = 6;

Context fencelint::changeOf(const Exit &X) {
  Context C;
  for (const HeldPart &H : X.Changes)
    if (H.Which)
      C.change(*H.Which, H.By);
  return C;
}

/// What either may have written. Where one has not, that holds what it held before.
static void uniteOverwritten(Exit &Into, const Exit &From) {
  auto In = [](const Exit &X, ExprId Place) {
    if (const auto *W = llvm::find_if(X.Overwritten, [&](const Overwrite &W) { return W.Place == Place; }); W != X.Overwritten.end())
      return *W;
    const auto *Before = llvm::find_if(X.When, [&](const Atom &A) { return A.Of == Place; });
    return Overwrite{Place, Place, Before == X.When.end() ? Knowledge() : Before->Is};
  };
  llvm::SmallVector<Overwrite, 0> Both;
  for (const Exit *Some : {&std::as_const(Into), &From})
    for (const Overwrite &W : Some->Overwritten)
      if (llvm::none_of(Both, [&](const Overwrite &B) { return B.Place == W.Place; })) {
        Overwrite A = In(Into, W.Place), B = In(From, W.Place);
        Both.push_back({W.Place, A.Holds == B.Holds ? A.Holds : NoExpr, A.Is.join(B.Is)});
      }
  llvm::sort(Both, [](const Overwrite &A, const Overwrite &B) { return A.Place < B.Place; });
  Into.Overwritten = std::move(Both);
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
  uniteOverwritten(Into, From);
  Into.When = common(Into.When, From.When);
  Into.Result = Into.Result.join(From.Result);
  if (!Into.Ways.empty())
    for (const Way &W : From.Ways)
      addWay(Into.Ways, W);
  if (From.Ways.empty() || Into.Ways.size() > MostWays)
    Into.Ways.clear(); // unknown, and that they stay
  Into.ResultIs = Into.ResultIs == From.ResultIs ? Into.ResultIs : NoExpr;
  Into.NotIn &= From.NotIn;
  Into.Warned &= From.Warned;
  Into.Devices.merge(From.Devices);
  Into.Objects.merge(From.Objects);
}

/// What a caller finds there after that exit.
static Knowledge stored(const Exit &X, ExprId Value, const ExprTable &Exprs) {
  Knowledge Is = Exprs.know(Value);
  for (const Atom &A : X.When)
    if (A.Of == Value)
      Is = Is.meet(A.Is);
  if (llvm::any_of(X.Changes, [&](const HeldPart &H) { return H.By > 0 && H.Of == Value && Value != NoExpr; })) // the lock that it took
    Is = Is.meet(Knowledge::truth(true));
  return Is;
}

/// `*locked = 1`, or a returned struct whose pointer is NULL where the lock was not taken.
static bool tellByStores(const Exit &A, const Exit &B, const ExprTable &Exprs) {
  for (const auto &[Place, InA] : A.Stores)
    for (const auto &[Other, InB] : B.Stores)
      if (Place == Other && !stored(A, InA, Exprs).meet(stored(B, InB, Exprs)).Signs)
        return true;
  return false;
}

static bool tellByArguments(const Exit &A, const Exit &B) {
  for (const Atom &X : A.When)
    for (const Atom &Y : B.When)
      if (X.Of == Y.Of && !X.Is.meet(Y.Is).Signs)
        return true;
  return false;
}

static bool canBeTold(const Exit &A, const Exit &B, const ExprTable &Exprs) {
  return !A.Result.meet(B.Result).Signs || tellByStores(A, B, Exprs) || tellByArguments(A, B);
}

static bool holdsLess(const Context &A, const Context &B) {
  int Less = 0, More = 0;
  for (unsigned I = 0; I < PartCount; ++I) {
    Less += A.Levels[I] < B.Levels[I];
    More += A.Levels[I] > B.Levels[I];
  }
  return Less >= More;
}

/// `if (in_atomic() || broken) return 0; return 1;`: a caller that gets 1 knows more of where it is than one that gets 0, by whatever way.
static void mergeSameAnswers(std::vector<Exit> &Exits, const ExprTable &Exprs) {
  if (llvm::all_of(Exits, [](const Exit &X) { return !X.NotIn; }))
    return;
  for (size_t I = 0; I < Exits.size(); ++I)
    for (size_t J = Exits.size(); J-- > I + 1;)
      if (Exits[I].Result.Exact && Exits[I].Result == Exits[J].Result && Exits[I].Changes == Exits[J].Changes && Exits[I].Devices == Exits[J].Devices &&
          Exits[I].Objects == Exits[J].Objects) {
        absorb(Exits[I], Exits[J], Exprs);
        Exits.erase(Exits.begin() + J);
      }
}

llvm::SmallVector<Exit, 1> fencelint::mergeExits(std::vector<Exit> Exits, const ExprTable &Exprs) {
  mergeSameAnswers(Exits, Exprs);
  llvm::SmallVector<Exit, 1> Kept;
  for (Exit &X : Exits) { // equal worlds are one
    Context C = changeOf(X);
    Exit *Same = llvm::find_if(Kept, [&](const Exit &K) {
      bool StoresPerResult = K.Stores != X.Stores && !K.Result.meet(X.Result).Signs;      // `*mode = 1; return 0;`
      bool WritesPerArgument = K.Overwritten != X.Overwritten && tellByArguments(K, X);   // `if (!d->ready) d->ready = 1;`
      bool StoresIf = Exits.size() <= MostByStores && (StoresPerResult || WritesPerArgument);
      return changeOf(K) == C && K.NotIn == X.NotIn && K.Devices == X.Devices && K.Objects == X.Objects && !StoresIf;
    });
    if (Same != Kept.end())
      absorb(*Same, X, Exprs);
    else
      Kept.push_back(std::move(X));
  }
  for (size_t I = 0; I < Kept.size(); ++I)
    for (size_t J = I + 1; J < Kept.size();) {
      if (canBeTold(Kept[I], Kept[J], Exprs)) {
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
