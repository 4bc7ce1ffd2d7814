//===- FieldsInCode.cpp - what code does to the fields of structs ------------------===//
#include "checks/link/FieldsInCode.h"
#include "checks/link/Program.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

/// Members of one object that are worth remembering after it was filled with zeroes.
static constexpr size_t MostKept = 12;

void FieldsInCode::noteTests(const Program &P, const ProgramFunction &Fn, uint32_t Value, llvm::DenseSet<SymbolId> &Fields, llvm::DenseSet<uint32_t> &Seen) {
  if (!Seen.insert(Value).second)
    return;
  const facts::Value *V = Fn.Body->values()->Get(Value);
  switch (V->kind()) {
  case K::Field:
    Fields.insert(P.global(Fn.Unit, V->b()));
    return;
  case K::Not:
  case K::BitNot:
    return noteTests(P, Fn, V->a(), Fields, Seen);
  case K::BitAnd:
  case K::BitOr:
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    noteTests(P, Fn, V->a(), Fields, Seen);
    return noteTests(P, Fn, V->b(), Fields, Seen);
  default:
    return;
  }
}

/// A part of a struct of the function's own.
static bool isInLocal(const facts::Function &Body, const facts::Value *Place) {
  while (Place->kind() == K::Field)
    Place = Body.values()->Get(Place->a());
  return Place->kind() == K::Local || Place->kind() == K::Unknown;
}

void FieldsInCode::read(const Program &P, const ProgramFunction &Fn) {
  const facts::Function &B = *Fn.Body;
  auto At = [&](uint32_t Value) { return B.values()->Get(Value); };
  auto Write = [&](const facts::Value *Place) {
    SymbolId Field = P.global(Fn.Unit, Place->b());
    Written.insert(Field);
    if (!isInLocal(B, Place))
      FilledFields.insert(Field);
    return Field;
  };
  for (const facts::Event *E : *B.events()) {
    if (E->kind() == EventKind::Call && E->target() != None)
      FilledRecords.insert(P.global(Fn.Unit, E->target()));
    for (uint32_t I = 0; E->kind() == EventKind::Call && I < E->argument_count(); ++I) // who is given its address may write it
      if (const facts::Value *A = At(B.arguments()->Get(E->first_argument() + I)); A->kind() == K::AddressOf && At(A->a())->kind() == K::Field)
        Write(At(A->a()));
    if (E->kind() != EventKind::Assign || At(E->target())->kind() != K::Field || isLeftOut(*E))
      continue;
    SymbolId Field = Write(At(E->target()));
    const facts::Value *Value = At(E->value());
    if (Value->kind() == K::Function)
      Given.insert({Field, P.Symbols[P.global(Fn.Unit, Value->a())].Function});
    else if (Value->kind() != K::Constant)
      Mixed.insert(Field);
  }
  llvm::DenseSet<uint32_t> Seen;
  for (const facts::Edge *E : *B.edges())
    if (E->guard() != None)
      noteTests(P, Fn, E->guard(), Tested, Seen);
  Seen.clear();
  for (uint32_t Passed : *B.arguments())
    noteTests(P, Fn, Passed, AskedFor, Seen);
  for (const facts::Event *E : *B.events())
    if (E->kind() == EventKind::Return && E->value() != None)
      noteTests(P, Fn, E->value(), AskedFor, Seen);
}

void FieldsInCode::collect(const Program &P) {
  for (const ProgramFunction &Fn : P.Functions)
    if (Fn.Body)
      read(P, Fn);
  AskedFor.insert(Tested.begin(), Tested.end());
  for (SymbolId Field : AskedFor)
    AskedForOf[P.Symbols[Field].Parent].push_back(Field);
  for (auto &[Record, Fields] : AskedForOf)
    llvm::sort(Fields);
}

llvm::ArrayRef<SymbolId> FieldsInCode::askedForOf(SymbolId Record) const {
  auto Of = AskedForOf.find(Record);
  return Of == AskedForOf.end() || Of->second.size() > MostKept ? llvm::ArrayRef<SymbolId>() : llvm::ArrayRef(Of->second);
}

bool FieldsInCode::mayBeFilled(const Program &P, SymbolId Field) const {
  return FilledFields.contains(Field) || FilledRecords.contains(P.Symbols[Field].Parent);
}
