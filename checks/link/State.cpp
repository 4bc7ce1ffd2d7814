//===- State.cpp - assuming, writing, locking --------------------------===//
#include "checks/link/State.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace fencelint;
using K = facts::ValueKind;

/// More facts than this about one point are worth less than the time they cost; the oldest go.
static constexpr unsigned MostFacts = 24;
/// Of so many fields of the callers' it is remembered that they are not what they were.
static constexpr unsigned MostOverwritten = 64;
/// A guard is a conjunction; what it leaves out only makes it weaker.
static constexpr unsigned MostAtoms = 4;
/// `x >= -4095` without a sign: the error-pointer test. No pointer is there, so what is no error is no negative number.
static bool isErrorBound(const Expr &Comparison, const Expr &Side) {
  return Comparison.Number && Side.Kind == K::Constant && Side.Number < 0 && Side.Number >= -4096;
}

/// What a field of an object holds that is evaluated already: `(c ? s : t).f` is one of two.
ExprId StateLogic::fieldOf(ExprId Object, SymbolId Field, const State &S) const {
  if (const Expr Either = Exprs[Object]; Either.Kind == K::Choose)
    return Exprs.make(K::Choose, fieldOf(Either.A, Field, S), fieldOf(Either.B, Field, S), Either.Number);
  ExprId Place = Exprs.make(K::Field, Object, Field);
  auto Held = llvm::find_if(S.Places, [&](const auto &X) { return X.first == Place; });
  return Held == S.Places.end() ? Place : Held->second;
}

ExprId StateLogic::evaluate(ExprId Id, const State &S) const {
  if (S.Places.empty() && S.Facts.empty())
    return Id;
  const Expr E = Exprs[Id];
  if (!E.Opaque && !E.UsesEntry && E.Kind != K::Global && E.Kind != K::Field)
    return Id;
  for (auto &[Place, Value] : S.Places)
    if (Place == Id)
      return Value;
  ExprId R = Id;
  switch (E.Kind) {
  case K::Unknown:
  case K::Constant:
  case K::Parameter:
  case K::This:
  case K::Local:
  case K::Global:
  case K::Function:
  case K::Result:
    break;
  case K::AddressOf: // the address of a place is not its content
    return Id;
  case K::Field:
  case K::Dereference:
  case K::Not:
  case K::BitNot:
  case K::Negate: {
    ExprId A = evaluate(E.A, S);
    if (A != E.A && E.Kind == K::Field)
      R = fieldOf(A, E.B, S);
    else if (A != E.A)
      R = Exprs.make(E.Kind, A, E.B, E.Number);
    break;
  }
  case K::Choose: {
    ExprId Test = Exprs.isAnybodysGuess(static_cast<ExprId>(E.Number)) ? static_cast<ExprId>(E.Number) : evaluate(static_cast<ExprId>(E.Number), S);
    Knowledge C = know(Test, S);
    if (C.isTrue())
      return evaluate(E.A, S);
    if (C.isFalse())
      return evaluate(E.B, S);
    R = Exprs.make(E.Kind, evaluate(E.A, S), evaluate(E.B, S), Test);
    break;
  }
  default: {
    ExprId A = evaluate(E.A, S), B = evaluate(E.B, S);
    R = Exprs.make(E.Kind, A, B, E.Number);
  }
  }
  for (const Atom &A : S.Facts)
    if (A.Of == R && A.Is.Exact)
      return Exprs.constant(A.Is.Number);
  return R;
}

ExprId StateLogic::place(ExprId Id, const State &S) const {
  const Expr E = Exprs[Id];
  return E.Kind == K::Field ? Exprs.make(K::Field, evaluate(E.A, S), E.B) : Id;
}

bool StateLogic::learn(ExprId Id, Knowledge Is, State &S, bool Inferred) const {
  Knowledge Now = know(Id, S).meet(Is);
  if (!Now.Signs)
    return false;
  if (Now.isNothing())
    return true;
  if (Knowledge Always = Exprs.know(Id); Id == NoExpr || Always.meet(Is) == Always) // `(all ? 3 : 1) > 0` is no condition
    return true;
  if (auto Known = llvm::find_if(S.Facts, [&](const Atom &A) { return A.Of == Id; }); Known != S.Facts.end()) {
    Known->Is = Now;
    Known->Inferred &= Inferred;
  } else {
    if (S.Facts.size() >= MostFacts)
      S.Facts.erase(S.Facts.begin());
    S.Facts.push_back({Id, Now, false, Inferred});
  }
  return ruleOut(Id, S) && followChoices(Id, S);
}

/// `a || b` is known, and now that it is not a: then it is b.
bool StateLogic::followChoices(ExprId Learned, State &S) const {
  if (Following) // what one choice tells is not held against the others: two of them may ask each other for ever
    return true;
  llvm::SaveAndRestore Now(Following, true);
  for (size_t I = 0; I < S.Facts.size(); ++I) {
    const Atom A = S.Facts[I];
    const Expr E = Exprs[A.Of];
    if (E.Kind != K::Choose || !A.Is.isTrue() || A.Of == Learned || !Exprs.contains(A.Of, Learned))
      continue;
    Knowledge Chosen = know(static_cast<ExprId>(E.Number), S);
    bool IsFirst = Chosen.isTrue() || know(E.B, S).isFalse(), IsSecond = Chosen.isFalse() || know(E.A, S).isFalse();
    if (IsFirst && IsSecond)
      return false;
    ExprId Side = IsFirst ? E.A : E.B;
    if (!IsFirst && !IsSecond)
      continue;
    if (!Chosen.isTrue() && !Chosen.isFalse() && !Exprs.isAnybodysGuess(static_cast<ExprId>(E.Number)) &&
        !assume(static_cast<ExprId>(E.Number), IsFirst, S))
      return false;
    if (!know(Side, S).isTrue() && !assume(Side, true, S))
      return false;
  }
  return true;
}

bool StateLogic::assume(ExprId Id, bool Truth, State &S) const {
  Knowledge Is = know(Id, S);
  if (Truth ? Is.isFalse() : Is.isTrue())
    return false;
  const Expr E = Exprs[Id];
  switch (E.Kind) {
  case K::Not:
    return assume(E.A, !Truth, S);
  case K::Choose: { // only one side can be so
    auto CanBe = [&](ExprId Side) {
      Knowledge Is = know(Side, S);
      return Truth ? !Is.isFalse() : !Is.isTrue();
    };
    ExprId Condition = E.Number;
    Knowledge Chosen = know(Condition, S);
    auto Choose = [&](bool First) { return Exprs.isAnybodysGuess(Condition) || assume(Condition, First, S); };
    if (!CanBe(E.A) || Chosen.isFalse())
      return Choose(false) && assume(E.B, Truth, S);
    if (!CanBe(E.B) || Chosen.isTrue())
      return Choose(true) && assume(E.A, Truth, S);
    break;
  }
  case K::BitAnd:
    if (ExprId Before = Exprs.beforeCleared(Id); Truth && Before != Id && !assume(Before, true, S))
      return false;
    break;
  case K::Equal:
    if (Exprs[E.B].Kind != K::Constant)
      break;
    if (int64_t N = Exprs[E.B].Number; Truth)
      return learn(E.A, Knowledge::exactly(N), S);
    else if (Knowledge Before = know(E.A, S); Before.OneOf) { // one alternative less
      llvm::SmallVector<int64_t, NumberSet::Most> Left(Before.numbers());
      llvm::erase(Left, N);
      return learn(E.A, Knowledge::oneOf(Left), S);
    }
    break;
  case K::Less:
  case K::LessEqual: {
    const Expr L = Exprs[E.A], R = Exprs[E.B];
    using Kn = Knowledge;
    bool Strict = E.Kind == K::Less;
    if (isErrorBound(E, R))
      return learn(E.A, Kn::signs(Truth ? Kn::Zero | Kn::Positive : Kn::Negative), S);
    if (isErrorBound(E, L))
      return learn(E.B, Kn::signs(Truth ? Kn::Negative : Kn::Zero | Kn::Positive), S);
    uint8_t Below = E.Number ? 0 : Kn::Negative, Above = E.Number ? Kn::NotZero : Kn::Positive;
    if (R.Kind == K::Constant && R.Number == 0) // x < 0, x <= 0
      return learn(E.A, Kn::signs((Truth ? 0 : Kn::Anything) ^ (Strict ? Below : Below | Kn::Zero)), S);
    if (L.Kind == K::Constant && L.Number == 0) // 0 < x, 0 <= x
      return learn(E.B, Kn::signs((Truth ? 0 : Kn::Anything) ^ (Strict ? Above : Above | Kn::Zero)), S);
    break;
  }
  default:
    break;
  }
  return learn(Id, Knowledge::truth(Truth), S);
}

/// A struct of this function's own, and what callers passed: no two names of one object.
static bool areApart(const ExprTable &Exprs, ExprId A, ExprId B) {
  auto IsOwn = [&](ExprId Place) {
    while (Exprs[Place].Kind == K::Field)
      Place = Exprs[Place].A;
    return Exprs[Place].Kind == K::Local;
  };
  return IsOwn(A) ? Exprs[B].UsesEntry && !Exprs[B].Opaque : IsOwn(B) && Exprs[A].UsesEntry && !Exprs[A].Opaque;
}

void StateLogic::write(ExprId Place, ExprId Value, State &S) const {
  const Expr P = Exprs[Place];
  bool IsCallers = Exprs.isCallersField(Place); // of it is remembered what it held at entry
  ExprId Old = IsCallers ? Exprs.now(Place) : Place;
  auto Stale = [&](ExprId E) { return Exprs.contains(E, Old); };
  auto Names = [&](ExprId E) { return Exprs.contains(E, Place); };
  llvm::erase_if(S.Asked, [&](const auto &A) { return Stale(A.Result) || llvm::any_of(A.Arguments, Names); });
  llvm::erase_if(S.Facts, [&](const Atom &A) { return Stale(A.Of); });
  forgetWays(S, Stale);
  forgetLocked(S, Stale);
  S.Objects.forget(Stale);
  bool IsKnown = Value != NoExpr && !Stale(Value);
  llvm::SmallVector<ExprId, 4> Others; // callers' fields that may have been written by another name, or held what is not known any more
  llvm::erase_if(S.Places, [&](const auto &Pair) {
    const Expr &Other = Exprs[Pair.first];
    bool IsOtherName = (P.Kind == K::Field && Other.Kind == K::Field && Other.B == P.B && !areApart(Exprs, Place, Pair.first)) ||
                       (P.Kind == K::Dereference && Other.Kind == K::Dereference);
    bool IsStale = Pair.first == Place || Stale(Pair.first) || Stale(Pair.second) || IsOtherName;
    if (IsStale && Pair.first != Place && !Stale(Pair.first) && Exprs.isCallersField(Pair.first))
      Others.push_back(Pair.first);
    return IsStale;
  });
  for (ExprId Other : Others)
    remember(Other, Exprs.now(Other), S);
  if (IsKnown || IsCallers)
    remember(Place, IsKnown ? Value : Old, S);
}

void StateLogic::remember(ExprId Id, ExprId Value, State &S) const {
  bool IsCallers = Exprs.isCallersField(Id);
  auto IsSuch = [&](const auto &Pair) { return Exprs.isCallersField(Pair.first) == IsCallers; };
  if (llvm::count_if(S.Places, IsSuch) >= (IsCallers ? MostOverwritten : MostFacts)) {
    auto Oldest = llvm::find_if(S.Places, IsSuch);
    if (IsCallers) // read as what was there at entry again, of which nothing must be known then
      llvm::erase_if(S.Facts, [&](const Atom &A) { return Exprs.contains(A.Of, Oldest->first); });
    S.Places.erase(Oldest);
  }
  S.Places.push_back({Id, Value});
}

bool StateLogic::mentionsMemory(ExprId Id) const {
  const Expr &E = Exprs[Id];
  switch (E.Kind) {
  case K::Unknown:
  case K::Global:
  case K::Field:
  case K::Dereference:
  case K::Element:
    return true;
  case K::Constant:
  case K::Parameter:
  case K::This:
  case K::Local:
  case K::Function:
  case K::Result:
    return false;
  case K::Not:
  case K::BitNot:
  case K::Negate:
  case K::AddressOf:
    return mentionsMemory(E.A);
  case K::Choose:
    return mentionsMemory(E.A) || mentionsMemory(E.B) || mentionsMemory(static_cast<ExprId>(E.Number));
  default:
    return mentionsMemory(E.A) || mentionsMemory(E.B);
  }
}

/// 0: the same access path; 1: the same field of some object; 2: the same kind of thing.
bool StateLogic::sameLock(const HeldPart &A, const HeldPart &B, unsigned Strictness) const {
  if (A.Lock != B.Lock || A.Which != B.Which)
    return false;
  if (Strictness == 2 || A.Of == B.Of)
    return true;
  if (Strictness == 0)
    return false;
  const Expr &X = Exprs[Exprs.object(A.Of)], &Y = Exprs[Exprs.object(B.Of)];
  return X.Kind == K::Field && Y.Kind == K::Field && X.B == Y.B;
}

/// In what a caller passed, and not in what was looked up with it.
static bool isOfCaller(const ExprTable &Exprs, ExprId Place) {
  while (Exprs[Place].Kind == K::Field)
    Place = Exprs.object(Exprs[Place].A);
  return Exprs[Place].Kind == K::Parameter || Exprs[Place].Kind == K::This;
}

void StateLogic::change(HeldPart Part, State &S) const {
  if (Part.By < 0) { // who holds what was found in memory may give it back now; what the callers gave is theirs
    S.Objects.forget([&](ExprId Counter) { return !isOfCaller(Exprs, Counter); });
    S.Objects.Alive.clear();
  }
  if (!Part.Which)
    return; // a sleeping lock forbids nothing that today's rules ask about
  if (Part.By > 0 && S.Held.empty()) // it may have been the only one who held a lock while he asked
    S.Objects.Alive.clear();
  S.Now.change(*Part.Which, Part.By);
  for (unsigned Strictness = 0; Strictness < 3; ++Strictness)
    for (size_t I = S.Held.size(); I-- > 0;)
      if (S.Held[I].By == -Part.By && sameLock(S.Held[I], Part, Strictness)) {
        S.Held.erase(S.Held.begin() + I);
        return;
      }
  S.Held.push_back(Part);
}

/// What a caller can decide: its arguments, their bits, and what they point to, no deeper than one field, or two where the callers'
/// drivers have chosen what the second holds.
bool StateLogic::isWorthTelling(ExprId Id, unsigned Fields) const {
  const Expr &E = Exprs[Id];
  switch (E.Kind) {
  case K::Parameter:
  case K::This:
  case K::Constant:
  case K::Global:
  case K::Function:
    return true;
  case K::Field:
    if (Fields == 0 && Exprs[E.A].Kind == K::Field && IsChoice && IsChoice(E.B))
      return isWorthTelling(Exprs[E.A].A, 1);
    return Fields == 0 && isWorthTelling(E.A, 1);
  case K::Not:
  case K::BitNot:
  case K::Negate:
  case K::AddressOf:
  case K::Dereference:
    return isWorthTelling(E.A, Fields);
  case K::Element:
  case K::ShiftLeft:
  case K::ShiftRight:
  case K::Divide:
  case K::Remainder:
  case K::BitAnd:
  case K::BitOr:
  case K::Add:
  case K::Subtract:
  case K::Equal:
  case K::Less:
  case K::LessEqual:
    return isWorthTelling(E.A, Fields) && isWorthTelling(E.B, Fields);
  case K::Choose:
    return isWorthTelling(static_cast<ExprId>(E.Number), Fields) && isWorthTelling(E.A, Fields) && isWorthTelling(E.B, Fields);
  default:
    return false;
  }
}

Guard StateLogic::tellable(llvm::ArrayRef<Atom> Facts) const {
  Guard G;
  for (size_t I = Facts.size(); I-- > 0 && G.size() < MostAtoms;) {
    const Expr &E = Exprs[Facts[I].Of];
    if (E.UsesEntry && !E.Opaque && isWorthTelling(Facts[I].Of))
      G.push_back({Facts[I].Of, Facts[I].Is, !Facts[I].Inferred && Exprs.isFlagTest(Facts[I].Of), Facts[I].Inferred});
  }
  llvm::sort(G, [](const Atom &A, const Atom &B) { return A.Of < B.Of; });
  return G;
}
