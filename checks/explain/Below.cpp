//===- Below.cpp - locks and unknown functions, in a function and below it --------------===//
//
// Summaries keep what callers have to know. Locks that are given back again, and callees that nobody described, are not in them, so the call graph
// is walked once, breadth first: the first way found is a shortest one. In the asked function itself only calls are followed that some path gets to;
// below it conditions are not looked at, so a lock may be listed that these arguments never take.
//
//===---------------------------------------------------------------------------------------===//
#include "checks/explain/Parts.h"
#include "checks/link/Simulate.h"
#include "llvm/ADT/StringExtras.h"
#include <set>

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

namespace {

class Walking {
public:
  Walking(Program &P, FunctionId Start, Explanation &Into) : P(P), Start(Start), Into(Into) {}
  void run();

private:
  /// How the walk got to a function.
  struct Reached {
    FunctionId Function;
    uint32_t From = None; ///< index of the caller in All
    uint32_t Event = None;
    Via How = Via::Direct;
    Guard When;           ///< of the asked function's call that led here
  };
  Program &P;
  FunctionId Start;
  Explanation &Into;
  std::vector<Reached> All;
  llvm::DenseSet<FunctionId> Seen;
  std::set<std::string> Locks, Unknown;

  void look(uint32_t At);
  void callFrom(uint32_t At, uint32_t Event, const Resolution &To, const Guard &When, const Calls &Resolver);
  void noteLocks(uint32_t At, uint32_t Event, const Callee &C, const Guard &When, const Calls &Resolver);
  void givenTo(uint32_t At, uint32_t Event, const Callee &C, const Guard &When, const Calls &Resolver);
  std::vector<Step> way(uint32_t At) const;
};

} // namespace

/// `lock(check(l))` locks l, when check returns what it is given.
static ExprId throughResult(Program &P, FunctionId F, ExprId Of, const Calls &Resolver) {
  ExprId Result = P.Exprs.object(Of);
  FunctionId G = Resolver.resultOf(Result);
  if (G == None)
    return Of;
  const facts::Event &Call = *P.Functions[F].Body->events()->Get(P.Exprs[Result].A);
  const Summary &S = P.Functions[G].Summary;
  if (S.Exits.size() != 1 || !S.Exits[0].ResultIs)
    return Of;
  ExprId Is = P.Exprs.substitute(S.Exits[0].ResultIs, Resolver.arguments(Call), Resolver.object(Call));
  return Is ? Is : Of;
}

/// The same lock of every function has one name: its field where it is one.
static std::string nameOfLock(const Program &P, FunctionId F, ExprId Of) {
  ExprId Object = P.Exprs.object(Of);
  while (P.Exprs[Object].Kind == K::Element)
    Object = P.Exprs.object(P.Exprs[Object].A);
  const Expr &E = P.Exprs[Object];
  if (E.Kind == K::Field || E.Kind == K::Global)
    return P.Symbols[E.Kind == K::Field ? E.B : E.A].Name.str();
  std::string Text = Of == NoExpr ? "" : spell(P, F, Of);
  return Text == "?" ? "" : Text;
}

std::vector<Step> Walking::way(uint32_t At) const {
  std::vector<Step> Steps;
  for (uint32_t I = At; All[I].From != None; I = All[I].From)
    Steps.push_back(callStep(P, All[All[I].From].Function, All[I].Event, All[I].Function, All[I].How));
  std::reverse(Steps.begin(), Steps.end());
  return Steps;
}

void Walking::noteLocks(uint32_t At, uint32_t Event, const Callee &C, const Guard &When, const Calls &Resolver) {
  FunctionId F = All[At].Function;
  const facts::Function &Body = *P.Functions[F].Body;
  const facts::Event &E = *Body.events()->Get(Event);
  llvm::SmallVector<ExprId, 6> Arguments = Resolver.arguments(E);
  ExprId This = Resolver.object(E);
  for (const Exit &X : P.Functions[C.Function].Summary.Exits)
    for (const HeldPart &H : X.Changes) {
      if (H.By < 0 || H.Lock == LockKind::None)
        continue;
      ExprId Of = H.Of ? throughResult(P, F, P.Exprs.substitute(H.Of, Arguments, This), Resolver) : NoExpr;
      bool IsWrapper = false; // then its callers take it
      for (const Exit &Own : P.Functions[F].Summary.Exits)
        IsWrapper |= llvm::any_of(Own.Changes, [&](const HeldPart &O) { return O.By > 0 && O.Lock == H.Lock && O.Of == Of; });
      std::string Name = nameOfLock(P, F, Of);
      if ((IsWrapper && At != 0) || !Locks.insert(lockWord(H.Lock).str() + Name).second)
        continue;
      LockUse Use{LockUse::Takes, lockWord(H.Lock).str() + (Name.empty() ? "" : " '" + Name + "'"), llvm::join(spellGuard(P, Start, When), " and "), way(At)};
      Use.Steps.push_back(callStep(P, F, Event, C.Function, C.How));
      Into.Locks.push_back(std::move(Use));
    }
}

void Walking::callFrom(uint32_t At, uint32_t Event, const Resolution &To, const Guard &When, const Calls &Resolver) {
  FunctionId F = All[At].Function;
  if (To.IsUnknown) {
    std::string Name = calledText(P, F, Event);
    if (Unknown.insert(Name).second) {
      UnknownPart Part{Name, true, way(At)};
      Part.Steps.push_back({Step::CallsSlot, P.position(F, Event), P.symbolOf(F).Name.str(), "calls what '" + Name + "' holds"});
      Into.Unknown.push_back(std::move(Part));
    }
  }
  for (const Callee &C : To.Callees) {
    const ProgramFunction &G = P.Functions[C.Function];
    noteLocks(At, Event, C, When, Resolver);
    givenTo(At, Event, C, When, Resolver);
    if ((G.Model && !G.isWalked()) || !Seen.insert(C.Function).second)
      continue;
    if (G.Body) {
      All.push_back({C.Function, At, Event, C.How, When});
    } else if (const Symbol &Sym = P.Symbols[G.Symbol]; !Sym.is(facts::EntityFlag::NoReturn) && Unknown.insert(Sym.Name.str()).second) {
      UnknownPart Part{Sym.Name.str(), false, way(At)};
      Part.Steps.push_back(callStep(P, F, Event, C.Function, C.How));
      Into.Unknown.push_back(std::move(Part));
    }
  }
}

/// What a callee calls of what it was given is called too.
void Walking::givenTo(uint32_t At, uint32_t Event, const Callee &C, const Guard &When, const Calls &Resolver) {
  FunctionId F = All[At].Function;
  const facts::Event &E = *P.Functions[F].Body->events()->Get(Event);
  for (const EffectFact &Effect : P.Functions[C.Function].Summary.Effects) {
    if (!Effect.CallsParameter || Effect.Dead)
      continue;
    ExprId Called = P.Exprs.substitute(Effect.Callee, Resolver.arguments(E), Resolver.object(E));
    if (Called == NoExpr || Resolver.isUpToCallers(Called))
      continue;
    for (const Callee &G : Resolver.resolve(Called, false).Callees)
      if (P.Functions[G.Function].isWalked() && Seen.insert(G.Function).second)
        All.push_back({G.Function, At, Event, Via::Argument, When});
  }
}

void Walking::look(uint32_t At) {
  FunctionId F = All[At].Function;
  const facts::Function &Body = *P.Functions[F].Body;
  Calls Resolver(P, F);
  if (At == 0) {
    for (const ReachableCall &C : reachableCalls(P, F))
      callFrom(0, C.Event, C.To, C.When, Resolver);
    return;
  }
  for (uint32_t Event = 0; Event < Body.events()->size(); ++Event) {
    const facts::Event *E = Body.events()->Get(Event);
    if (E->kind() != EventKind::Call && E->kind() != EventKind::Destroy)
      continue;
    Resolution To = Resolver.resolve(Resolver.value(E->callee()), E->flags() & static_cast<uint32_t>(facts::EventFlag::Dispatch));
    Resolver.choose(To, *E);
    callFrom(At, Event, To, Guard(All[At].When), Resolver);
  }
}

void Walking::run() {
  Seen.insert(Start);
  All.push_back({Start, None, None, Via::Direct, {}});
  for (uint32_t At = 0; At < All.size(); ++At)
    look(At);
}

/// Levels that callers get back changed.
static void explainExits(const Program &P, FunctionId F, Explanation &Into) {
  for (const Exit &X : P.Functions[F].Summary.Exits)
    for (const HeldPart &H : X.Changes) {
      LockUse Use{H.By > 0 ? LockUse::ReturnsHolding : LockUse::Releases, "", llvm::join(spellGuard(P, F, X.When), " and "), {}};
      if (std::string Result = spellResult(X.Result); P.Functions[F].Summary.Exits.size() > 1 && !Result.empty())
        Use.When += (Use.When.empty() ? "" : " and ") + Result;
      if (H.Lock != LockKind::None) {
        std::string Name = H.Of ? spell(P, F, H.Of) : "";
        Use.Lock = lockWord(H.Lock).str() + (Name.empty() || Name == "?" ? "" : " '" + Name + "'") + (H.By > 0 ? " held" : "");
      } else if (H.Which) {
        Context C;
        C.change(*H.Which, 1);
        Use.Lock = C.describe();
      }
      Into.Locks.push_back(std::move(Use));
    }
}

void fencelint::explainBelow(Program &P, FunctionId F, Explanation &Into) {
  explainExits(P, F, Into);
  if (P.Functions[F].isWalked())
    Walking(P, F, Into).run();
}
