//===- ValueTable.cpp - interning and the simplest identities ----------------===//
//
// Arithmetic is 64-bit two's complement; who knows the type narrows the result (Expressions.cpp).
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/ValueTable.h"
#include "llvm/ADT/Hashing.h"

using namespace fencelint;
using K = facts::ValueKind;

static constexpr uint8_t MaxDepth = 100;

unsigned ValueTable::KeyInfo::getHashValue(const Key &Key) {
  return static_cast<unsigned>(llvm::hash_combine(Key.Kind, Key.A, Key.B, Key.Number));
}

ValueId ValueTable::intern(K Kind, uint32_t A, uint32_t B, int64_t Number) {
  auto [It, New] = Index.try_emplace(Key{static_cast<uint8_t>(Kind), A, B, Number}, Values.size());
  if (!New)
    return It->second;
  ValueId Id = It->second;
  Values.emplace_back(Kind, A, B, Number);
  uint8_t Depth = 0;
  forOperands(Id, [&](ValueId Operand) { Depth = std::max(Depth, Depths[Operand]); });
  Depths.push_back(Depth + 1);
  if (Depth < MaxDepth)
    return Id;
  // A thousand-term sum tells nobody anything, and readers recurse.
  Values[Id] = facts::Value(K::Unknown, 0, 0, Serial++);
  Depths[Id] = 1;
  return Id;
}

std::optional<int64_t> ValueTable::number(ValueId V) const {
  if (kind(V) == K::Constant)
    return Values[V].number();
  return std::nullopt;
}

ValueId ValueTable::object(ValueId V) const {
  while (kind(V) == K::AddressOf || kind(V) == K::Dereference)
    V = Values[V].a();
  return V;
}

ValueId ValueTable::field(ValueId Base, uint32_t Entity) { return intern(K::Field, object(Base), Entity, 0); }

ValueId ValueTable::dereference(ValueId V) {
  if (kind(V) == K::AddressOf)
    return Values[V].a();
  return kind(V) == K::Function ? V : intern(K::Dereference, V, 0, 0);
}

ValueId ValueTable::addressOf(ValueId V) {
  if (kind(V) == K::Dereference)
    return Values[V].a();
  return kind(V) == K::Function ? V : intern(K::AddressOf, V, 0, 0);
}

ValueId ValueTable::unary(K Kind, ValueId V) {
  if (std::optional<int64_t> N = number(V)) {
    uint64_t Bits = *N;
    return constant(Kind == K::Not ? *N == 0 : Kind == K::BitNot ? ~Bits : -Bits);
  }
  if (Kind == K::Not) {
    if (kind(V) == K::Not) {
      K Inner = kind(Values[V].a());
      if (Inner == K::Not || Inner == K::Equal || Inner == K::Less || Inner == K::LessEqual)
        return Values[V].a();
    }
    if (kind(V) == K::Function || kind(V) == K::AddressOf || kind(V) == K::This)
      return constant(0);
  }
  return intern(Kind, V, 0, 0);
}

ValueId ValueTable::binary(K Kind, ValueId A, ValueId B) {
  std::optional<int64_t> X = number(A), Y = number(B);
  if (X && Y) {
    uint64_t L = *X, R = *Y;
    switch (Kind) {
    case K::BitAnd:
      return constant(L & R);
    case K::BitOr:
      return constant(L | R);
    case K::Add:
      return constant(L + R);
    case K::Subtract:
      return constant(L - R);
    case K::ShiftLeft:
      return constant(R < 64 ? L << R : 0);
    case K::ShiftRight:
      return constant(R < 64 ? *X >> R : 0);
    case K::Equal:
      return constant(L == R);
    case K::Divide:
    case K::Remainder:
      if (*X >= 0 && *Y > 0)
        return constant(Kind == K::Divide ? *X / *Y : *X % *Y);
      break;
    default:
      break;
    }
  }
  if ((Kind == K::Add || Kind == K::Subtract || Kind == K::BitOr || Kind == K::ShiftLeft || Kind == K::ShiftRight) &&
      Y == 0)
    return A;
  if ((Kind == K::Add || Kind == K::BitOr) && X == 0)
    return B;
  if (Kind == K::BitAnd && (X == 0 || Y == 0))
    return constant(0);
  if (Kind == K::Equal) {
    if (X)
      std::swap(A, B), std::swap(X, Y);
    if (Y == 0)
      return unary(K::Not, A);
  }
  return intern(Kind, A, B, 0);
}

ValueId ValueTable::compare(K Kind, ValueId A, ValueId B, bool IsUnsigned) {
  std::optional<int64_t> X = number(A), Y = number(B);
  if (!X || !Y)
    return intern(Kind, A, B, IsUnsigned);
  uint64_t L = *X, R = *Y;
  if (Kind == K::Less)
    return constant(IsUnsigned ? L < R : *X < *Y);
  return constant(IsUnsigned ? L <= R : *X <= *Y);
}

ValueId ValueTable::choose(ValueId Condition, ValueId True, ValueId False) {
  if (std::optional<int64_t> N = number(Condition))
    return *N ? True : False;
  if (kind(Condition) == K::Not)
    return choose(Values[Condition].a(), False, True);
  return True == False ? True : intern(K::Choose, True, False, Condition);
}
