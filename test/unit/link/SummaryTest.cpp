// A summary keeps only what says more than the rest.
#include "checks/link/Summary.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

EffectFact sleeps(Guard When = {}) {
  EffectFact F;
  F.When = When;
  return F;
}
const Guard OnFirst{{1, Knowledge::truth(true)}};

TEST(Guards, MoreConditionsImplyFewer) {
  EXPECT_TRUE(implies(OnFirst, {}));
  EXPECT_FALSE(implies({}, OnFirst));
  EXPECT_TRUE(implies({{1, Knowledge::exactly(5)}}, OnFirst));
}

TEST(Guards, WhatTwoHaveInCommonDoesNotGrow) {
  Guard A{{1, Knowledge::truth(true)}, {1, Knowledge::oneOf({-3, 3})}};
  Guard B{{1, Knowledge::truth(true)}, {1, Knowledge::oneOf({-5, 5})}};
  Guard Both = common(A, B);
  for (int I = 0; I < 3; ++I)
    Both = common(Both, A);
  ASSERT_EQ(Both.size(), 1u);
  EXPECT_TRUE(implies(A, Both));
  EXPECT_TRUE(implies(B, Both));
  EXPECT_FALSE(implies({}, Both));
}

TEST(Summaries, TheUnconditionalReplacesTheConditional) {
  Summary S;
  EXPECT_TRUE(S.add(sleeps(OnFirst)));
  EXPECT_TRUE(S.add(sleeps()));
  EXPECT_TRUE(S.Effects[0].Dead);
  EXPECT_FALSE(S.add(sleeps(OnFirst)));
}

TEST(Summaries, ASleepBelowEntryDoesNotHideOneAtEntry) {
  Summary S;
  EffectFact Below = sleeps();
  Below.Difference.change(Part::PreemptOff, -1);
  EXPECT_TRUE(S.add(Below));
  EXPECT_TRUE(S.add(sleeps()));
  EXPECT_TRUE(S.Effects[0].Dead) << "every caller that minds the one below minds the one at entry";
}

TEST(Summaries, ADropDoesNotHideASleep) {
  Summary S;
  EffectFact Drop = sleeps();
  Drop.OnLastReference = true;
  EXPECT_TRUE(S.add(Drop));
  EXPECT_TRUE(S.add(sleeps()));
  EXPECT_FALSE(S.add(Drop));
}

TEST(Summaries, WhatFindsNoRoomIsTold) {
  Summary S;
  auto Calls = [&](ExprId Which) {
    EffectFact F;
    F.CallsParameter = true;
    F.Callee = Which;
    return F;
  };
  ExprId Next = 1;
  while (S.add(Calls(Next))) {
    EXPECT_FALSE(S.Full);
    ASSERT_LT(++Next, 10000u);
  }
  EXPECT_TRUE(S.Full);
  EXPECT_EQ(S.Effects.size() + 1, Next);

  Summary Again;
  EXPECT_TRUE(Again.add(Calls(1)));
  EXPECT_FALSE(Again.add(Calls(1))); // known already, which is another matter
  EXPECT_FALSE(Again.Full);
}

} // namespace
