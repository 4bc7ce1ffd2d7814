//===- Reduce.cpp - from what was written down to what is worth keeping -------===//
//
// Most assignments of a function say nothing to an analysis of contexts: nobody tests, passes, calls or returns what they
// write. They go first, because a block whose events are gone can be skipped; skipped blocks join edges, joined edges lose
// their guards, and a guard that is gone may have been the last reader of a local. So both steps repeat until nothing changes.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Skeleton.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace fencelint;
using facts::EventKind;
using K = facts::ValueKind;

namespace {

class Reducer {
public:
  explicit Reducer(Skeleton S) : S(std::move(S)) {}
  std::unique_ptr<facts::FunctionT> run();

private:
  Skeleton S;
  llvm::BitVector NeededLocals, VisitedValues;
  llvm::DenseSet<uint32_t> Guarding; ///< fields and globals in guards, by entity

  // Blocks.
  bool mergeEdges(SkeletonBlock &B);
  bool skipEmptyBlocks();
  bool joinChains();
  std::vector<uint32_t> orderBlocks();

  // Assignments.
  bool dropAssignments();
  void need(ValueId V);
  void noteGuard(ValueId V, llvm::DenseSet<ValueId> &Seen);
  std::optional<uint32_t> rootLocal(ValueId V) const;
  bool mentions(ValueId V, ValueId Part) const;
  bool changesBits(const facts::Event &E) const;
  bool isWorthKeeping(const facts::Event &E) const;

  std::unique_ptr<facts::FunctionT> layOut();
};

} // namespace

bool Reducer::mergeEdges(SkeletonBlock &B) {
  size_t Before = B.Edges.size();
  std::vector<SkeletonEdge> Kept;
  for (SkeletonEdge E : B.Edges) {
    bool Covered = false;
    for (SkeletonEdge &Other : Kept) {
      if (Other.To != E.To || Other.Unwind != E.Unwind)
        continue;
      if (Other.Guard == E.Guard && Other.Truth != E.Truth)
        Other.Guard = None;
      if (Other.Guard == None || Other == E || E.Guard == None) {
        if (E.Guard == None)
          Other.Guard = None;
        Other.Truth = Other.Guard == None || Other.Truth;
        Covered = true;
        break;
      }
    }
    if (!Covered)
      Kept.push_back(E);
  }
  B.Edges = std::move(Kept);
  return B.Edges.size() != Before;
}

bool Reducer::skipEmptyBlocks() {
  bool Changed = false;
  for (SkeletonBlock &B : S.Blocks) {
    for (SkeletonEdge &E : B.Edges)
      for (size_t Steps = 0; Steps < S.Blocks.size(); ++Steps) {
        const SkeletonBlock &Next = S.Blocks[E.To];
        if (!Next.Events.empty() || Next.Edges.size() != 1 || Next.Edges[0].Guard != None || Next.Edges[0].To == E.To)
          break;
        E.Unwind |= Next.Edges[0].Unwind;
        E.To = Next.Edges[0].To;
        Changed = true;
      }
    Changed |= mergeEdges(B);
  }
  return Changed;
}

bool Reducer::joinChains() {
  std::vector<uint32_t> Predecessors(S.Blocks.size());
  ++Predecessors[0];
  for (uint32_t I : orderBlocks())
    for (const SkeletonEdge &E : S.Blocks[I].Edges)
      ++Predecessors[E.To];
  for (uint32_t I = 0; I < S.Blocks.size(); ++I)
    if (!Predecessors[I])
      S.Blocks[I] = {};
  bool Changed = false;
  for (uint32_t I = 0; I < S.Blocks.size(); ++I)
    while (S.Blocks[I].Edges.size() == 1) {
      SkeletonBlock &B = S.Blocks[I];
      SkeletonEdge E = B.Edges[0];
      SkeletonBlock &Next = S.Blocks[E.To];
      if (E.Guard != None || E.Unwind || E.To == I ||
          (Predecessors[E.To] != 1 && !(Next.Events.empty() && Next.Edges.empty())))
        break;
      --Predecessors[E.To];
      B.Events.insert(B.Events.end(), Next.Events.begin(), Next.Events.end());
      B.Edges = Next.Edges;
      if (!Predecessors[E.To]) { // nobody comes here any more
        Next.Events.clear();
        Next.Edges.clear();
      }
      Changed = true;
    }
  return Changed;
}

/// Reverse postorder of what is reachable.
std::vector<uint32_t> Reducer::orderBlocks() {
  std::vector<uint32_t> Order;
  std::vector<bool> Seen(S.Blocks.size());
  llvm::SmallVector<std::pair<uint32_t, size_t>, 16> Stack{{0, 0}};
  Seen[0] = true;
  while (!Stack.empty()) {
    auto &[Index, Next] = Stack.back();
    const SkeletonBlock &B = S.Blocks[Index];
    if (Next == B.Edges.size()) {
      Order.push_back(Index);
      Stack.pop_back();
      continue;
    }
    // Last edge first, so that the first edge's target comes first in the result.
    uint32_t To = B.Edges[B.Edges.size() - 1 - Next++].To;
    if (!Seen[To]) {
      Seen[To] = true;
      Stack.push_back({To, 0});
    }
  }
  std::reverse(Order.begin(), Order.end());
  return Order;
}

void Reducer::need(ValueId V) {
  if (V == None || VisitedValues.test(V))
    return;
  VisitedValues.set(V);
  if (S.Values.kind(V) == K::Local)
    NeededLocals.set(S.Values[V].a());
  S.Values.forOperands(V, [&](ValueId Operand) { need(Operand); });
}

void Reducer::noteGuard(ValueId V, llvm::DenseSet<ValueId> &Seen) {
  if (!Seen.insert(V).second)
    return;
  const facts::Value X = S.Values[V];
  if (X.kind() == K::Field)
    Guarding.insert(X.b());
  if (X.kind() == K::Global)
    Guarding.insert(X.a());
  S.Values.forOperands(V, [&](ValueId Operand) { noteGuard(Operand, Seen); });
}

std::optional<uint32_t> Reducer::rootLocal(ValueId V) const {
  for (;;) {
    const facts::Value X = S.Values[V];
    if (X.kind() == K::Local)
      return X.a();
    if (X.kind() != K::Field && X.kind() != K::Element)
      return std::nullopt;
    V = X.a();
  }
}

bool Reducer::mentions(ValueId V, ValueId Part) const {
  if (V == Part)
    return true;
  bool Found = false;
  S.Values.forOperands(V, [&](ValueId Operand) { Found = Found || mentions(Operand, Part); });
  return Found;
}

/// `p->flags |= BIT`, which says what others will find there although nobody here tests it.
bool Reducer::changesBits(const facts::Event &E) const {
  K Value = S.Values.kind(E.value());
  return (Value == K::BitOr || Value == K::BitAnd) && S.Values[E.value()].a() == E.target() && !mentions(S.Values[E.value()].b(), E.target());
}

bool Reducer::isWorthKeeping(const facts::Event &E) const {
  K Value = S.Values.kind(E.value()), Place = S.Values.kind(E.target());
  if (Value == K::Function)
    return true;
  if (std::optional<uint32_t> Local = rootLocal(E.target()))
    return NeededLocals.test(*Local);
  if (Place == K::Field || Place == K::Global) {
    if (Guarding.contains(Place == K::Field ? S.Values[E.target()].b() : S.Values[E.target()].a()) || changesBits(E))
      return true;
    return Value != K::Unknown && !mentions(E.value(), E.target());
  }
  return (Place == K::Element || Place == K::Dereference) && Value != K::Unknown && !mentions(E.value(), E.target());
}

bool Reducer::dropAssignments() {
  NeededLocals.clear();
  NeededLocals.resize(S.Locals.size());
  VisitedValues.clear();
  VisitedValues.resize(S.Values.all().size());
  Guarding.clear();
  llvm::DenseSet<ValueId> Seen;
  for (const SkeletonBlock &B : S.Blocks) {
    for (const SkeletonEdge &E : B.Edges)
      if (E.Guard != None) {
        need(E.Guard);
        noteGuard(E.Guard, Seen);
      }
    for (uint32_t Id : B.Events) {
      const facts::Event &E = S.Events[Id];
      if (E.kind() == EventKind::Call || E.kind() == EventKind::Destroy) {
        need(E.callee());
        need(E.object());
        for (uint32_t I = 0; I < E.argument_count(); ++I)
          need(S.Arguments[E.first_argument() + I]);
      } else if (E.kind() == EventKind::Return || E.kind() == EventKind::Macro) {
        need(E.value());
      }
    }
  }
  // What is kept needs its operands, which makes more worth keeping.
  llvm::DenseSet<uint32_t> Kept;
  for (bool Grew = true; Grew;) {
    Grew = false;
    for (const SkeletonBlock &B : S.Blocks)
      for (uint32_t Id : B.Events) {
        const facts::Event &E = S.Events[Id];
        if (E.kind() != EventKind::Assign || Kept.contains(Id) || !isWorthKeeping(E))
          continue;
        Kept.insert(Id);
        Grew = true;
        need(E.value());
        if (!rootLocal(E.target()))
          need(E.target());
      }
  }
  bool Changed = false;
  for (SkeletonBlock &B : S.Blocks) {
    size_t Before = B.Events.size();
    llvm::erase_if(B.Events,
                   [&](uint32_t Id) { return S.Events[Id].kind() == EventKind::Assign && !Kept.contains(Id); });
    Changed |= B.Events.size() != Before;
  }
  return Changed;
}

std::unique_ptr<facts::FunctionT> Reducer::layOut() {
  auto F = std::make_unique<facts::FunctionT>();
  F->parameter_count = S.ParameterCount;
  std::vector<uint32_t> Order = orderBlocks();
  std::vector<uint32_t> NewBlock(S.Blocks.size(), None), NewEvent(S.Events.size(), None);
  std::vector<uint32_t> NewValue(S.Values.all().size(), None), NewLocal(S.Locals.size(), None);
  uint32_t EventCount = 0;
  for (uint32_t Index : Order) {
    NewBlock[Index] = F->blocks.size();
    F->blocks.emplace_back();
    for (uint32_t Id : S.Blocks[Index].Events)
      NewEvent[Id] = EventCount++;
  }
  int64_t Serial = 0;
  auto Copy = [&](auto &&Self, ValueId V) -> uint32_t {
    if (V == None)
      return None;
    if (NewValue[V] != None)
      return NewValue[V];
    const facts::Value X = S.Values[V];
    S.Values.forOperands(V, [&](ValueId Operand) { Self(Self, Operand); });
    uint32_t A = X.a(), B = X.b();
    int64_t Number = X.number();
    K Kind = X.kind();
    switch (Kind) {
    case K::Unknown:
      Number = Serial++;
      break;
    case K::Local:
      if (NewLocal[A] == None) {
        NewLocal[A] = F->locals.size();
        F->locals.push_back(S.Locals[A]);
      }
      A = NewLocal[A];
      break;
    case K::Result:
      A = NewEvent[A];
      if (A == None) { // on no path
        Kind = K::Unknown;
        A = 0;
        Number = Serial++;
      }
      break;
    case K::Constant:
    case K::Parameter:
    case K::This:
    case K::Global:
    case K::Function:
      break;
    case K::Choose:
      Number = NewValue[static_cast<ValueId>(Number)];
      A = NewValue[A];
      B = NewValue[B];
      break;
    case K::Field:
    case K::Dereference:
    case K::AddressOf:
    case K::Not:
    case K::BitNot:
    case K::Negate:
      A = NewValue[A];
      break;
    default:
      A = NewValue[A];
      B = NewValue[B];
    }
    F->values.emplace_back(Kind, A, B, Number);
    return NewValue[V] = F->values.size() - 1;
  };
  for (uint32_t Index : Order) {
    const SkeletonBlock &B = S.Blocks[Index];
    uint32_t FirstEvent = F->events.size(), FirstEdge = F->edges.size();
    for (uint32_t Id : B.Events) {
      const facts::Event &E = S.Events[Id];
      uint32_t First = F->arguments.size();
      for (uint32_t I = 0; I < E.argument_count(); ++I)
        F->arguments.push_back(Copy(Copy, S.Arguments[E.first_argument() + I]));
      uint32_t Callee = Copy(Copy, E.callee()), Object = Copy(Copy, E.object());
      uint32_t Target = E.kind() == EventKind::Assign ? Copy(Copy, E.target()) : E.target(); // otherwise no value
      uint32_t Value = Copy(Copy, E.value());
      F->events.emplace_back(E.kind(), E.flags(), Callee, Object, Target, Value, First, E.argument_count(),
                             E.location());
    }
    for (const SkeletonEdge &E : B.Edges)
      F->edges.emplace_back(NewBlock[E.To], Copy(Copy, E.Guard), E.Truth, E.Unwind);
    F->blocks[NewBlock[Index]] = facts::Block(FirstEvent, static_cast<uint32_t>(B.Events.size()), FirstEdge,
                                              static_cast<uint32_t>(B.Edges.size()));
  }
  return F;
}

std::unique_ptr<facts::FunctionT> Reducer::run() {
  for (bool Changed = true; Changed;) {
    Changed = false;
    while (skipEmptyBlocks() || joinChains())
      ;
    Changed = dropAssignments();
  }
  return layOut();
}

std::unique_ptr<facts::FunctionT> fencelint::reduce(Skeleton S) { return Reducer(std::move(S)).run(); }
