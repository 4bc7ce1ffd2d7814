//===- Hash.cpp - what a function is, wherever it was seen -----------------------===//
//
// Hundreds of units hold the same header function under different indices. The hash reads through every index: entities as USR
// and owner, texts as text, files as paths. Values, events and edges refer to each other by position within the function,
// which is the same wherever the function is the same.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/FactsFile.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/xxhash.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

class Content {
public:
  explicit Content(const facts::UnitT &Unit) : Unit(Unit) {}
  uint64_t hash() const { return llvm::xxh3_64bits(llvm::ArrayRef<uint8_t>(Bytes)); }

  void number(uint64_t N) {
    for (unsigned I = 0; I < 8; ++I)
      Bytes.push_back(static_cast<uint8_t>(N >> (8 * I)));
  }
  void text(uint32_t Index) {
    const std::string &Text = Unit.strings[Index];
    number(Text.size());
    Bytes.append(Text.begin(), Text.end());
  }
  void entity(uint32_t Index) {
    number(static_cast<uint64_t>(Unit.entities[Index].kind()));
    text(Unit.entities[Index].usr());
    text(Unit.entities[Index].owner());
  }
  void location(const facts::Location &L) {
    number(static_cast<uint64_t>(L.line()) << 32 | L.column());
    text(L.file());
  }

private:
  const facts::UnitT &Unit;
  llvm::SmallVector<uint8_t, 4096> Bytes;
};

} // namespace

uint64_t fencelint::contentHash(const facts::UnitT &Unit, const facts::FunctionT &F) {
  Content C(Unit);
  C.entity(F.entity);
  C.number(F.parameter_count);
  C.number(F.locals.size());
  for (uint32_t Name : F.locals)
    C.text(Name);
  for (const facts::Value &V : F.values) {
    C.number(static_cast<uint64_t>(V.kind()));
    if (V.kind() == K::Global || V.kind() == K::Function)
      C.entity(V.a());
    else
      C.number(V.a());
    if (V.kind() == K::Field)
      C.entity(V.b());
    else
      C.number(V.b());
    C.number(V.number());
  }
  for (uint32_t A : F.arguments)
    C.number(A);
  for (const facts::Event &E : F.events) {
    C.number(static_cast<uint64_t>(E.kind()) << 32 | E.flags());
    C.number(static_cast<uint64_t>(E.callee()) << 32 | E.object());
    if (E.kind() == facts::EventKind::Macro)
      C.text(E.target());
    else if (E.kind() == facts::EventKind::Call && E.target() != None)
      C.entity(E.target());
    else
      C.number(E.target());
    C.number(E.value());
    C.number(static_cast<uint64_t>(E.first_argument()) << 32 | E.argument_count());
    C.location(E.location());
  }
  for (const facts::Edge &E : F.edges) {
    C.number(static_cast<uint64_t>(E.to()) << 32 | E.guard());
    C.number((E.truth() ? 1 : 0) | (E.unwind() ? 2 : 0));
  }
  for (const facts::Block &B : F.blocks) {
    C.number(static_cast<uint64_t>(B.first_event()) << 32 | B.event_count());
    C.number(static_cast<uint64_t>(B.first_edge()) << 32 | B.edge_count());
  }
  return C.hash();
}
