//===- Exits.cpp - in which context a function returns, as sentences --------------------===//
//
// Most functions return in the context they were called in, and nothing is to be said but what they return. One that takes or gives back a level always
// does so, or its result or an argument tells whether it did: three shapes, which Described.cpp makes again of the sentences. Of any other function nothing
// is said at all, because whoever believed that it returns in its caller's context would go on in the wrong one.
//
//===----------------------------------------------------------------------------------===//
#include "checks/summarize/Parts.h"

using namespace fencelint;
using K = facts::ValueKind;
using Kn = Knowledge;

/// `arg0`, `arg0.lock`, `global name`; none for what only the body knows.
static std::optional<Subject> lockOf(const Program &P, ExprId Id) {
  const Expr &E = P.Exprs[P.Exprs.object(Id)];
  switch (E.Kind) {
  case K::Parameter:
    return E.A < 100 ? std::optional(Subject{Subject::Argument, E.A, ""}) : std::nullopt;
  case K::This:
    return Subject{Subject::This, 0, ""};
  case K::Global:
    return Subject{Subject::Global, 0, P.Symbols[E.A].Name.str()};
  case K::Field: {
    std::optional<Subject> Of = lockOf(P, E.A);
    if (!Of || Of->What == Subject::Global)
      return Of;
    Of->Name += (Of->Name.empty() ? "" : ".") + P.Symbols[E.B].Name.rsplit('.').second.str();
    return Of;
  }
  default:
    return std::nullopt;
  }
}

static std::optional<Action> change(const Program &P, const HeldPart &H) {
  Action A;
  A.What = Action::ChangeContext;
  A.Lock = H.Lock;
  A.Changed = H.Which;
  A.By = H.By > 0 ? 1 : -1;
  if (H.Lock == LockKind::None)
    return H.Which ? std::optional(A) : std::nullopt;
  std::optional<Subject> On = lockOf(P, H.Of);
  if (!On)
    return std::nullopt;
  A.On = *On;
  return A;
}

bool fencelint::isGuess(const Exit &X) {
  return llvm::any_of(changeOf(X).Levels, [](int8_t Level) { return std::abs(Level) > 1; });
}

static bool sameChanges(const Exit &A, const Exit &B) {
  return llvm::equal(A.Changes, B.Changes, [](const HeldPart &X, const HeldPart &Y) {
    return X.Lock == Y.Lock && X.Which == Y.Which && X.Of == Y.Of && X.By == Y.By;
  });
}

/// A condition on the result that holds of all that With may be and of nothing that Without may be.
static std::optional<Condition> tellApart(const Knowledge &With, const Knowledge &Without) {
  struct Test {
    Condition::Test How;
    uint8_t Signs;
  };
  for (Test T : {Test{Condition::Equal, Kn::Zero},
                 {Condition::NotEqual, Kn::NotZero},
                 {Condition::Less, Kn::Negative},
                 {Condition::GreaterEqual, Kn::Zero | Kn::Positive}})
    if (!(With.Signs & ~T.Signs) && !(Without.Signs & T.Signs))
      return Condition{T.How, {Subject::Result, 0, ""}, 0};
  return std::nullopt;
}

/// The same on an argument: a test of one bit or value whose opposite leads to the other exit.
static std::optional<Condition> tellApart(const Program &P, const Guard &With, const Guard &Without) {
  if (With.size() != 1 || Without.size() != 1 || With[0].Of != Without[0].Of || With[0].Is.meet(Without[0].Is).Signs)
    return std::nullopt;
  auto Said = conditionsOf(P, With);
  if (!Said || Said->size() != 1)
    return std::nullopt;
  const Condition &C = Said->front().front();
  bool Splits = C.How == Condition::AnyBit || C.How == Condition::NoBit ||
                (C.Number == 0 && (C.How == Condition::Equal || C.How == Condition::NotEqual));
  return Splits ? std::optional(C) : std::nullopt;
}

/// The result tells where the caller runs: a wrapper of `in_interrupt()`.
static std::optional<Action> answer(const Exit &A, const Exit &B) {
  const Exit &Yes = A.Result.isTrue() ? A : B, &No = A.Result.isTrue() ? B : A;
  if (!Yes.Result.isTrue() || !No.Result.isFalse())
    return std::nullopt;
  Action Says;
  Says.What = Action::Answers;
  if (Yes.NotIn == NotInterrupt && !No.NotIn)
    Says.Asked = Action::AskTask;
  else if (!Yes.NotIn && No.NotIn == NotInterrupt)
    Says.Asked = Action::AskInterrupt;
  else if (!Yes.NotIn && No.NotIn == NotIrqsOff)
    Says.Asked = Action::AskIrqsOff;
  else if (!Yes.NotIn && No.NotIn == NotPreemptOff)
    Says.Asked = Action::AskPreemptOff;
  else if (!Yes.NotIn && No.NotIn == NotAtomic)
    Says.Asked = Action::AskAtomic;
  else
    return std::nullopt;
  return Says;
}

static void sayResult(const Program &P, const Exit &X, Said &Into) {
  const Expr &E = P.Exprs[X.ResultIs];
  Action A;
  A.What = Action::Returns;
  if (X.ResultIs == NoExpr)
    return;
  if (E.Kind == K::Parameter && E.A < 100)
    A.On = {Subject::Argument, E.A, ""};
  else if (E.Kind == K::Constant)
    A.On = {Subject::Result, 0, ""}, A.Number = E.Number;
  else
    return;
  Into.Does.push_back(A);
}

bool fencelint::sayExits(const Program &P, FunctionId F, Said &Into) {
  const Summary &S = P.Functions[F].Summary;
  if (P.symbolOf(F).is(facts::EntityFlag::NoReturn)) {
    Action A;
    A.What = Action::NeverReturns;
    Into.Does.push_back(A);
    return true;
  }
  if (S.Exits.empty()) {
    Into.Unsayable = "no way out of it is known";
    return false;
  }
  const Exit &First = S.Exits.front();
  const Exit *Other = nullptr; // of another kind than First
  for (const Exit &X : S.Exits)
    if (!sameChanges(X, First)) {
      if (Other && !sameChanges(X, *Other)) {
        Into.Unsayable = "returns in more than two contexts";
        return false;
      }
      Other = &X;
    }
  if (llvm::any_of(S.Exits, isGuess)) {
    Into.Unsayable = "returns in a context that was not understood";
    return false;
  }
  std::optional<Condition> When;
  const Exit *Changing = First.Changes.empty() && Other ? Other : &First;
  if (Other) {
    const Exit *Plain = Changing == &First ? Other : &First;
    if (!Plain->Changes.empty() || S.Exits.size() != 2) {
      Into.Unsayable = "returns in two contexts that no sentence tells apart";
      return false;
    }
    When = tellApart(Changing->Result, Plain->Result);
    if (!When)
      When = tellApart(P, Changing->When, Plain->When);
    if (!When) {
      Into.Unsayable = "returns in two contexts that no sentence tells apart";
      return false;
    }
  }
  for (const HeldPart &H : Changing->Changes) {
    std::optional<Action> Does = change(P, H);
    if (!Does) {
      Into.Unsayable = "holds a lock on return that only its body can name";
      return false;
    }
    if (When)
      Does->When.push_back(*When);
    Into.Does.push_back(*Does);
  }
  if (S.Exits.size() == 2 && !Other)
    if (std::optional<Action> Says = answer(S.Exits[0], S.Exits[1]))
      Into.Does.push_back(*Says);
  if (S.Exits.size() == 1)
    sayResult(P, First, Into);
  return true;
}
