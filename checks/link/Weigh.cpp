//===- Weigh.cpp - is it this driver's function, are these this driver's objects? -----------===//
//
// A pointer leads to the functions of many drivers, and a condition in a core holds for the objects of some of them. What tells them apart decides
// whether a chain is possible at all, and where nothing does, how sure it is.
//
//===-------------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;
using K = facts::ValueKind;

/// Of what a table says, so much is told to callers.
static constexpr unsigned MostBeside = 2;

/// A bit of a field that this file gives its own objects, but never that bit; another file does (OwnBits.h).
bool Simulation::isOthersBit(ExprId Tested) const {
  const Expr &E = P.Exprs[Tested];
  if (E.Kind != K::BitAnd || P.Exprs[E.B].Kind != K::Constant || P.Exprs[E.A].Kind != K::Field)
    return false;
  SymbolId Field = P.Exprs[E.A].B;
  uint64_t Bits = P.Exprs[E.B].Number;
  auto Own = P.OwnBits.find({Field, Fn.Unit});
  return Own != P.OwnBits.end() && !(Own->second & Bits) && (P.NamedBits.lookup(Field) & Bits);
}

/// A field that nobody ever sets in this module's objects (Setters.h).
bool Simulation::isOthersField(ExprId Tested) const {
  const Expr &E = P.Exprs[Tested];
  return E.Kind == K::Field && Fn.Module && Fn.CopiesIn.empty() && P.Sets.isOnlyForOthers(P, E.B, Fn.Module);
}

/// A pointer may lead to n functions, of which k sleep: the one that is really there sleeps in k of n cases. Counted per module, because
/// who calls into one driver gets that driver's functions. An override has its base's contract, so a virtual call is never worth little.
void Simulation::weigh(Resolution &R) const {
  struct Count {
    uint32_t All = 0, Sleeping = 0, Other = 0, Asked = 0;
  };
  llvm::SmallDenseMap<uint32_t, Count, 8> PerModule;
  for (const Callee &C : R.Callees) {
    bool Sleeps = false, Else = false, Asked = false;
    for (const EffectFact &E : P.Functions[C.Function].Summary.Effects)
      if (!E.Dead && !E.CallsParameter && E.Audited == None)
        (E.Kind == EffectKind::Asked ? Asked : isSleeping(E.Kind) ? Sleeps : Else) = true;
    Count &N = PerModule[C.Module];
    N.All += C.Times;
    N.Sleeping += Sleeps ? C.Times : 0;
    N.Other += Else ? C.Times : 0;
    N.Asked += Asked ? C.Times : 0;
  }
  for (Callee &C : R.Callees) {
    const Count &N = PerModule[C.Module];
    if (C.How == Via::Direct)
      continue;
    uint32_t All = std::max(N.All, C.Tables);
    uint32_t Least = C.How == Via::Virtual ? 7 * Certain / 8 : 1;
    C.Sleeping = std::max(Least, Certain * N.Sleeping / All);
    C.Other = std::max(Least, Certain * N.Other / All);
    C.Asked = std::max(Least, Certain * N.Asked / All);
  }
}

/// A file with a table of its own, which fills the slot in the same unit, means its own function when it calls the slot and when it gets back to
/// it through others: `done(task)` calls the `next()` of the driver whose task that is. Another file's function there is not impossible (such
/// objects may be stacked), but hardly meant.
void Simulation::weighOwner(EffectFact &Fact, const EffectFact &Of, const Callee &C) const {
  bool IsSlot = C.How == Via::Slot && C.Slot != None && C.Module;
  Fact.Slot = IsSlot ? C.Slot : Of.Slot;
  Fact.Owner = IsSlot ? P.Functions[C.Function].Unit : Of.Owner;
  if (Fact.Slot == None || !Fn.Module || !P.Fills.contains({Fact.Slot, Fn.Unit}))
    return;
  if (Fact.Owner != Fn.Unit)
    Fact.Sure = hardly(Fact.Sure);
  Fact.Slot = Fact.Owner = None;
}

/// The fields of this object that an expression reads.
llvm::SmallVector<SymbolId, 2> Simulation::fieldsOf(ExprId Object, ExprId In) const {
  const Expr &E = P.Exprs[In];
  switch (E.Kind) {
  case K::Field:
    return E.A == Object ? llvm::SmallVector<SymbolId, 2>{E.B} : llvm::SmallVector<SymbolId, 2>{};
  case K::Not:
    return fieldsOf(Object, E.A);
  case K::BitAnd:
  case K::Equal:
  case K::Less:
  case K::LessEqual: {
    llvm::SmallVector<SymbolId, 2> All = fieldsOf(Object, E.A);
    All.append(fieldsOf(Object, E.B));
    return All;
  }
  default:
    return {};
  }
}

/// A test on the way here denies what the tables of that function say of the object it is called on.
bool Simulation::isDeniedBeside(const Callee &C, const State &S) const {
  llvm::SmallVector<std::pair<ExprId, Knowledge>, 2> Said;
  llvm::SmallVector<const Atom *, 2> Tests;
  for (const Atom &A : S.Facts) {
    llvm::SmallVector<SymbolId, 2> Fields = fieldsOf(C.Object, A.Of);
    if (Logic.isOfBefore(A.Of, S))
      continue;
    for (SymbolId Field : Fields)
      Said.push_back({P.Exprs.make(K::Field, C.Object, Field), P.Beside.beside(P, C.Slot, C.Function, Field)});
    if (!Fields.empty())
      Tests.push_back(&A);
  }
  if (Tests.empty())
    return false;
  State Assumed = S;
  for (auto [Field, Is] : Said)
    if (!Logic.learn(Field, Is, Assumed))
      return true;
  return llvm::any_of(Tests, [&](const Atom *A) { return !Logic.know(Logic.evaluate(A->Of, Assumed), Assumed).meet(A->Is).Signs; });
}

/// What the tables of a function that a call gets to through a pointer say of the object it is called on: nothing when a test on the way there denies it.
/// Only what callers may decide is kept.
std::optional<Guard> Simulation::besideHere(const Callee &C, const State &S) const {
  Guard Says;
  if (C.How != Via::Slot || C.Slot == None || !C.Object)
    return Says;
  if (isDeniedBeside(C, S))
    return std::nullopt;
  const Expr &Object = P.Exprs[C.Object];
  if (!Object.UsesEntry || Object.Opaque)
    return Says;
  for (SymbolId Field : P.Beside.distinguishing(C.Slot, C.Function)) {
    ExprId Of = P.Exprs.make(K::Field, C.Object, Field);
    Knowledge Is = P.Beside.beside(P, C.Slot, C.Function, Field);
    if (Says.size() < MostBeside && !Is.isNothing() && Logic.know(Of, S).isNothing())
      Says.push_back({Of, Is});
  }
  return Says;
}
