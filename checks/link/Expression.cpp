//===- Expression.cpp - hash-consing and simplification ---------------------===//
//
// The simplifier knows just what real guards need: masks pushed through `|` and `&` of constants (so that `gfp | __GFP_ZERO`
// keeps what is known of `gfp`), comparisons of constants, and `&*x == x`. It never grows an expression.
//
//===----------------------------------------------------------------------===//
#include "checks/link/Expression.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

/// Half of the time that goes into expressions goes into finding them: two multiplications, instead of the careful mixing of llvm::hash_combine().
unsigned ExprTable::KeyInfo::getHashValue(const Key &K) {
  uint64_t Mixed = (uint64_t(K.A) << 32 | K.B) * 0x9e3779b97f4a7c15u + (static_cast<uint64_t>(K.Number) ^ uint64_t(K.Kind) << 56) * 0xc2b2ae3d27d4eb4fu;
  return static_cast<unsigned>((Mixed ^ Mixed >> 32) * 0x9e3779b97f4a7c15u >> 32);
}

ExprTable::ExprTable() {
  Exprs.push_back({K::Unknown, false, true, 0, 0, -1});
  SomeBits = make(K::Local, UINT32_MAX);
}

static bool isLeaf(K Kind) {
  switch (Kind) {
  case K::Unknown:
  case K::Constant:
  case K::Parameter:
  case K::This:
  case K::Local:
  case K::Global:
  case K::Function:
  case K::Result:
    return true;
  default:
    return false;
  }
}

static bool isBinary(K Kind) {
  switch (Kind) {
  case K::Element:
  case K::BitAnd:
  case K::BitOr:
  case K::Add:
  case K::Subtract:
  case K::ShiftLeft:
  case K::ShiftRight:
  case K::Divide:
  case K::Remainder:
  case K::Equal:
  case K::Less:
  case K::LessEqual:
  case K::Choose:
    return true;
  default:
    return false;
  }
}

/// Nothing is known of what nobody could follow: mixing arithmetic doubles with every line.
static constexpr uint64_t LargestTree = 256;

/// Fields are followed through writes so far from what was passed: a parameter is one long, each field one more.
static constexpr uint32_t FarthestField = 4;

/// The serial of what a place holds now: above those of the facts (facts.fbs).
static constexpr int64_t NowInPlace = int64_t(1) << 41;

ExprId ExprTable::intern(K Kind, uint32_t A, uint32_t B, int64_t Number) {
  uint64_t Size = 1;
  if (!isLeaf(Kind)) {
    if (!A || (isBinary(Kind) && !B) || (Kind == K::Choose && !Number))
      return NoExpr;
    Size += Exprs[A].Size + (isBinary(Kind) ? Exprs[B].Size : 0) + (Kind == K::Choose ? Exprs[Number].Size : 0);
    if (Size > LargestTree)
      return NoExpr;
  }
  auto [It, New] = Index.try_emplace(Key{static_cast<uint8_t>(Kind), A, B, Number}, Exprs.size());
  if (!New)
    return It->second;
  Expr E;
  E.Kind = Kind;
  E.A = A;
  E.B = B;
  E.Number = Number;
  E.Size = Size;
  if (isLeaf(Kind)) {
    E.UsesEntry = Kind == K::Parameter || Kind == K::This;
    E.Opaque = Kind == K::Local || Kind == K::Result || Kind == K::Unknown;
  } else {
    E.UsesEntry = Exprs[A].UsesEntry;
    E.Opaque = Exprs[A].Opaque;
    if (isBinary(Kind)) {
      E.UsesEntry |= Exprs[B].UsesEntry;
      E.Opaque |= Exprs[B].Opaque;
    }
    if (Kind == K::Choose) {
      E.UsesEntry |= Exprs[Number].UsesEntry;
      E.Opaque |= Exprs[Number].Opaque;
    }
  }
  Exprs.push_back(E);
  return It->second;
}

/// `x & Mask` with constants pulled out of x. Knows that a set bit makes the test true: then any non-zero constant will do.
ExprId ExprTable::makeMask(ExprId A, int64_t Mask) {
  const Expr E = Exprs[A];
  switch (E.Kind) {
  case K::Constant:
    return constant(E.Number & Mask);
  case K::BitOr:
    for (auto [Side, Other] : {std::pair(E.A, E.B), std::pair(E.B, E.A)}) {
      if (Exprs[Side].Kind != K::Constant)
        continue;
      if (int64_t Set = Exprs[Side].Number & Mask)
        return Set == Mask ? constant(Set) : intern(K::BitAnd, A, constant(Mask), 0);
      return makeMask(Other, Mask);
    }
    break;
  case K::BitAnd:
    for (auto [Side, Other] : {std::pair(E.A, E.B), std::pair(E.B, E.A)})
      if (Exprs[Side].Kind == K::Constant)
        return makeMask(Other, Exprs[Side].Number & Mask);
    break;
  case K::Choose: {
    ExprId T = makeMask(E.A, Mask), F = makeMask(E.B, Mask);
    return T == F ? T : make(K::Choose, T, F, E.Number);
  }
  default:
    break;
  }
  return Mask == 0 ? constant(0) : intern(K::BitAnd, A, constant(Mask), 0);
}

/// `(c ? 1 : 2) == 1`: decided on each side.
ExprId ExprTable::compareChoice(K Kind, ExprId Choice, ExprId Constant, int64_t Number) {
  const Expr E = Exprs[Choice];
  ExprId T = make(Kind, E.A, Constant, Number), F = make(Kind, E.B, Constant, Number);
  bool IsDecided = Exprs[T].Kind == K::Constant || Exprs[F].Kind == K::Constant;
  return IsDecided ? make(K::Choose, T, F, E.Number) : intern(Kind, Choice, Constant, Number);
}

/// `container_of(&b->member, struct big, member)` is b: what a pointer into an object, moved back or not, is as an object that has this field.
/// NoExpr for any other pointer.
ExprId ExprTable::containerOf(ExprId Pointer, uint32_t Field) const {
  const Expr *P = &Exprs[Pointer];
  if (P->Kind == K::Subtract && Exprs[P->B].Kind == K::Constant)
    P = &Exprs[P->A];
  if (P->Kind != K::AddressOf || Field >= Parents.size() || Parents[Field] == ~0u)
    return NoExpr;
  for (ExprId Part = P->A; Exprs[Part].Kind == K::Field; Part = Exprs[Part].A)
    if (uint32_t Member = Exprs[Part].B; Member < Parents.size() && Parents[Member] == Parents[Field])
      return Exprs[Part].A;
  return NoExpr;
}

ExprId ExprTable::makeBinary(K Kind, ExprId A, ExprId B, int64_t Number) {
  const Expr L = Exprs[A], R = Exprs[B];
  if (L.Kind == K::Constant && R.Kind == K::Constant) {
    uint64_t X = L.Number, Y = R.Number;
    switch (Kind) {
    case K::BitAnd: return constant(X & Y);
    case K::BitOr: return constant(X | Y);
    case K::Add: return constant(X + Y);
    case K::Subtract: return constant(X - Y);
    case K::ShiftLeft: return Y < 64 ? constant(X << Y) : constant(0);
    case K::ShiftRight: return Y < 64 ? constant(L.Number >> Y) : constant(0);
    case K::Divide: return R.Number > 0 && L.Number >= 0 ? constant(X / Y) : intern(Kind, A, B, 0);
    case K::Remainder: return R.Number > 0 && L.Number >= 0 ? constant(X % Y) : intern(Kind, A, B, 0);
    case K::Equal: return constant(X == Y);
    case K::Less: return constant(Number ? X < Y : L.Number < R.Number);
    case K::LessEqual: return constant(Number ? X <= Y : L.Number <= R.Number);
    default: break;
    }
  }
  if (Kind == K::BitAnd && R.Kind == K::Constant)
    return makeMask(A, R.Number);
  if (Kind == K::BitAnd && L.Kind == K::Constant)
    return makeMask(B, L.Number);
  if ((Kind == K::BitOr || Kind == K::Add || Kind == K::Subtract) && R.Kind == K::Constant && R.Number == 0)
    return A;
  if (Kind == K::LessEqual) // one way to say it
    return make(K::Not, make(K::Less, B, A, Number));
  if (Kind == K::Less && L.Kind == K::Constant && L.Number > 0 && L.Number < INT64_MAX) // 9 < x: not x < 10
    return make(K::Not, make(K::Less, B, constant(L.Number + 1), Number));
  if ((Kind == K::Equal || Kind == K::Less) && L.Kind == K::Choose && R.Kind == K::Constant)
    return compareChoice(Kind, A, B, Number);
  if (Kind == K::Equal) {
    if (A == B && !L.Opaque)
      return constant(1);
    if (L.Kind == K::Constant)
      std::swap(A, B);
    if (Exprs[B].Kind == K::Constant && Exprs[B].Number == 0)
      return make(K::Not, A);
  }
  return intern(Kind, A, B, Number);
}

ExprId ExprTable::make(K Kind, uint32_t A, uint32_t B, int64_t Number) {
  if (isLeaf(Kind))
    return intern(Kind, A, B, Number);
  const Expr X = Exprs[A];
  switch (Kind) {
  case K::Dereference:
    if (X.Kind == K::AddressOf)
      return X.A;
    return intern(Kind, A, 0, 0);
  case K::AddressOf:
    if (X.Kind == K::Dereference)
      return X.A;
    return intern(Kind, A, 0, 0);
  case K::Field: // `p->f` and `(*p).f` and `(&s)->f` are one place
    if (ExprId Around = containerOf(A, B))
      return make(Kind, Around, B);
    return intern(Kind, object(A), B, 0);
  case K::Not:
    if (X.Kind == K::Constant)
      return constant(X.Number == 0);
    if (X.Kind == K::Not && (Exprs[X.A].Kind == K::Not || Exprs[X.A].Kind == K::Equal || Exprs[X.A].Kind == K::Less ||
                             Exprs[X.A].Kind == K::LessEqual))
      return X.A;
    if (X.Kind == K::Choose) {
      const Expr T = Exprs[X.A], F = Exprs[X.B];
      if (T.Kind == K::Constant || F.Kind == K::Constant)
        return make(K::Choose, make(K::Not, X.A), make(K::Not, X.B), X.Number);
    }
    return intern(Kind, A, 0, 0);
  case K::BitNot:
    return X.Kind == K::Constant ? constant(~X.Number) : intern(Kind, A, 0, 0);
  case K::Negate:
    return X.Kind == K::Constant ? constant(-static_cast<uint64_t>(X.Number)) : intern(Kind, A, 0, 0);
  case K::Choose: {
    Knowledge C = know(Number);
    if (C.isTrue())
      return A;
    if (C.isFalse())
      return B;
    if (A == B)
      return A;
    const Expr &Condition = Exprs[Number];
    bool IsTruth = Condition.Kind == K::Not || Condition.Kind == K::Equal || Condition.Kind == K::Less;
    if (IsTruth && X.Kind == K::Constant && Exprs[B].Kind == K::Constant && (X.Number | Exprs[B].Number) == 1)
      return X.Number ? ExprId(Number) : make(K::Not, Number);
    return intern(Kind, A, B, Number);
  }
  case K::Element: // `a[1]` and `(&a)[1]`: an array and the pointer to it are the same here
    return intern(Kind, object(A), B, 0);
  default:
    return makeBinary(Kind, A, B, Number);
  }
}

ExprId ExprTable::object(ExprId Id) const {
  for (;; Id = Exprs[Id].A) {
    Id = beforeCleared(Id);
    if (Exprs[Id].Kind != K::AddressOf && Exprs[Id].Kind != K::Dereference)
      return Id;
  }
}

ExprId ExprTable::wholeOf(ExprId Object) const {
  while (Exprs[Object].Kind == K::Field && Exprs[Object].B < Embedded.size() && Embedded[Exprs[Object].B])
    Object = Exprs[Object].A;
  return Object;
}

bool ExprTable::isMaybe(ExprId Id, ExprId OneOfTwo) const {
  const Expr &E = Exprs[Id];
  return E.Kind == K::Choose && E.Number == SomeBits && (E.A == OneOfTwo || E.B == OneOfTwo);
}

ExprId ExprTable::beforeCleared(ExprId Id) const {
  const Expr &E = Exprs[Id];
  if (E.Kind != K::BitAnd || (E.A != SomeBits && E.B != SomeBits))
    return Id;
  return E.A == SomeBits ? E.B : E.A;
}

ExprId ExprTable::substitute(ExprId Id, llvm::ArrayRef<ExprId> Arguments, ExprId This) {
  const Expr E = Exprs[Id];
  if (!E.UsesEntry)
    return E.Opaque ? NoExpr : Id;
  if (E.Kind == K::Parameter)
    return E.A < Arguments.size() ? Arguments[E.A] : NoExpr;
  if (E.Kind == K::This)
    return This;
  ExprId A = substitute(E.A, Arguments, This);
  if (!A)
    return NoExpr;
  ExprId B = E.B;
  if (isBinary(E.Kind)) {
    B = substitute(E.B, Arguments, This);
    if (!B)
      return NoExpr;
  }
  int64_t Number = E.Number;
  if (E.Kind == K::Choose) {
    Number = substitute(static_cast<ExprId>(E.Number), Arguments, This);
    if (!Number)
      return NoExpr;
  }
  return make(E.Kind, A, B, Number);
}

bool ExprTable::isFlagTest(ExprId Id) const {
  if (Exprs[Id].Kind != K::BitAnd)
    return false;
  ExprId Flags = Exprs[Exprs[Id].A].Kind == K::Constant ? Exprs[Id].B : Exprs[Id].A;
  while (Exprs[Flags].Kind == K::BitOr || Exprs[Flags].Kind == K::BitAnd || Exprs[Flags].Kind == K::BitNot)
    Flags = Exprs[Exprs[Flags].A].Kind == K::Constant && isBinary(Exprs[Flags].Kind) ? Exprs[Flags].B : Exprs[Flags].A;
  return Exprs[Flags].Kind == K::Parameter;
}

bool ExprTable::contains(ExprId Id, ExprId Part) const {
  if (Id == Part)
    return true;
  const Expr &E = Exprs[Id];
  if (isLeaf(E.Kind) || Id == NoExpr)
    return false;
  return contains(E.A, Part) || (isBinary(E.Kind) && contains(E.B, Part)) ||
         (E.Kind == K::Choose && contains(static_cast<ExprId>(E.Number), Part));
}

bool ExprTable::anyPart(ExprId Id, llvm::function_ref<bool(ExprId)> Is) const {
  if (Is(Id))
    return true;
  const Expr &E = Exprs[Id];
  if (isLeaf(E.Kind) || Id == NoExpr)
    return false;
  return anyPart(E.A, Is) || (isBinary(E.Kind) && anyPart(E.B, Is)) || (E.Kind == K::Choose && anyPart(static_cast<ExprId>(E.Number), Is));
}

bool ExprTable::isCallersField(ExprId Place) const {
  const Expr &E = Exprs[Place];
  return E.Kind == K::Field && E.UsesEntry && !E.Opaque && E.Size <= FarthestField && E.B < AskedFor.size() && AskedFor[E.B];
}

ExprId ExprTable::now(ExprId Place) { return make(K::Unknown, Place, 0, NowInPlace); }

ExprId ExprTable::placeOfNow(ExprId Id) const {
  const Expr &E = Exprs[Id];
  return E.Kind == K::Unknown && E.Number == NowInPlace ? E.A : NoExpr;
}

Knowledge ExprTable::know(ExprId Id) const {
  const Expr &E = Exprs[Id];
  switch (E.Kind) {
  case K::Constant:
    return Knowledge::exactly(E.Number);
  case K::Function:
  case K::AddressOf:
  case K::This:
    return Knowledge::signs(Knowledge::Positive);
  case K::Not: {
    Knowledge X = know(E.A);
    if (X.isTrue())
      return Knowledge::exactly(0);
    if (X.isFalse())
      return Knowledge::exactly(1);
    return Knowledge::signs(Knowledge::Zero | Knowledge::Positive);
  }
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    return Knowledge::signs(Knowledge::Zero | Knowledge::Positive);
  case K::BitAnd: // some of the tested bits are known to be set
    for (ExprId Side : {E.A, E.B}) {
      const Expr &S = Exprs[Side], &M = Exprs[Side == E.A ? E.B : E.A];
      if (S.Kind == K::BitOr && M.Kind == K::Constant)
        for (ExprId Operand : {S.A, S.B})
          if (Exprs[Operand].Kind == K::Constant && (Exprs[Operand].Number & M.Number))
            return Knowledge::signs(Knowledge::NotZero);
    }
    return {};
  case K::BitOr:
    if (know(E.A).isTrue() || know(E.B).isTrue())
      return Knowledge::signs(Knowledge::NotZero);
    return {};
  case K::Choose:
    return know(E.A).join(know(E.B));
  default:
    return {};
  }
}
