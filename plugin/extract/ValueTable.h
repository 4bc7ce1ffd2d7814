//===- ValueTable.h - the values of one function, each once ----------------===//
//
// Hash-consing makes "the same expression" a comparison of two numbers, here and for everyone who reads the facts.
// Simplification happens when a value is made: `&*p` is p, `(&s)->f` is `s.f`, `!!x` in a condition is x.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_EXTRACT_VALUETABLE_H
#define FENCELINT_EXTRACT_VALUETABLE_H

#include "checks/facts/FactsFile.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>
#include <vector>

namespace fencelint {

using ValueId = uint32_t;

class ValueTable {
public:
  const facts::Value &operator[](ValueId V) const { return Values[V]; }
  facts::ValueKind kind(ValueId V) const { return Values[V].kind(); }
  llvm::ArrayRef<facts::Value> all() const { return Values; }

  ValueId unknown() { return intern(facts::ValueKind::Unknown, 0, 0, Serial++); }
  /// A string: not known, but the same for equal texts. Negative, so that no serial is like it.
  ValueId text(llvm::StringRef Bytes) {
    return intern(facts::ValueKind::Unknown, 0, 0, -1 - static_cast<int64_t>(llvm::xxh3_64bits(Bytes) >> 1));
  }
  ValueId constant(int64_t N) { return intern(facts::ValueKind::Constant, 0, 0, N); }
  ValueId leaf(facts::ValueKind Kind, uint32_t A = 0) { return intern(Kind, A, 0, 0); }
  /// Of an object or of a pointer to it.
  ValueId field(ValueId Base, uint32_t Entity);
  ValueId element(ValueId Base, ValueId Index) { return intern(facts::ValueKind::Element, object(Base), Index, 0); }
  ValueId dereference(ValueId V);
  ValueId addressOf(ValueId V);
  ValueId unary(facts::ValueKind Kind, ValueId V);
  ValueId binary(facts::ValueKind Kind, ValueId A, ValueId B);
  /// Less or LessEqual.
  ValueId compare(facts::ValueKind Kind, ValueId A, ValueId B, bool IsUnsigned);
  ValueId choose(ValueId Condition, ValueId True, ValueId False);
  /// The number, when it is one.
  std::optional<int64_t> number(ValueId V) const;

  /// Calls F on each operand that is a value.
  template <typename Callable> void forOperands(ValueId V, Callable F) const {
    const facts::Value &X = Values[V];
    using K = facts::ValueKind;
    switch (X.kind()) {
    case K::Unknown:
    case K::Constant:
    case K::Parameter:
    case K::This:
    case K::Local:
    case K::Global:
    case K::Function:
    case K::Result:
      break;
    case K::Choose:
      F(static_cast<ValueId>(X.number()));
      F(X.a());
      F(X.b());
      break;
    case K::Field:
    case K::Dereference:
    case K::AddressOf:
    case K::Not:
    case K::BitNot:
    case K::Negate:
      F(X.a());
      break;
    default:
      F(X.a());
      F(X.b());
    }
  }

private:
  struct Key {
    uint8_t Kind;
    uint32_t A, B;
    int64_t Number;
  };
  struct KeyInfo {
    static Key getEmptyKey() { return {255, 0, 0, 0}; }
    static Key getTombstoneKey() { return {254, 0, 0, 0}; }
    static unsigned getHashValue(const Key &K);
    static bool isEqual(const Key &L, const Key &R) {
      return L.Kind == R.Kind && L.A == R.A && L.B == R.B && L.Number == R.Number;
    }
  };
  std::vector<facts::Value> Values;
  std::vector<uint8_t> Depths;
  llvm::DenseMap<Key, ValueId, KeyInfo> Index;
  int64_t Serial = 0;

  ValueId intern(facts::ValueKind Kind, uint32_t A, uint32_t B, int64_t Number);
  /// The object that a field or an element of V is in: a pointer and what it points to are the same here.
  ValueId object(ValueId V) const;
};

} // namespace fencelint
#endif
