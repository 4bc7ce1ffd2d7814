//===- Ways.cpp - where ways meet that led to different values -------------------===//
#include "checks/link/Ways.h"
#include "checks/link/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

/// What is remembered of one way.
static constexpr size_t MostThen = 4;

Knowledge Ways::any() const {
  Knowledge All = Each.front().Is;
  for (const Way &W : llvm::drop_begin(Each))
    All = All.join(W.Is);
  return All;
}

namespace {

class Meeting {
public:
  Meeting(const State &A, const State &B, ExprTable &Exprs) : A(A), B(B), Exprs(Exprs), Logic(Exprs) {}
  llvm::SmallVector<Ways, 0> run();

private:
  const State &A, &B;
  ExprTable &Exprs;
  StateLogic Logic;
  std::optional<llvm::SmallVector<Atom, 1>> OnlyA, OnlyB;

  llvm::SmallVector<Atom, 1> onlyIn(const State &S, const State &Other) const;
  llvm::SmallVector<Way, 2> waysOf(const State &S, ExprId Value, llvm::ArrayRef<Atom> Only) const;
  bool tells(const State &S, ExprId Value) const;
  std::optional<Ways> meet(ExprId Of, ExprId InA, ExprId InB);
};

} // namespace

static const Atom *about(llvm::ArrayRef<Atom> Atoms, ExprId Of) {
  auto It = llvm::find_if(Atoms, [&](const Atom &X) { return X.Of == Of; });
  return It == Atoms.end() ? nullptr : It;
}

/// What callers decide by an argument, what they decide otherwise, the rest.
static unsigned rank(const Expr &E) { return E.Kind == K::Parameter ? 0 : E.UsesEntry && !E.Opaque ? 1 : 2; }

/// What S knows and both together do not; what callers decide first, and of that the newest.
llvm::SmallVector<Atom, 1> Meeting::onlyIn(const State &S, const State &Other) const {
  llvm::SmallVector<Atom, 1> Only;
  for (unsigned Rank = 0; Rank < 3; ++Rank)
    for (const Atom &X : llvm::reverse(S.Facts)) {
      if (Only.size() == MostThen || rank(Exprs[X.Of]) != Rank)
        continue;
      const Atom *Y = about(Other.Facts, X.Of);
      if (!Y || X.Is.join(Y->Is) != X.Is)
        Only.push_back(X);
    }
  return Only;
}

llvm::SmallVector<Way, 2> Meeting::waysOf(const State &S, ExprId Value, llvm::ArrayRef<Atom> Only) const {
  auto Known = llvm::find_if(S.Met, [&](const Ways &W) { return W.Of == Value; });
  if (Known == S.Met.end())
    return {{Logic.know(Value, S), llvm::SmallVector<Atom, 1>(Only)}};
  llvm::SmallVector<Way, 2> All = Known->Each;
  for (Way &W : All)
    for (const Atom &X : Only)
      if (W.Then.size() < MostThen && !about(W.Then, X.Of))
        W.Then.push_back(X);
  return All;
}

/// Of Atoms, what Others say too.
static void keepBoth(llvm::SmallVectorImpl<Atom> &Atoms, llvm::ArrayRef<Atom> Others) {
  llvm::erase_if(Atoms, [&](Atom &X) {
    const Atom *Y = about(Others, X.Of);
    if (Y)
      X.Is = X.Is.join(Y->Is);
    return !Y || X.Is.isNothing();
  });
}

void fencelint::addWay(llvm::SmallVectorImpl<Way> &To, Way New) {
  Way *Same = llvm::find_if(To, [&](const Way &W) { return W.Is == New.Is; });
  if (Same == To.end())
    return void(To.push_back(std::move(New)));
  keepBoth(Same->Then, New.Then);
}

/// A number, or other ways that one of them led to: where nothing is, no test can tell the ways apart.
bool Meeting::tells(const State &S, ExprId Value) const {
  return !Logic.know(Value, S).numbers().empty() || llvm::any_of(S.Met, [&](const Ways &W) { return W.Of == Value; });
}

bool fencelint::areWorthKeeping(llvm::ArrayRef<Way> Each) {
  return Each.size() > 1 && Each.size() <= MostWays &&
         llvm::any_of(Each, [](const Way &W) { return !W.Is.isNothing(); }) &&
         llvm::any_of(Each, [](const Way &W) { return !W.Then.empty(); });
}

std::optional<Ways> Meeting::meet(ExprId Of, ExprId InA, ExprId InB) {
  if (!tells(A, InA) && !tells(B, InB))
    return std::nullopt;
  if (!OnlyA) { // most that meet differ in nothing
    OnlyA = onlyIn(A, B);
    OnlyB = onlyIn(B, A);
  }
  Ways Both;
  Both.Of = Of;
  for (Way &W : waysOf(A, InA, *OnlyA))
    addWay(Both.Each, std::move(W));
  for (Way &W : waysOf(B, InB, *OnlyB))
    addWay(Both.Each, std::move(W));
  return areWorthKeeping(Both.Each) ? std::optional(std::move(Both)) : std::nullopt;
}

static ExprId held(const State &S, ExprId Place) {
  auto It = llvm::find_if(S.Places, [&](const auto &X) { return X.first == Place; });
  return It == S.Places.end() ? Place : It->second;
}

llvm::SmallVector<Ways, 0> Meeting::run() {
  llvm::SmallVector<Ways, 0> All;
  auto Add = [&](std::optional<Ways> W) {
    if (W && llvm::none_of(All, [&](const Ways &X) { return X.Of == W->Of; }))
      All.push_back(std::move(*W));
  };
  for (auto [Place, Value] : A.Places) {
    ExprId Other = held(B, Place);
    if (Other == Value)
      continue;
    // A local that has no value any more is read as itself; of a parameter that would be what the caller passed.
    if (ExprId Both = Other == Place ? NoExpr : either(Value, Other, Exprs))
      Add(meet(Both, Value, Other));
    else if (Exprs[Place].Kind == K::Local)
      Add(meet(Place, Value, Other));
  }
  auto Held = [&](const State &S, ExprId Of) { return Exprs[Of].Kind == K::Local ? held(S, Of) : Of; };
  for (const Ways &W : A.Met)
    Add(meet(W.Of, W.Of, Held(B, W.Of)));
  for (const Ways &W : B.Met) // where A has ruled out all ways but one
    if (about(A.Facts, W.Of))
      Add(meet(W.Of, Held(A, W.Of), W.Of));
  return All;
}

llvm::SmallVector<Ways, 0> fencelint::waysThatMeet(const State &A, const State &B, ExprTable &Exprs) {
  return Meeting(A, B, Exprs).run();
}

/// After more was learned of Id, the value of these ways or computed from it: a way that led to another value was not taken, and what all the others
/// knew is true. False when none is left.
bool StateLogic::ruleOut(ExprId Id, State &S) const {
  auto It = llvm::find_if(S.Met, [&](const Ways &W) { return Exprs.contains(Id, W.Of); });
  if (It == S.Met.end())
    return true;
  Knowledge Is = know(Id, S);
  auto On = [&](const Way &W) {
    if (Id == It->Of || !W.Is.Exact)
      return Id == It->Of ? W.Is : Knowledge();
    State Only;
    Only.Places.push_back({It->Of, Exprs.constant(W.Is.Number)});
    return Exprs.know(evaluate(Id, Only));
  };
  size_t Before = It->Each.size();
  llvm::erase_if(It->Each, [&](const Way &W) { return !On(W).meet(Is).Signs; });
  if (It->Each.empty())
    return false;
  if (It->Each.size() == Before)
    return true;
  llvm::SmallVector<Atom, 1> All = It->Each.front().Then;
  for (const Way &W : llvm::drop_begin(It->Each))
    keepBoth(All, W.Then);
  if (It->Each.size() == 1)
    S.Met.erase(It);
  return llvm::all_of(All, [&](const Atom &A) { return learn(A.Of, A.Is, S, /*Inferred=*/true); });
}

void StateLogic::forgetWays(State &S, llvm::function_ref<bool(ExprId)> Stale) const {
  llvm::erase_if(S.Met, [&](const Ways &W) { return Stale(W.Of); });
  for (Ways &Met : S.Met)
    for (Way &W : Met.Each)
      llvm::erase_if(W.Then, [&](const Atom &A) { return Stale(A.Of); });
}
