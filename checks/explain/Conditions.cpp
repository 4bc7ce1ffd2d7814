//===- Conditions.cpp - guards as a person would write them --------------------------===//
//
// Expressions are simplified when they are made, so what comes out is the meaning of the source's condition, not always its spelling: `x != 0` is
// `x`, and a mask is a number.
//
//===------------------------------------------------------------------------------------===//
#include "checks/explain/Parts.h"
#include "llvm/ADT/StringExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

/// How tightly an operator binds, as in C.
enum Binds : int { Loosest, AsChoose, AsOr, AsAnd, AsEqual, AsLess, AsShift, AsSum, AsProduct, AsUnary, AsName };

class Spelling {
public:
  Spelling(const Program &P, FunctionId F) : P(P), F(F) {}
  std::string value(ExprId Id, int Outer = Loosest) const;
  std::string truth(ExprId Id, bool Holds) const;
  std::string atom(const Atom &A) const;

private:
  const Program &P;
  FunctionId F;
  std::string binary(const Expr &E, llvm::StringRef Operator, int Own, int Outer) const;
  std::string operand(ExprId Id, bool AsMask, int Outer) const;
};

} // namespace

std::string fencelint::hexadecimal(int64_t Number) { return "0x" + llvm::utohexstr(static_cast<uint64_t>(Number), /*LowerCase=*/true); }

static std::string parenthesized(std::string Text, bool Needed) { return Needed ? "(" + Text + ")" : Text; }

std::string Spelling::operand(ExprId Id, bool AsMask, int Outer) const {
  const Expr &E = P.Exprs[Id];
  return AsMask && E.Kind == K::Constant && (E.Number < 0 || E.Number > 9) ? hexadecimal(E.Number) : value(Id, Outer);
}

std::string Spelling::binary(const Expr &E, llvm::StringRef Operator, int Own, int Outer) const {
  bool AsMask = E.Kind == K::BitAnd || E.Kind == K::BitOr;
  return parenthesized(operand(E.A, AsMask, Own) + " " + Operator.str() + " " + operand(E.B, AsMask, Own + 1), Outer > Own);
}

std::string Spelling::value(ExprId Id, int Outer) const {
  const Expr &E = P.Exprs[Id];
  switch (E.Kind) {
  case K::Not:
    return "!" + value(E.A, AsUnary);
  case K::BitNot:
    return "~" + value(E.A, AsUnary);
  case K::Negate:
    return "-" + value(E.A, AsUnary);
  case K::BitAnd:
    return binary(E, "&", AsAnd, Outer);
  case K::BitOr:
    return binary(E, "|", AsOr, Outer);
  case K::Add:
    return binary(E, "+", AsSum, Outer);
  case K::Subtract:
    return binary(E, "-", AsSum, Outer);
  case K::ShiftLeft:
    return binary(E, "<<", AsShift, Outer);
  case K::ShiftRight:
    return binary(E, ">>", AsShift, Outer);
  case K::Divide:
    return binary(E, "/", AsProduct, Outer);
  case K::Remainder:
    return binary(E, "%", AsProduct, Outer);
  case K::Equal:
    return binary(E, "==", AsEqual, Outer);
  case K::Less:
    return binary(E, "<", AsLess, Outer);
  case K::LessEqual:
    return binary(E, "<=", AsLess, Outer);
  case K::Choose:
    return parenthesized(value(static_cast<ExprId>(E.Number), AsOr) + " ? " + value(E.A, AsOr) + " : " + value(E.B, AsOr), Outer > AsChoose);
  case K::Element:
    return value(E.A, AsName) + "[" + value(E.B) + "]";
  case K::Dereference:
    return "*" + value(E.A, AsUnary);
  case K::AddressOf:
    return "&" + value(E.A, AsUnary);
  default:
    return spell(P, F, Id);
  }
}

std::string Spelling::truth(ExprId Id, bool Holds) const {
  const Expr &E = P.Exprs[Id];
  switch (E.Kind) {
  case K::Not:
    return truth(E.A, !Holds);
  case K::Equal:
    return Holds ? value(Id) : binary(E, "!=", AsEqual, Loosest);
  case K::Less:
    return Holds ? value(Id) : binary(E, ">=", AsLess, Loosest);
  case K::LessEqual:
    return Holds ? value(Id) : binary(E, ">", AsLess, Loosest);
  default:
    return Holds ? value(Id) : "!" + value(Id, AsUnary);
  }
}

static bool isTruthValue(K Kind) { return Kind == K::Not || Kind == K::Equal || Kind == K::Less || Kind == K::LessEqual; }

std::string Spelling::atom(const Atom &A) const {
  using Kn = Knowledge;
  if (A.Is.isFalse() || A.Is.isTrue()) {
    bool IsMoreThanTrue = !isTruthValue(P.Exprs[A.Of].Kind) && A.Is.isTrue() && (!A.Is.numbers().empty() || A.Is.Signs != Kn::NotZero);
    if (!IsMoreThanTrue)
      return truth(A.Of, A.Is.isTrue());
  }
  std::string Of = value(A.Of, AsLess);
  if (A.Is.Exact)
    return Of + " == " + std::to_string(A.Is.Number);
  if (llvm::ArrayRef<int64_t> Numbers = A.Is.numbers(); !Numbers.empty()) {
    std::string Text = Of + " is one of ";
    for (size_t I = 0; I < Numbers.size(); ++I)
      Text += (I ? ", " : "") + std::to_string(Numbers[I]);
    return Text;
  }
  switch (A.Is.Signs) {
  case Kn::Negative:
    return Of + " < 0";
  case Kn::Positive: // of a pointer, an address
    return P.Exprs[A.Of].Kind == K::Parameter || P.Exprs[A.Of].Kind == K::Field ? Of + " > 0" : Of;
  case Kn::Zero | Kn::Positive:
    return Of + " >= 0";
  case Kn::Negative | Kn::Zero:
    return Of + " <= 0";
  default:
    return Of;
  }
}

std::vector<std::string> fencelint::spellGuard(const Program &P, FunctionId F, const Guard &When) {
  std::vector<std::string> All;
  for (const Atom &A : When) {
    std::string One = Spelling(P, F).atom(A);
    if (llvm::StringRef(One).contains('?') && P.Exprs[A.Of].Kind != K::Choose)
      continue; // a part of it has no name here
    All.push_back(std::move(One));
  }
  return All;
}

std::string fencelint::spellResult(const Knowledge &Is) {
  if (Is.isNothing())
    return "";
  if (Is.Exact)
    return "the result is " + std::to_string(Is.Number);
  switch (Is.Signs) {
  case Knowledge::NotZero:
    return "the result is not 0";
  case Knowledge::Negative:
    return "the result is negative";
  case Knowledge::Positive:
    return "the result is positive";
  case Knowledge::Zero | Knowledge::Positive:
    return "the result is not negative";
  case Knowledge::Zero | Knowledge::Negative:
    return "the result is not positive";
  default:
    return "";
  }
}
