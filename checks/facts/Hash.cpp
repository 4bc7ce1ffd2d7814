//===- Hash.cpp - equal functions of two units have equal hashes ----------------------===//
//
// A header's function is written by every unit that uses it, each with its own numbering. The hash follows every index to what it names, so
// the linker can keep one.
//
//===------------------------------------------------------------------------------------===//
#include "checks/facts/FactsFile.h"
#include "llvm/Support/xxhash.h"

using namespace fencelint;

namespace {

class Hashing {
public:
  Hashing(const facts::UnitT &U, const facts::FunctionT &F) : U(U), F(F) {}
  uint64_t run();

private:
  const facts::UnitT &U;
  const facts::FunctionT &F;
  std::vector<uint8_t> Bytes;

  void number(uint64_t N) {
    for (unsigned I = 0; I < 8; ++I)
      Bytes.push_back(static_cast<uint8_t>(N >> 8 * I));
  }
  void text(uint32_t Index) {
    const std::string &S = U.strings[Index];
    number(S.size());
    Bytes.insert(Bytes.end(), S.begin(), S.end());
  }
  void entity(uint32_t Index) {
    text(U.entities[Index].usr());
    text(U.entities[Index].owner());
  }
  void location(const facts::Location &L) {
    text(L.file());
    number(uint64_t(L.line()) << 32 | L.column());
  }
  void value(const facts::Value &V);
};

} // namespace

void Hashing::value(const facts::Value &V) {
  using K = facts::ValueKind;
  number(static_cast<uint64_t>(V.kind()));
  number(V.number());
  if (V.kind() == K::Global || V.kind() == K::Function)
    entity(V.a());
  else
    number(V.a());
  if (V.kind() == K::Field)
    entity(V.b());
  else
    number(V.b());
}

uint64_t Hashing::run() {
  entity(F.entity);
  number(F.parameter_count);
  for (uint32_t L : F.locals)
    text(L);
  number(F.values.size());
  for (const facts::Value &V : F.values)
    value(V);
  for (uint32_t A : F.arguments)
    number(A);
  for (const facts::Event &E : F.events) {
    number(uint64_t(E.kind()) << 32 | E.flags());
    number(uint64_t(E.callee()) << 32 | E.object());
    if (E.kind() == facts::EventKind::Macro)
      text(E.target());
    else
      number(E.target());
    number(E.value());
    number(uint64_t(E.first_argument()) << 32 | E.argument_count());
    location(E.location());
  }
  for (const facts::Edge &E : F.edges)
    number(uint64_t(E.to()) << 34 | uint64_t(E.guard()) << 2 | E.truth() << 1 | E.unwind());
  for (const facts::Block &B : F.blocks) {
    number(uint64_t(B.first_event()) << 32 | B.event_count());
    number(uint64_t(B.first_edge()) << 32 | B.edge_count());
  }
  return llvm::xxh3_64bits(Bytes);
}

uint64_t fencelint::contentHash(const facts::UnitT &Unit, const facts::FunctionT &Function) {
  return Hashing(Unit, Function).run();
}
