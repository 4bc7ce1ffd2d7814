// Exits that a caller cannot tell apart become the one that holds less.
#include "checks/link/Simulate.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

Exit exitWith(Knowledge Result, int Levels, Guard When = {}) {
  Exit X;
  X.Result = Result;
  X.When = When;
  for (int I = 0; I < Levels; ++I)
    X.Changes.push_back({LockKind::Spinning, Part::PreemptOff, NoExpr, 0, 1});
  return X;
}

TEST(Exits, TrylockKeepsBothWorlds) {
  EXPECT_EQ(mergeExits({exitWith(Knowledge::exactly(1), 1), exitWith(Knowledge::exactly(0), 0)}, ExprTable()).size(), 2u);
}

TEST(Exits, WhatNobodyCanTellHoldsLess) {
  auto Kept = mergeExits({exitWith({}, 1), exitWith(Knowledge::exactly(0), 0)}, ExprTable());
  ASSERT_EQ(Kept.size(), 1u);
  EXPECT_TRUE(Kept[0].Changes.empty());
}

TEST(Exits, ArgumentsCanTell) {
  Guard Yes{{1, Knowledge::truth(true)}}, No{{1, Knowledge::truth(false)}};
  EXPECT_EQ(mergeExits({exitWith({}, 1, Yes), exitWith({}, 0, No)}, ExprTable()).size(), 2u);
}

TEST(Exits, EqualWorldsAreOne) {
  auto Kept = mergeExits({exitWith(Knowledge::exactly(0), 0), exitWith(Knowledge::exactly(-12), 0)}, ExprTable());
  ASSERT_EQ(Kept.size(), 1u);
  EXPECT_EQ(Kept[0].Result.Signs, Knowledge::Zero | Knowledge::Negative);
}

} // namespace
