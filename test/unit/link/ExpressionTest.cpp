// Expressions must mean the same after substitution as before, and be one number when they are equal.
#include "checks/link/Expression.h"
#include "gtest/gtest.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

struct Expressions : testing::Test {
  ExprTable T;
  ExprId mask(ExprId A, int64_t M) { return T.make(K::BitAnd, A, T.constant(M)); }
};

TEST_F(Expressions, AreInterned) {
  EXPECT_EQ(T.constant(7), T.constant(7));
  EXPECT_NE(T.parameter(0), T.parameter(1));
  EXPECT_EQ(T.make(K::Add, T.parameter(0), T.constant(2)), T.make(K::Add, T.parameter(0), T.constant(2)));
}

TEST_F(Expressions, FoldConstants) {
  EXPECT_EQ(T.make(K::BitOr, T.constant(4), T.constant(3)), T.constant(7));
  EXPECT_EQ(T.make(K::Equal, T.constant(4), T.constant(3)), T.constant(0));
  EXPECT_EQ(T.make(K::Not, T.constant(0)), T.constant(1));
  EXPECT_EQ(T.make(K::ShiftLeft, T.constant(1), T.constant(70)), T.constant(0)) << "a shift past the width is not undefined here";
}

TEST_F(Expressions, MasksLookThroughOredConstants) {
  ExprId Flags = T.make(K::BitOr, T.parameter(0), T.constant(0x100));
  EXPECT_EQ(mask(Flags, 0x400), mask(T.parameter(0), 0x400));
  EXPECT_TRUE(T.know(mask(Flags, 0x500)).isTrue());
  EXPECT_EQ(mask(mask(T.parameter(0), ~0x400), 0x400), T.constant(0));
}

TEST_F(Expressions, PlacesHaveOneSpelling) {
  ExprId S = T.make(K::Local, 3);
  EXPECT_EQ(T.make(K::Field, T.make(K::AddressOf, S), 9), T.make(K::Field, S, 9));
  EXPECT_EQ(T.make(K::Dereference, T.make(K::AddressOf, S)), S);
}

TEST_F(Expressions, SubstituteBindsArguments) {
  ExprId Guard = mask(T.parameter(1), 0x400);
  EXPECT_EQ(T.substitute(Guard, {T.parameter(7), T.constant(0xcc0)}, NoExpr), T.constant(0x400));
  EXPECT_EQ(T.substitute(Guard, {NoExpr, T.parameter(2)}, NoExpr), mask(T.parameter(2), 0x400));
  EXPECT_EQ(T.substitute(Guard, {T.constant(1)}, NoExpr), NoExpr) << "a missing argument is unknown, not zero";
  EXPECT_EQ(T.substitute(T.make(K::Field, T.self(), 5), {}, T.parameter(0)), T.make(K::Field, T.parameter(0), 5));
}

TEST_F(Expressions, WhatIsLocalDoesNotLeave) {
  EXPECT_EQ(T.substitute(T.make(K::Local, 0), {}, NoExpr), NoExpr);
  EXPECT_EQ(T.substitute(T.make(K::Add, T.parameter(0), T.make(K::Result, 1)), {T.constant(1)}, NoExpr), NoExpr);
}

TEST(KnowledgeLattice, MeetAndJoin) {
  Knowledge Five = Knowledge::exactly(5), Minus = Knowledge::exactly(-5), Any;
  EXPECT_EQ(Five.meet(Any), Five);
  EXPECT_EQ(Five.meet(Minus).Signs, 0);
  EXPECT_EQ(Five.join(Five), Five);
  EXPECT_TRUE(Five.join(Any).isNothing());
}

TEST(KnowledgeLattice, OneOfAFew) {
  Knowledge Five = Knowledge::exactly(5), Either = Five.join(Knowledge::exactly(6));
  EXPECT_FALSE(Either.Exact);
  EXPECT_TRUE(Either.isTrue());
  EXPECT_TRUE(Either.mayBe(5) && Either.mayBe(6));
  EXPECT_FALSE(Either.mayBe(7));
  EXPECT_EQ(Either.meet(Five), Five);
  EXPECT_EQ(Either.meet(Knowledge::exactly(7)).Signs, 0);
  EXPECT_EQ(Either.join(Five), Either) << "equal sets are one object";
  EXPECT_EQ(Knowledge::exactly(6).join(Five), Either);
  EXPECT_EQ(Either.join(Knowledge::exactly(-1)).meet(Knowledge::signs(Knowledge::Positive)), Either);
  Knowledge Many = Five;
  for (int64_t N = 6; N < 40; ++N)
    Many = Many.join(Knowledge::exactly(N));
  EXPECT_EQ(Many, Knowledge::signs(Knowledge::Positive)) << "too many to tell";
}

} // namespace
