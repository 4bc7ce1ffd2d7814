//===- Walk.cpp - through the blocks of one body ---------------------------------------===//
//
// Each block holds the few states that differ in context; where ways meet, equal contexts become one. A loop is walked until nothing changes at its head.
// Whenever that changes, its body is walked anew, without what was known in the round before; and what leaves it waits until it is finished
// (BlockOrder.h). So a test in the body of a loop is known there, whatever the loop goes through.
//
//===------------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;

/// Contexts told apart at one block; more come only from unbalanced paths that are hardly real.
static constexpr unsigned MostStates = 8;
/// Visits of one block in one round; facts only shrink, so this is a safety net.
static constexpr unsigned MostVisits = 40;
/// Loops in loops in loops: then rounds are not told apart any more.
static constexpr unsigned MostRounds = 200;
/// What a default knows of other cases.
static constexpr uint32_t MostCases = 8;

/// True when this is something new there.
bool Simulation::arrive(uint32_t Block, State S) {
  auto &States = In[Block];
  for (State &Old : States)
    if (Old.sameKey(S)) {
      bool Changed = Old.merge(S, P.Exprs);
      Pending[Order.Rank[Block]] = Pending[Order.Rank[Block]] || Changed;
      return Changed;
    }
  if (States.size() >= MostStates)
    return false;
  States.push_back(std::move(S));
  return Pending[Order.Rank[Block]] = true;
}

/// What was learned since is nothing that only holds because this way was taken.
void Simulation::markInferred(State &S, llvm::ArrayRef<Atom> Before) {
  for (Atom &A : S.Facts)
    A.Inferred |= !llvm::is_contained(Before, A);
}

/// `default:` is taken where no case is.
bool Simulation::assumeNoCase(const facts::Block &Of, State &S) const {
  llvm::SmallVector<Atom, 8> Before = S.Facts;
  for (uint32_t X = Of.first_edge(), End = X + std::min(Of.edge_count(), MostCases); X < End; ++X)
    if (const facts::Edge *Case = B.edges()->Get(X); Case->guard() != None && !Case->unwind())
      if (!Logic.assume(Logic.evaluate(Resolver.value(Case->guard()), S), !Case->truth(), S))
        return false;
  markInferred(S, Before);
  return true;
}

/// The edge is taken in that state; false when it cannot be.
bool Simulation::take(const facts::Block &From, const facts::Edge &Edge, State &S) {
  if (Edge.guard() == None)
    return Edge.unwind() || assumeNoCase(From, S);
  ExprId Condition = Logic.evaluate(Resolver.value(Edge.guard()), S);
  if (!Logic.assume(Condition, Edge.truth(), S))
    return false;
  noteMeaning(Condition, S);
  return true;
}

/// What is so at the end of a block.
llvm::SmallVector<State, 4> Simulation::through(const facts::Block &Block, llvm::ArrayRef<State> At) {
  llvm::SmallVector<State, 4> Now(At.begin(), At.end());
  for (uint32_t E = Block.first_event(), End = E + Block.event_count(); E < End; ++E) {
    llvm::SmallVector<State, 4> After;
    for (State &S : Now)
      for (State &Out : step(E, std::move(S))) {
        State *Same = llvm::find_if(After, [&](const State &X) { return X.sameKey(Out); });
        // Two outcomes of one call stay apart until the block ends: its condition is what tells them from each other.
        if (After.size() < 2 * MostStates)
          After.push_back(std::move(Out));
        else if (Same != After.end())
          Same->merge(Out, P.Exprs);
      }
    Now = std::move(After);
  }
  return Now;
}

/// Loops that end before that rank go round no more: what left them goes on.
void Simulation::finishLoops(uint32_t Rank) {
  for (uint32_t L = Rank ? Order.Within[Rank - 1] : None; L != None && Order.Loops[L].End == Rank; L = Order.Loops[L].Outer)
    for (uint32_t R = Order.Loops[L].Head; R < Rank; ++R)
      llvm::erase_if(Leaving[R], [&](std::pair<uint32_t, State> &Out) {
        uint32_t Outer = Order.Loops[L].Outer;
        if (Outer != None && !Order.Loops[Outer].contains(Order.Rank[Out.first]))
          return false;
        arrive(Out.first, std::move(Out.second));
        return true;
      });
}

/// Something else than before is so at a loop's head.
void Simulation::goRound(uint32_t Head) {
  const BlockOrder::Loop &L = Order.Loops[Order.Within[Head]];
  if (L.HasSideEntry || ++Rounds > MostRounds)
    return;
  for (uint32_t R = Head + 1; R < L.End; ++R) {
    In[Order.Blocks[R]].clear();
    Leaving[R].clear();
    Pending[R] = false;
    Visits[R] = 0;
  }
}

/// Returns the rank to go on with.
uint32_t Simulation::walkBlock(uint32_t Rank) {
  uint32_t Block = Order.Blocks[Rank], Lowest = Rank + 1;
  const facts::Block &Blk = *B.blocks()->Get(Block);
  llvm::SmallVector<uint32_t, 1> Changed;
  Leaving[Rank].clear();
  for (State &S : through(Blk, In[Block])) {
    if (!Blk.edge_count()) {
      leave(std::move(S));
      continue;
    }
    for (uint32_t X = Blk.first_edge(), End = X + Blk.edge_count(); X < End; ++X) {
      const facts::Edge &Edge = *B.edges()->Get(X);
      uint32_t To = Order.Rank[Edge.to()];
      State Next = S;
      if (!take(Blk, Edge, Next))
        continue;
      if (To <= Rank) {
        Logic.forgetMemory(Next, polled(To, Rank));
        if (arrive(Edge.to(), std::move(Next)))
          Changed.push_back(To);
      } else if (Order.leavesLoop(Rank, To)) {
        Leaving[Rank].push_back({Edge.to(), std::move(Next)});
      } else {
        arrive(Edge.to(), std::move(Next));
      }
    }
  }
  for (uint32_t Head : Changed) {
    goRound(Head);
    Lowest = std::min(Lowest, Head);
  }
  return Lowest;
}

void Simulation::walk() {
  if (!B.blocks()->size())
    return summarizeTrivially();
  Order = orderBlocks(B);
  In.resize(B.blocks()->size());
  Pending.assign(Order.Blocks.size(), false);
  Visits.assign(Order.Blocks.size(), 0);
  Leaving.resize(Order.Blocks.size());
  arrive(0, State());
  for (uint32_t Rank = 0; Rank < Order.Blocks.size();) {
    finishLoops(Rank);
    if (!Pending[Rank] || Visits[Rank] >= MostVisits) {
      ++Rank;
      continue;
    }
    Pending[Rank] = false;
    ++Visits[Rank];
    Rank = walkBlock(Rank);
  }
}
