//===- Interest.cpp - which bodies are worth a walk ----------------------------------===//
//
// Most functions call nothing that a context may forbid. Of those only what they return and what they store can matter to a caller, and of most of them
// not even that: they are summarized by their return statements.
//
//===---------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventFlag;
using facts::EventKind;

static bool isTrivial(const Summary &S) {
  return !S.hasEffects() && S.Answers.empty() && !S.CountsDown && S.Empties.empty() && S.HoldsReference.empty() && !S.Repeats &&
         S.Exits.size() == 1 && S.Exits[0].Changes.empty() && S.Exits[0].Devices.isNeutral() && S.Exits[0].Objects.isNeutral() && !S.Exits[0].NotIn;
}

bool Simulation::isInteresting(const facts::Event &E) const {
  if (E.kind() == EventKind::Macro) {
    const FunctionModel *M = P.Models->function(P.text(Fn.Unit, E.target()), "");
    return M && llvm::any_of(M->Does, [](const Action &A) { return A.What != Action::Warns; });
  }
  if (E.kind() != EventKind::Call && E.kind() != EventKind::Destroy)
    return false;
  ExprId Called = Resolver.value(E.callee());
  bool Dispatch = E.flags() & static_cast<uint32_t>(EventFlag::Dispatch);
  Resolution R = Resolver.resolve(Called, Dispatch);
  if (R.Described || Resolver.isUpToCallers(Called) || P.Exprs[Called].Kind == K::Field ||
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
  State Wrote;
  bool First = true;
  for (const facts::Event *E : *B.events()) {
    if (E->kind() == EventKind::Assign)
      Logic.write(Resolver.value(E->target()), NoExpr, Wrote);
    if (E->kind() == EventKind::Call)
      if (FunctionId G = P.named(F, *E); G != None)
        for (const Exit &Of : P.Functions[G].Summary.Exits)
          overwrite(Of, Resolver.arguments(*E), Resolver.object(*E), Wrote);
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
  noteOverwritten(X, Wrote);
  if (llvm::any_of(X.Overwritten, [&](const Overwrite &W) { return P.Exprs.contains(X.ResultIs, W.Place); })) // from before or from after?
    X.ResultIs = NoExpr;
  Exits.push_back(std::move(X));
}

/// A branch decides which number it returns: `if (!dev) return false; ... return true;`, or a local that was given one.
bool Simulation::choosesResult() const {
  bool IsNumber = false, IsLocal = false;
  unsigned Returns = 0;
  for (const facts::Event *E : *B.events())
    if (E->kind() == EventKind::Return && E->value() != None) {
      K Kind = P.Exprs[Resolver.value(E->value())].Kind;
      IsNumber |= Kind == K::Constant;
      IsLocal |= Kind == K::Local;
      ++Returns;
    }
  bool Decides = llvm::any_of(*B.edges(), [](const facts::Edge *E) { return E->guard() != None; });
  return Decides && ((IsNumber && Returns > 1) || IsLocal) && B.blocks()->size() <= MostBlocksOfPredicate;
}

/// It sets a field of what it is given, or has one set, and somebody tests that field.
bool Simulation::stores() const {
  if (B.blocks()->size() > MostBlocksOfPredicate)
    return false;
  for (const facts::Event *E : *B.events()) {
    if (E->kind() == EventKind::Assign) {
      const Expr At = P.Exprs[Resolver.value(E->target())];
      const Expr Is = P.Exprs[Resolver.value(E->value())];
      bool IsTold = At.Kind == K::Field ? P.Fields.AskedFor.contains(At.B) : At.Kind == K::Dereference && P.Exprs[At.A].Kind == K::Parameter;
      if (IsTold && (Is.Kind == K::Constant || Is.Kind == K::Parameter))
        return true;
      if (P.Exprs.isCallersField(Resolver.value(E->target())) && Is.UsesEntry && !Is.Opaque)
        return true;
    }
    FunctionId G = E->kind() == EventKind::Call ? P.named(F, *E) : None;
    if (G != None && P.Functions[G].Summary.Exits.size() == 1 && !P.Functions[G].Summary.Exits[0].Stores.empty())
      return true;
  }
  return false;
}

/// Its result is a callee's, and the callee's is known: `return gfpflags_allow_blocking(gfp);`. Or a struct that carries functions.
bool Simulation::passesResultOn() const {
  bool Returns = false, Known = false;
  for (const facts::Event *E : *B.events()) {
    if (E->kind() == EventKind::Assign)
      Known |= Resolver.isGivenAlong(Resolver.value(E->target())) && P.Exprs[Resolver.value(E->value())].Kind == K::Function;
    if (E->kind() == EventKind::Return)
      Returns |= E->value() != None && P.Exprs[Resolver.value(E->value())].Opaque;
    FunctionId G = E->kind() == EventKind::Call ? P.named(F, *E) : None;
    if (G == None)
      continue;
    const Summary &S = P.Functions[G].Summary;
    Known |= S.Exits.size() == 1 && (S.Exits[0].ResultIs != NoExpr || !S.Exits[0].Result.isNothing() || !S.Exits[0].Ways.empty());
  }
  return Returns && Known;
}
