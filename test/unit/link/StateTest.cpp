// What a path knows: tests teach, writes forget, locks pair up.
#include "checks/link/State.h"
#include "gtest/gtest.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

struct States : testing::Test {
  ExprTable T;
  StateLogic L{T};
  State S;
  ExprId X = T.make(K::Local, 0), P = T.parameter(0);
  static HeldPart lock(ExprId Of, int By) { return {LockKind::Spinning, Part::PreemptOff, Of, 1, By}; }
};

TEST_F(States, ATestDecidesTheSameTestLater) {
  ASSERT_TRUE(L.assume(P, true, S));
  EXPECT_FALSE(L.assume(P, false, S));
  EXPECT_FALSE(L.assume(T.make(K::Not, P), true, S));
}

TEST_F(States, EqualityDecidesOtherEqualities) {
  ASSERT_TRUE(L.assume(T.make(K::Equal, X, T.constant(3)), true, S));
  EXPECT_FALSE(L.assume(T.make(K::Equal, X, T.constant(4)), true, S));
  EXPECT_EQ(L.evaluate(T.make(K::Add, X, T.constant(1)), S), T.constant(4));
}

TEST_F(States, SignsDecideComparisons) {
  ASSERT_TRUE(L.assume(T.make(K::Less, X, T.constant(0)), true, S));
  EXPECT_FALSE(L.assume(T.make(K::Not, X), true, S));
  EXPECT_FALSE(L.assume(T.make(K::Less, T.constant(0), X), true, S));
}

TEST_F(States, TheErrorPointerTestIsASign) {
  ExprId IsErr = T.make(K::Not, T.make(K::Less, X, T.constant(-4095), /*unsigned*/ 1));
  ASSERT_TRUE(L.assume(IsErr, false, S));
  EXPECT_FALSE(L.assume(T.make(K::Less, X, T.constant(0)), true, S)) << "not an error pointer, so not negative";
}

TEST_F(States, AWriteForgets) {
  ASSERT_TRUE(L.assume(X, true, S));
  L.write(X, NoExpr, S);
  EXPECT_TRUE(L.assume(X, false, S));
  L.write(X, T.constant(0), S);
  EXPECT_FALSE(L.assume(L.evaluate(X, S), true, S));
}

TEST_F(States, AWriteToAFieldForgetsItsOtherNames) {
  ExprId A = T.make(K::Field, P, 9), B = T.make(K::Field, T.parameter(1), 9);
  L.write(A, T.constant(1), S);
  L.write(B, T.constant(2), S);
  EXPECT_EQ(L.evaluate(A, S), A) << "the two parameters may be one object";
}

TEST_F(States, LocksPairUpByName) {
  ExprId A = T.make(K::Field, P, 9), B = T.make(K::Field, P, 10);
  L.change(lock(A, 1), S);
  L.change(lock(B, 1), S);
  L.change(lock(A, -1), S);
  ASSERT_EQ(S.Held.size(), 1u);
  EXPECT_EQ(S.Held[0].Of, B);
  EXPECT_EQ(S.Now[Part::PreemptOff], 1);
}

TEST_F(States, GivingBackTheCallersLockAndTakingItAgainIsNeutral) {
  L.change(lock(P, -1), S);
  EXPECT_EQ(S.Now[Part::PreemptOff], -1);
  L.change(lock(P, 1), S);
  EXPECT_TRUE(S.Now.isNeutral());
  EXPECT_TRUE(S.Held.empty());
}

TEST_F(States, MergingKeepsWhatBothKnow) {
  State O = S;
  ASSERT_TRUE(L.assume(X, true, S));
  ASSERT_TRUE(L.assume(P, true, S));
  ASSERT_TRUE(L.assume(P, true, O));
  EXPECT_TRUE(S.merge(O, T));
  EXPECT_FALSE(L.assume(P, false, S));
  EXPECT_TRUE(L.assume(X, false, S));
}

TEST_F(States, OnlyParametersMakeAGuard) {
  ASSERT_TRUE(L.assume(X, true, S));
  ASSERT_TRUE(L.assume(P, true, S));
  Guard G = L.guardOf(S);
  ASSERT_EQ(G.size(), 1u);
  EXPECT_EQ(G[0].Of, P);
}

} // namespace
