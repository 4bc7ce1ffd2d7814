//===- Walk.cpp - through the blocks of one body ---------------------------------------===//
//
// Each block holds the few states that differ in context; where ways meet, equal contexts become one. A loop is gone round until nothing new comes to its
// head. Each round walks its body anew, without what was known in the round before; and what leaves the loop waits until the last round is over
// (BlockOrder.h). So a test in the body of a loop is known there, whatever the loop goes through.
//
//===------------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;

/// Contexts told apart at one block; more come only from unbalanced paths that are hardly real.
static constexpr unsigned MostStates = 8;
/// Rounds of a loop in one round of the loop around it; what is known at its head only shrinks, so this is a safety net.
static constexpr unsigned MostVisits = 40;
/// Rounds of all loops in one body: then they are not told apart any more.
static constexpr unsigned MostRounds = 400;
/// What a default knows of other cases.
static constexpr uint32_t MostCases = 8;

void Simulation::arrive(uint32_t Block, State S) {
  auto &States = In[Block];
  auto Old = llvm::find_if(States, [&](const State &X) { return X.sameKey(S); });
  bool IsNew = Old == States.end() && States.size() < MostStates;
  if (IsNew)
    States.push_back(std::move(S));
  if (IsNew || (Old != States.end() && Old->merge(S, P.Exprs)))
    Pending[Order.Rank[Block]] = true;
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
  return noteMeaning(Condition, S);
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

/// Something new came to the head of a loop that ends before that rank. Its body is walked once more, without what was known there; returns the head.
std::optional<uint32_t> Simulation::goRound(uint32_t Rank) {
  for (uint32_t Loop = Rank ? Order.Within[Rank - 1] : None; Loop != None && Order.Loops[Loop].End == Rank; Loop = Order.Loops[Loop].Outer) {
    const BlockOrder::Loop &L = Order.Loops[Loop];
    if (!Pending[L.Head] || Visits[L.Head] >= MostVisits)
      continue;
    if (!L.HasSideEntry && ++Rounds <= MostRounds)
      for (uint32_t R = L.Head + 1; R < L.End; ++R) {
        In[Order.Blocks[R]].clear();
        Leaving[R].clear();
        Pending[R] = false;
        Visits[R] = 0;
      }
    return L.Head;
  }
  return std::nullopt;
}

/// Loops that end before that rank go round no more: what left them goes on.
void Simulation::finishLoops(uint32_t Rank) {
  uint32_t Outermost = None;
  for (uint32_t L = Rank ? Order.Within[Rank - 1] : None; L != None && Order.Loops[L].End == Rank; L = Order.Loops[L].Outer)
    Outermost = L;
  if (Outermost == None)
    return;
  uint32_t Outer = Order.Loops[Outermost].Outer;
  for (uint32_t R = Order.Loops[Outermost].Head; R < Rank; ++R)
    llvm::erase_if(Leaving[R], [&](std::pair<uint32_t, State> &Out) {
      if (Outer != None && !Order.Loops[Outer].contains(Order.Rank[Out.first]))
        return false; // it leaves that one, too
      arrive(Out.first, std::move(Out.second));
      return true;
    });
}

void Simulation::walkBlock(uint32_t Rank) {
  const facts::Block &Blk = *B.blocks()->Get(Order.Blocks[Rank]);
  Leaving[Rank].clear();
  for (State &S : through(Blk, In[Order.Blocks[Rank]])) {
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
      if (To <= Rank)
        Logic.forgetMemory(Next, polled(To, Rank));
      if (To > Rank && Order.leavesLoop(Rank, To))
        Leaving[Rank].push_back({Edge.to(), std::move(Next)});
      else
        arrive(Edge.to(), std::move(Next));
    }
  }
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
  for (uint32_t Rank = 0;;) {
    if (std::optional<uint32_t> Head = goRound(Rank)) {
      Rank = *Head;
    } else {
      finishLoops(Rank);
      if (Rank == Order.Blocks.size())
        return;
    }
    if (Pending[Rank] && Visits[Rank] < MostVisits) {
      Pending[Rank] = false;
      ++Visits[Rank];
      walkBlock(Rank);
    }
    ++Rank;
  }
}
