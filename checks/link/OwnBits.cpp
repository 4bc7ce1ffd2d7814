//===- OwnBits.cpp - which bits a file gives a field of its own objects -----------===//
//
// `port.capabilities = CAP_FIFO | CAP_AFE;` in a driver's probe() names what its ports can do. What the core does only `if (port->capabilities & CAP_RPM)`
// is done for another driver's ports, also where this driver's handler calls the core. Only a file that names bits when it sets an object up says so: one
// that copies what others chose, or that merely adds a bit to somebody else's object, knows nothing of the rest.
//
//===------------------------------------------------------------------------------===//
#include "checks/link/OwnBits.h"
#include "checks/link/FieldsInCode.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

static constexpr uint64_t AnyBits = ~uint64_t(0);

namespace {

class Body {
public:
  Body(const Program &P, const ProgramFunction &F) : P(P), F(F) {}
  void run(llvm::DenseMap<std::pair<SymbolId, uint32_t>, uint64_t> &Bits,
           llvm::DenseSet<std::pair<SymbolId, uint32_t>> &SetUp) const;

private:
  const Program &P;
  const ProgramFunction &F;

  const facts::Value &value(uint32_t Id) const { return *F.Body->values()->Get(Id); }
  uint64_t bitsOf(uint32_t Id, SymbolId Field, unsigned Depth = 0) const;
  bool isInLocal(uint32_t Id) const;
};

} // namespace

/// What the value may add to the field, which itself adds nothing.
uint64_t Body::bitsOf(uint32_t Id, SymbolId Field, unsigned Depth) const {
  const facts::Value &V = value(Id);
  if (Depth > 8)
    return AnyBits;
  switch (V.kind()) {
  case K::Constant:
    return V.number();
  case K::Field:
    return P.global(F.Unit, V.b()) == Field ? 0 : AnyBits;
  case K::BitOr:
    return bitsOf(V.a(), Field, Depth + 1) | bitsOf(V.b(), Field, Depth + 1);
  case K::BitAnd:
    return bitsOf(V.a(), Field, Depth + 1) & bitsOf(V.b(), Field, Depth + 1);
  case K::Choose:
    return bitsOf(V.a(), Field, Depth + 1) | bitsOf(V.b(), Field, Depth + 1);
  default:
    return AnyBits;
  }
}

/// A field of a struct of the function's own, which somebody else will copy.
bool Body::isInLocal(uint32_t Id) const {
  const facts::Value *V = &value(Id);
  while (V->kind() == K::Field)
    V = &value(V->a());
  return V->kind() == K::Local;
}

void Body::run(llvm::DenseMap<std::pair<SymbolId, uint32_t>, uint64_t> &Bits,
               llvm::DenseSet<std::pair<SymbolId, uint32_t>> &SetUp) const {
  for (const facts::Event *E : *F.Body->events()) {
    if (E->kind() != EventKind::Assign || value(E->target()).kind() != K::Field || isLeftOut(*E))
      continue;
    SymbolId Field = P.global(F.Unit, value(E->target()).b());
    std::pair<SymbolId, uint32_t> Key{Field, F.Unit};
    uint64_t Given = E->value() == None ? AnyBits : bitsOf(E->value(), Field);
    Bits[Key] |= Given;
    if (Given && Given != AnyBits && (value(E->value()).kind() == K::Constant || isInLocal(E->target())))
      SetUp.insert(Key);
  }
}

void fencelint::collectOwnBits(Program &P) {
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, uint64_t> Bits;
  llvm::DenseSet<std::pair<SymbolId, uint32_t>> SetUp;
  for (const ProgramFunction &F : P.Functions)
    if (F.Body)
      Body(P, F).run(Bits, SetUp);
  for (const auto &[Key, Given] : Bits) {
    if (Given == AnyBits)
      continue;
    P.NamedBits[Key.first] |= Given;
    if (SetUp.contains(Key))
      P.OwnBits.insert({Key, Given});
  }
}
