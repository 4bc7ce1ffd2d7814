//===- State.cpp - knowing, assuming, writing, locking --------------------------===//
#include "checks/link/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;

/// More facts than this about one point are worth less than the time they cost; the oldest go.
static constexpr unsigned MostFacts = 24;
/// A guard is a conjunction; what it leaves out only makes it weaker.
static constexpr unsigned MostAtoms = 4;
/// `x >= -4095` without a sign: the error-pointer test. No pointer is there, so what is no error is no negative number.
static bool isErrorBound(const Expr &Comparison, const Expr &Side) {
  return Comparison.Number && Side.Kind == K::Constant && Side.Number < 0 && Side.Number >= -4096;
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
    if (const Expr Either = Exprs[A]; A != E.A && E.Kind == K::Field && Either.Kind == K::Choose) // `(c ? s : t).f`
      return Exprs.make(K::Choose, evaluate(Exprs.make(K::Field, Either.A, E.B), S), evaluate(Exprs.make(K::Field, Either.B, E.B), S),
                        Either.Number);
    if (A != E.A) {
      R = Exprs.make(E.Kind, A, E.B, E.Number);
      if (R != Id && E.Kind == K::Field)
        for (auto &[Place, Value] : S.Places)
          if (Place == R)
            return Value;
    }
    break;
  }
  case K::Choose: {
    Knowledge C = know(static_cast<ExprId>(E.Number), S);
    if (C.isTrue())
      return evaluate(E.A, S);
    if (C.isFalse())
      return evaluate(E.B, S);
    R = Exprs.make(E.Kind, evaluate(E.A, S), evaluate(E.B, S), E.Number);
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

/// Where a sign stands in the order: negative numbers first, or last where they are the largest.
static int lowest(const Knowledge &K, bool IsUnsigned) {
  if (!IsUnsigned && (K.Signs & Knowledge::Negative))
    return -1;
  return K.Signs & Knowledge::Zero ? 0 : K.Signs & Knowledge::Positive ? 1 : 2;
}
static int highest(const Knowledge &K, bool IsUnsigned) {
  if (IsUnsigned && (K.Signs & Knowledge::Negative))
    return 2;
  return K.Signs & Knowledge::Positive ? 1 : K.Signs & Knowledge::Zero ? 0 : -1;
}

static Knowledge compare(const Expr &E, const Knowledge &L, const Knowledge &R) {
  auto Truth = [](bool T) { return Knowledge::exactly(T); };
  Knowledge Either = Knowledge::signs(Knowledge::Zero | Knowledge::Positive);
  if (E.Kind == K::Equal)
    return !L.meet(R).Signs ? Truth(false) : L.Exact && R.Exact ? Truth(true) : Either;
  bool IsUnsigned = E.Number, OrEqual = E.Kind == K::LessEqual;
  if (!L.numbers().empty() && !R.numbers().empty()) { // each with each
    Knowledge All = Knowledge::signs(0);
    for (int64_t X : L.numbers())
      for (int64_t Y : R.numbers())
        All = All.join(Truth((IsUnsigned ? uint64_t(X) < uint64_t(Y) : X < Y) || (OrEqual && X == Y)));
    return All.Exact ? All : Either;
  }
  int MinL = lowest(L, IsUnsigned), MaxL = highest(L, IsUnsigned), MinR = lowest(R, IsUnsigned), MaxR = highest(R, IsUnsigned);
  if (MaxL < MinR || (OrEqual && MaxL == 0 && MinR == 0))
    return Truth(true);
  if (MinL > MaxR || (!OrEqual && MinL == 0 && MaxR == 0))
    return Truth(false);
  return Either;
}

Knowledge StateLogic::know(ExprId Id, const State &S) const {
  Knowledge R = Exprs.know(Id);
  for (const Atom &A : S.Facts)
    if (A.Of == Id)
      R = R.meet(A.Is);
  for (const Ways &W : S.Met)
    if (W.Of == Id)
      R = R.meet(W.any());
  if (R.Exact || !R.Signs)
    return R;
  const Expr E = Exprs[Id];
  switch (E.Kind) {
  case K::Not: {
    Knowledge X = know(E.A, S);
    return X.isTrue() ? Knowledge::exactly(0) : X.isFalse() ? Knowledge::exactly(1) : R;
  }
  case K::Less:
    if (Exprs[E.B].Kind == K::Constant)
      for (const Atom &A : S.Facts) // x < 5 is x < 9
        if (const Expr &Known = Exprs[A.Of]; Known.Kind == K::Less && Known.A == E.A && Known.Number == E.Number && Exprs[Known.B].Kind == K::Constant) {
          bool IsBelow = compare(Known, Knowledge::exactly(Exprs[Known.B].Number), Knowledge::exactly(Exprs[E.B].Number)).isTrue();
          if (A.Is.isTrue() && IsBelow)
            return R.meet(Knowledge::truth(true));
          if (A.Is.isFalse() && !IsBelow)
            return R.meet(Knowledge::truth(false));
        }
    [[fallthrough]];
  case K::Equal:
  case K::LessEqual:
    return R.meet(compare(E, know(E.A, S), know(E.B, S)));
  case K::BitAnd:
  case K::BitOr: {
    Knowledge A = know(E.A, S), B = Exprs.know(E.B);
    if (E.Kind == K::BitAnd && A.isFalse())
      return Knowledge::exactly(0);
    if (A.numbers().empty() || !B.Exact)
      return R;
    llvm::SmallVector<int64_t, NumberSet::Most> Each(A.numbers());
    for (int64_t &N : Each)
      N = E.Kind == K::BitAnd ? N & B.Number : N | B.Number;
    return R.meet(Knowledge::oneOf(Each));
  }
  case K::Choose:
    return R.meet(know(E.A, S).join(know(E.B, S)));
  default:
    return R;
  }
}

bool StateLogic::isKnownNotToBe(ExprId Id, int64_t Number, const State &S) const {
  return llvm::any_of(S.Facts, [&](const Atom &A) {
    const Expr &E = Exprs[A.Of];
    return A.Is.isFalse() && E.Kind == K::Equal && E.A == Id && Exprs[E.B].Kind == K::Constant && Exprs[E.B].Number == Number;
  });
}

bool StateLogic::learn(ExprId Id, Knowledge Is, State &S, bool Inferred) const {
  Knowledge Now = know(Id, S).meet(Is);
  if (!Now.Signs)
    return false;
  if (Now.isNothing())
    return true;
  if (Id == NoExpr || Exprs[Id].Kind == K::Constant)
    return true;
  if (auto Known = llvm::find_if(S.Facts, [&](const Atom &A) { return A.Of == Id; }); Known != S.Facts.end()) {
    Known->Is = Now;
    Known->Inferred &= Inferred;
  } else {
    if (S.Facts.size() >= MostFacts)
      S.Facts.erase(S.Facts.begin());
    S.Facts.push_back({Id, Now, false, Inferred});
  }
  return ruleOut(Id, S);
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
    if (!CanBe(E.A))
      return assume(Condition, false, S) && assume(E.B, Truth, S);
    if (!CanBe(E.B))
      return assume(Condition, true, S) && assume(E.A, Truth, S);
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

void StateLogic::write(ExprId Place, ExprId Value, State &S) const {
  const Expr P = Exprs[Place];
  auto Stale = [&](ExprId E) { return Exprs.contains(E, Place); };
  llvm::erase_if(S.Asked, [&](const auto &A) { return Stale(A.Result) || llvm::any_of(A.Arguments, Stale); });
  llvm::erase_if(S.Facts, [&](const Atom &A) { return Stale(A.Of); });
  forgetWays(S, Stale);
  S.Objects.forget(Stale);
  llvm::erase_if(S.Places, [&](const auto &Pair) {
    const Expr &Other = Exprs[Pair.first];
    return Stale(Pair.first) || Stale(Pair.second) ||
           (P.Kind == K::Field && Other.Kind == K::Field && Other.B == P.B); // another name of the same object?
  });
  if (Value != NoExpr && !Exprs.contains(Value, Place))
    remember(Place, Value, S);
}

void StateLogic::remember(ExprId Id, ExprId Value, State &S) const {
  if (S.Places.size() >= MostFacts)
    S.Places.erase(S.Places.begin());
  S.Places.push_back({Id, Value});
}

void StateLogic::forgetResult(uint32_t Event, State &S) const {
  ExprId R = Exprs.make(K::Result, Event);
  auto Stale = [&](ExprId E) { return Exprs[E].Opaque && Exprs.contains(E, R); };
  llvm::erase_if(S.Facts, [&](const Atom &A) { return Stale(A.Of); });
  forgetWays(S, Stale);
  llvm::erase_if(S.Places, [&](const auto &Pair) { return Stale(Pair.first) || Stale(Pair.second); });
  S.Objects.forget(Stale);
  llvm::erase_if(S.Asked, [&](const auto &A) { return A.Result == R || llvm::any_of(A.Arguments, Stale); });
  if (S.DropEvent == Event) {
    S.DropEvent = None;
    S.Dropped = NoExpr;
  }
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
