//===- FieldsInCode.cpp - what code does to the fields of structs ------------------===//
#include "checks/link/FieldsInCode.h"
#include "checks/link/Program.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

void FieldsInCode::noteTests(const Program &P, const ProgramFunction &Fn, uint32_t Value, llvm::DenseSet<uint32_t> &Seen) {
  if (!Seen.insert(Value).second)
    return;
  const facts::Value *V = Fn.Body->values()->Get(Value);
  switch (V->kind()) {
  case K::Field:
    Tested.insert(P.global(Fn.Unit, V->b()));
    return;
  case K::Not:
  case K::BitNot:
    return noteTests(P, Fn, V->a(), Seen);
  case K::BitAnd:
  case K::BitOr:
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    noteTests(P, Fn, V->a(), Seen);
    return noteTests(P, Fn, V->b(), Seen);
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
      noteTests(P, Fn, E->guard(), Seen);
}

void FieldsInCode::collect(const Program &P) {
  for (const ProgramFunction &Fn : P.Functions)
    if (Fn.Body)
      read(P, Fn);
}

bool FieldsInCode::mayBeFilled(const Program &P, SymbolId Field) const {
  return FilledFields.contains(Field) || FilledRecords.contains(P.Symbols[Field].Parent);
}
