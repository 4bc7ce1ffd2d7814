//===- Conditions.cpp - what must hold of arguments, as conditions of a sentence --------===//
//
// The inverse of what Described.cpp makes of a condition. An atom that no condition says exactly is no condition: one that is weaker would make the
// effect happen where it does not. So what a pointer's target holds, and what a condition would have to compare without a sign, is left to bodies.
//
//===--------------------------------------------------------------------------------===//
#include "checks/summarize/Parts.h"

using namespace fencelint;
using K = facts::ValueKind;
using Kn = Knowledge;

/// More cases of a switch than this are no readable description.
static constexpr size_t MostAlternatives = 4;

static std::optional<Subject> subjectOf(const Program &P, ExprId Id) {
  const Expr &E = P.Exprs[Id];
  if (E.Kind == K::Parameter && E.A < 100)
    return Subject{Subject::Argument, E.A, ""};
  if (E.Kind == K::This)
    return Subject{Subject::This, 0, ""};
  return std::nullopt;
}

static std::vector<Condition> one(Condition::Test How, const Subject &Of, int64_t Number = 0) {
  return {{How, Of, Number}};
}

/// The value of an argument.
static std::vector<Condition> aboutValue(const Subject &Of, const Knowledge &Is) {
  if (Is.Exact)
    return one(Condition::Equal, Of, Is.Number);
  if (Is.OneOf && Is.numbers().size() <= MostAlternatives) {
    std::vector<Condition> Cases;
    for (int64_t N : Is.numbers())
      Cases.push_back({Condition::Equal, Of, N});
    return Cases;
  }
  if (Is.OneOf)
    return {};
  switch (Is.Signs) {
  case Kn::Zero:
    return one(Condition::Equal, Of);
  case Kn::NotZero:
    return one(Condition::NotEqual, Of);
  case Kn::Negative:
    return one(Condition::Less, Of);
  case Kn::Zero | Kn::Positive:
    return one(Condition::GreaterEqual, Of);
  case Kn::Positive:
    return one(Condition::GreaterEqual, Of, 1);
  case Kn::Negative | Kn::Zero:
    return one(Condition::Less, Of, 1);
  default:
    return {};
  }
}

/// `arg1 < 8`, with a sign. What is compared without one is said where the meaning is the same for all that can be.
static std::vector<Condition> aboutOrder(const Program &P, const Expr &E, bool Truth) {
  bool OrEqual = E.Kind == K::LessEqual, Unsigned = E.Number == 1;
  const Expr &L = P.Exprs[E.A], &R = P.Exprs[E.B];
  if (R.Kind == K::Constant) // x < n, x <= n
    if (std::optional<Subject> Of = subjectOf(P, E.A); Of && R.Number != INT64_MAX && !(Unsigned && Truth))
      return one(Truth ? Condition::Less : Condition::GreaterEqual, *Of, R.Number + OrEqual);
  if (L.Kind == K::Constant) // n < x, n <= x
    if (std::optional<Subject> Of = subjectOf(P, E.B); Of && L.Number != INT64_MAX && !(Unsigned && !Truth))
      return one(Truth ? Condition::GreaterEqual : Condition::Less, *Of, L.Number + !OrEqual);
  return {};
}

/// The alternatives of one atom; none when it cannot be said.
static std::vector<Condition> alternatives(const Program &P, const Atom &A) {
  if (std::optional<Subject> Of = subjectOf(P, A.Of))
    return aboutValue(*Of, A.Is);
  const Expr &E = P.Exprs[A.Of];
  bool True = A.Is.isTrue(), False = A.Is.isFalse();
  if ((!True && !False) || (E.Kind != K::BitAnd && E.Kind != K::Equal && E.Kind != K::Less && E.Kind != K::LessEqual))
    return {};
  if (E.Kind == K::Less || E.Kind == K::LessEqual)
    return aboutOrder(P, E, True);
  std::optional<Subject> Of = subjectOf(P, E.A);
  const Expr &Number = P.Exprs[E.B];
  if (!Of || Number.Kind != K::Constant)
    return {};
  if (E.Kind == K::Equal)
    return one(True ? Condition::Equal : Condition::NotEqual, *Of, Number.Number);
  bool IsOneBit = (Number.Number & (Number.Number - 1)) == 0;
  if (True && (A.Is.Exact || A.Is.OneOf) && !IsOneBit) // all of the bits, not any
    return {};
  return A.Flags ? one(True ? Condition::AnyBit : Condition::NoBit, *Of, Number.Number) : std::vector<Condition>();
}

std::optional<std::vector<std::vector<Condition>>> fencelint::conditionsOf(const Program &P, const Guard &When) {
  std::vector<std::vector<Condition>> All{{}};
  for (const Atom &A : When) {
    std::vector<Condition> Cases = alternatives(P, A);
    if (Cases.empty() || All.size() * Cases.size() > MostAlternatives)
      return std::nullopt;
    std::vector<std::vector<Condition>> With;
    for (const auto &Before : All)
      for (const Condition &C : Cases) {
        With.push_back(Before);
        With.back().push_back(C);
      }
    All = std::move(With);
  }
  return All;
}
