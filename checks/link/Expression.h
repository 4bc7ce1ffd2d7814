//===- Expression.h - values of arguments, conditions and locks ------------===//
//
// Why: `foo(gfp)` allocates with its caller's flags, `if (!wait) return;` decides whether it sleeps, and "the same lock"
// means the same access path. All three are expressions over a function's parameters that its callers rewrite by
// substituting their arguments. So expressions of the whole program live in one hash-consed table, simplified when they
// are made: equal expressions are one number, and substitution folds constants on its way.
//
// What is given up: widths. Values are 64 bits; comparisons know whether they look at the sign.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_EXPRESSION_H
#define FENCELINT_LINK_EXPRESSION_H

#include "checks/facts/FactsFile.h"
#include "checks/link/NumberSet.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

using ExprId = uint32_t;
inline constexpr ExprId NoExpr = 0; ///< nothing is known

/// What is known of a number: which signs it may have, and its value when it is one, or the few that it may be.
struct Knowledge {
  enum : uint8_t { Negative = 1, Zero = 2, Positive = 4, Anything = 7, NotZero = 5 };
  uint8_t Signs = Anything;
  bool Exact = false;
  int64_t Number = 0;
  const NumberSet *OneOf = nullptr; ///< two or more; null when Exact

  static Knowledge exactly(int64_t N) { return {uint8_t(N < 0 ? Negative : N == 0 ? Zero : Positive), true, N, nullptr}; }
  /// One of these; nothing at all when there are none, only their signs when there are too many.
  static Knowledge oneOf(llvm::ArrayRef<int64_t> Numbers);
  static Knowledge signs(uint8_t S) { return {S, false, 0, nullptr}; }
  static Knowledge truth(bool T) { return T ? signs(NotZero) : exactly(0); }
  bool isTrue() const { return !(Signs & Zero); }
  bool isFalse() const { return Signs == Zero; }
  bool isNothing() const { return Signs == Anything && !Exact && !OneOf; }
  /// The numbers it may be, when they are known: none otherwise.
  llvm::ArrayRef<int64_t> numbers() const { return Exact ? llvm::ArrayRef(Number) : OneOf ? OneOf->numbers() : llvm::ArrayRef<int64_t>(); }
  bool mayBe(int64_t N) const;
  /// What both say; no signs left when they contradict each other.
  Knowledge meet(const Knowledge &O) const;
  /// What either says.
  Knowledge join(const Knowledge &O) const;
  bool operator==(const Knowledge &) const = default;
};

struct Expr {
  facts::ValueKind Kind = facts::ValueKind::Unknown;
  bool UsesEntry = false; ///< mentions a parameter or `this`
  bool Opaque = false;    ///< mentions a local, a result or an unknown: means nothing outside its function
  uint32_t A = 0, B = 0;
  int64_t Number = 0;
  uint32_t Size = 1;      ///< as a tree: sharing does not help those who walk it
};

class ExprTable {
public:
  ExprTable();
  /// The record of each program symbol that is a field, by which a pointer to a struct around a member is recognised.
  void setParents(std::vector<uint32_t> OfFields) { Parents = std::move(OfFields); }
  /// Of each program symbol, whether it is a field that is a part of its object, and no pointer.
  void setEmbedded(std::vector<bool> Fields) { Embedded = std::move(Fields); }
  /// Of each program symbol, whether it is a field that somebody tests.
  void setAskedFor(std::vector<bool> Fields) { AskedFor = std::move(Fields); }
  /// Such a field of what callers passed. The expression means what it held at entry, whatever is written later; what it holds then is now().
  bool isCallersField(ExprId Place) const;
  /// What a callers' field holds after something was written that nobody knows.
  ExprId now(ExprId Place);
  /// The field that this is now() of; NoExpr for all else.
  ExprId placeOfNow(ExprId Id) const;
  /// What the object is a part of, as `d` of `d->options`; as it is when it is whole.
  ExprId wholeOf(ExprId Object) const;
  /// Nobody knows what it is: the condition of maybe().
  bool isAnybodysGuess(ExprId Condition) const { return Condition == SomeBits; }
  const Expr &operator[](ExprId Id) const { return Exprs[Id]; }

  /// Makes (or finds) an expression, simplified. A and B are ExprIds where the kind has operands, otherwise as in facts.fbs
  /// with entities replaced by program symbols. Choose takes its condition in Number, a comparison 1 when it is unsigned.
  ExprId make(facts::ValueKind Kind, uint32_t A = 0, uint32_t B = 0, int64_t Number = 0);
  ExprId constant(int64_t N) { return make(facts::ValueKind::Constant, 0, 0, N); }
  ExprId parameter(unsigned Index) { return make(facts::ValueKind::Parameter, Index); }
  ExprId self() { return make(facts::ValueKind::This); }

  /// Rewrites parameters and `this`; a missing argument becomes NoExpr, and what depends on it is NoExpr too.
  ExprId substitute(ExprId Id, llvm::ArrayRef<ExprId> Arguments, ExprId This);
  /// True when Part occurs in Id.
  bool contains(ExprId Id, ExprId Part) const;
  /// The same of any part that this is true of.
  bool anyPart(ExprId Id, llvm::function_ref<bool(ExprId)> Is) const;
  /// What the shape alone tells: constants, addresses, masks.
  Knowledge know(ExprId Id) const;
  /// Id where some way may have cleared it: Id or zero, some of Id's bits.
  ExprId maybeCleared(ExprId Id) { return make(facts::ValueKind::BitAnd, Id, SomeBits); }
  /// One or the other, for all that anybody knows.
  ExprId maybe(ExprId A, ExprId B) { return make(facts::ValueKind::Choose, A, B, SomeBits); }
  bool isMaybe(ExprId Id, ExprId OneOfTwo) const;
  /// The way back from maybeCleared(): where that is set, Id was. Any other expression as it is.
  ExprId beforeCleared(ExprId Id) const;
  /// Without AddressOf and Dereference around it, and as it was before anybody cleared it: the object meant.
  ExprId object(ExprId Id) const;
  /// A test of single bits of an argument, not of what memory holds.
  bool isFlagTest(ExprId Id) const;

private:
  std::vector<Expr> Exprs;
  std::vector<uint32_t> Parents;
  std::vector<bool> Embedded, AskedFor;
  ExprId SomeBits; ///< a local of no function: nobody knows which bits
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
  llvm::DenseMap<Key, ExprId, KeyInfo> Index;

  ExprId intern(facts::ValueKind Kind, uint32_t A, uint32_t B, int64_t Number);
  ExprId makeBinary(facts::ValueKind Kind, ExprId A, ExprId B, int64_t Number);
  ExprId makeMask(ExprId A, int64_t Mask);
  ExprId compareChoice(facts::ValueKind Kind, ExprId Choice, ExprId Constant, int64_t Number);
  ExprId containerOf(ExprId Pointer, uint32_t Field) const;
};

} // namespace fencelint
#endif
