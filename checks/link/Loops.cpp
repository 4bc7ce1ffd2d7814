//===- Loops.cpp - what is still true in the next round ------------------------------===//
//
// What a loop writes it forgets like any other code. What others write is the question: a loop that waits for a field must not believe that the field is as
// it was, or nothing after the loop is ever reached; but a list that is gone through between `if (dev->new) lock();` and `if (dev->new) unlock();` changes
// nothing of `dev->new`. So the fields that a way out of the loop tests are forgotten when it goes back, and others are kept.
//
//===--------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;
using K = facts::ValueKind;

/// With what its function says a call's result is: `list_is_head(&i->list, head)` compares two addresses.
ExprId Simulation::behindResults(ExprId Id) {
  const Expr E = P.Exprs[Id];
  switch (E.Kind) {
  case K::Result: {
    FunctionId G = Resolver.resultOf(Id);
    if (G == None || P.Functions[G].Summary.Exits.size() != 1 || !P.Functions[G].Summary.Exits[0].ResultIs)
      return Id;
    const facts::Event &Call = *B.events()->Get(E.A);
    return P.Exprs.substitute(P.Functions[G].Summary.Exits[0].ResultIs, Resolver.arguments(Call),
                              Resolver.object(Call));
  }
  case K::Not:
    return P.Exprs.make(E.Kind, behindResults(E.A), E.B, E.Number);
  case K::BitAnd:
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    return P.Exprs.make(E.Kind, behindResults(E.A), behindResults(E.B), E.Number);
  default:
    return Id;
  }
}

/// What the ways out of a loop test: what they wait for is another's to change. The loop is what comes to Last, where it goes back to First.
llvm::ArrayRef<ExprId> Simulation::polled(uint32_t First, uint32_t Last) {
  auto [Known, IsNew] = Polled.try_emplace({First, Last});
  if (!IsNew)
    return Known->second;
  std::vector<bool> IsIn(Order.Blocks.size());
  IsIn[First] = IsIn[Last] = true;
  auto edges = [&](uint32_t Block) {
    const facts::Block *Blk = B.blocks()->Get(Order.Blocks[Block]);
    llvm::SmallVector<const facts::Edge *, 2> All;
    for (uint32_t X = Blk->first_edge(), End = X + Blk->edge_count(); X < End; ++X)
      All.push_back(B.edges()->Get(X));
    return All;
  };
  for (bool Grows = true; Grows;) {
    Grows = false;
    for (uint32_t I = Order.Blocks.size(); I-- > First + 1;)
      if (!IsIn[I] &&
          llvm::any_of(edges(I), [&](const facts::Edge *E) { return Order.Rank[E->to()] != First && IsIn[Order.Rank[E->to()]]; }))
        IsIn[I] = Grows = true;
  }
  for (uint32_t I = First; I < Order.Blocks.size(); ++I)
    for (const facts::Edge *E : IsIn[I] ? edges(I) : llvm::SmallVector<const facts::Edge *, 2>())
      if (E->guard() != None && !IsIn[Order.Rank[E->to()]])
        Known->second.push_back(behindResults(Resolver.value(E->guard())));
  return Known->second;
}

/// The fields in it; false when it is more than fields, or a call's result that may come from any.
static bool fieldsOf(const ExprTable &Exprs, ExprId Id, llvm::SmallVectorImpl<uint32_t> &Fields) {
  const Expr &E = Exprs[Id];
  switch (E.Kind) {
  case K::Constant:
  case K::Parameter:
  case K::This:
  case K::Local:
  case K::Function:
    return true;
  case K::Field:
    Fields.push_back(E.B);
    [[fallthrough]];
  case K::Not:
  case K::BitNot:
  case K::Negate:
  case K::AddressOf:
    return fieldsOf(Exprs, E.A, Fields);
  case K::Unknown:
    return Exprs.placeOfNow(Id) != NoExpr && fieldsOf(Exprs, Exprs.placeOfNow(Id), Fields);
  case K::Global:
  case K::Dereference:
  case K::Element:
  case K::Result:
  case K::Choose:
    return false;
  default:
    return fieldsOf(Exprs, E.A, Fields) && fieldsOf(Exprs, E.B, Fields);
  }
}

void StateLogic::forgetMemory(State &S, llvm::ArrayRef<ExprId> Polled) const {
  auto IsMemory = [&](ExprId E) { return mentionsMemory(E); };
  llvm::SmallVector<uint32_t, 8> Waited;
  bool IsKnown = llvm::all_of(Polled, [&](ExprId Condition) { return fieldsOf(Exprs, Condition, Waited); });
  auto MayChange = [&](ExprId Id) {
    llvm::SmallVector<uint32_t, 4> Fields;
    return !IsKnown || !fieldsOf(Exprs, Id, Fields) || llvm::any_of(Fields, [&](uint32_t Field) { return llvm::is_contained(Waited, Field); });
  };
  llvm::erase_if(S.Facts, [&](const Atom &A) { return mentionsMemory(A.Of) && MayChange(A.Of); });
  forgetLocked(S, IsMemory);
  forgetWays(S, IsMemory);
  S.Objects.forget([&](ExprId Counter) { return mentionsMemory(Counter); });
  llvm::erase_if(S.Places, [&](auto &Pair) {
    const Expr &Place = Exprs[Pair.first];
    // What this function put into a struct of its own stays there until it writes it again: who is given the struct mostly reads it.
    bool IsOwn = Place.Kind == K::Field && Exprs[Place.A].Kind == K::Local && !mentionsMemory(Pair.second);
    if (IsOwn || !(mentionsMemory(Pair.first) || mentionsMemory(Pair.second)))
      return false;
    if (!Exprs.isCallersField(Pair.first))
      return true;
    if (MayChange(Pair.first))
      Pair.second = Exprs.now(Pair.first);
    return false;
  });
  S.Asked.clear();
}
