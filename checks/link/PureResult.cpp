//===- PureResult.cpp - what a function without effects returns, as one expression ---------===//
//
// `if (dev->type == USB) return true; if (dev->flags & SLOW) return true; return false;` is a question that its callers ask again and again, under
// whatever name. Written as one expression over the parameters it is the same question everywhere, and a caller that passes constants has its answer.
// Only of a function that changes nothing: what memory holds when it is called is what it looks at.
//
//===-------------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

/// A question with more answers is not asked twice; nor is one that nobody can read.
static constexpr unsigned MostAnswers = 12, LongestAnswer = 64;

/// Follows one event; false when the function does more than look and compute.
bool Simulation::computes(const facts::Event &E, uint32_t Event, State &S) const {
  switch (E.kind()) {
  case EventKind::Assign: {
    ExprId Place = Resolver.value(E.target());
    if (P.Exprs[Place].Kind != K::Local)
      return false;
    Logic.write(Place, Logic.evaluate(Resolver.value(E.value()), S), S);
    return true;
  }
  case EventKind::Call: {
    FunctionId G = P.named(F, E);
    if (G == None || !P.Functions[G].Summary.IsPure)
      return false;
    llvm::SmallVector<ExprId, 6> Arguments = Resolver.arguments(E);
    for (ExprId &A : Arguments)
      A = Logic.evaluate(A, S);
    ExprId Is = P.Exprs.substitute(P.Functions[G].Summary.Exits.front().ResultIs, Arguments, NoExpr);
    if (Is != NoExpr)
      Logic.remember(P.Exprs.make(K::Result, Event), Logic.evaluate(Is, S), S);
    return true;
  }
  case EventKind::Macro:
  case EventKind::Return:
    return true;
  case EventKind::Destroy:
  case EventKind::Assembly:
    return false;
  }
  return false;
}

/// What is returned by who starts at this block; NoExpr when that is not known.
ExprId Simulation::answerFrom(uint32_t Block, State S, llvm::SmallVectorImpl<uint32_t> &Path, unsigned &Answers) const {
  if (llvm::is_contained(Path, Block) || Answers > MostAnswers)
    return NoExpr;
  const facts::Block *Blk = B.blocks()->Get(Block);
  for (uint32_t I = Blk->first_event(), End = I + Blk->event_count(); I < End; ++I) {
    const facts::Event &E = *B.events()->Get(I);
    if (!computes(E, I, S))
      return NoExpr;
    if (E.kind() == EventKind::Return) {
      ExprId Is = E.value() == None ? NoExpr : Logic.evaluate(Resolver.value(E.value()), S);
      return ++Answers, P.Exprs[Is].Opaque ? NoExpr : Is;
    }
  }
  Path.push_back(Block);
  ExprId Answer = NoExpr;
  llvm::SmallVector<const facts::Edge *, 4> Edges;
  for (uint32_t X = Blk->first_edge() + Blk->edge_count(); X-- > Blk->first_edge();)
    Edges.push_back(B.edges()->Get(X));
  llvm::stable_sort(Edges, [](auto *L, auto *R) { return L->guard() == None && R->guard() != None; }); // the first is taken where no other is
  for (const facts::Edge *Edge : Edges) {
    ExprId Test = Edge->guard() == None ? NoExpr : Logic.evaluate(Resolver.value(Edge->guard()), S);
    if (Edge->unwind() || (Edge->guard() == None && Answer) || (Edge->guard() != None && (!Test || P.Exprs[Test].Opaque)))
      return NoExpr;
    State Next = S;
    if (Test && !Logic.assume(Test, Edge->truth(), Next))
      continue;
    ExprId Here = answerFrom(Edge->to(), std::move(Next), Path, Answers);
    if (!Here)
      return NoExpr;
    if (!Answer)
      Answer = Here;
    else if (Edge->truth())
      Answer = P.Exprs.make(K::Choose, Here, Answer, Test);
    else
      Answer = P.Exprs.make(K::Choose, Answer, Here, Test);
    if (!Answer)
      return NoExpr;
  }
  Path.pop_back();
  return Answer;
}

/// Summarizes a function that only answers a question; false when it does more, or its answer is too long to be a name for it.
bool Simulation::answers() {
  bool Returns = llvm::any_of(*B.events(), [](const facts::Event *E) { return E->kind() == EventKind::Return && E->value() != None; });
  if (!Returns || B.blocks()->size() > MostBlocksOfPredicate)
    return false;
  llvm::SmallVector<uint32_t, 8> Path;
  unsigned Answers = 0;
  Exit X;
  X.ResultIs = answerFrom(0, State(), Path, Answers);
  if (!X.ResultIs || P.Exprs[X.ResultIs].Size > LongestAnswer)
    return false;
  X.Result = P.Exprs.know(X.ResultIs);
  Exits.push_back(std::move(X));
  return true;
}
