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

unsigned alive(const Summary &S) {
  return llvm::count_if(S.Effects, [](const EffectFact &E) { return !E.Dead; });
}

TEST(Summaries, OfUnlikelyChainsTheSurestAreKept) {
  Summary S;
  auto Chain = [](uint8_t Sure, ExprId On) {
    EffectFact F = sleeps({{On, Knowledge::truth(true)}});
    F.Sure = Sure;
    F.Callee = 1; // no variants
    F.NotIn = On; // of each other
    return F;
  };
  for (ExprId On = 1; On < 100; ++On)
    S.add(Chain(1, On));
  EXPECT_EQ(alive(S), 8u);
  EXPECT_TRUE(S.add(Chain(3, 100)));
  EXPECT_FALSE(S.add(Chain(1, 101)));
  EXPECT_EQ(alive(S), 8u);
  EXPECT_FALSE(S.Full) << "nobody misses what is hardly so";
  for (ExprId On = 1; On < 100; ++On)
    EXPECT_TRUE(S.add(Chain(Certain, On)));
}

TEST(Summaries, TheSureFindRoomAmongTheUnlikely) {
  Summary S;
  auto Calls = [](uint8_t Sure, ExprId Which) {
    EffectFact F;
    F.CallsParameter = true;
    F.Sure = Sure;
    F.Callee = Which;
    return F;
  };
  ExprId Next = 1;
  while (S.add(Calls(1, Next)))
    ASSERT_LT(++Next, 10000u);
  EXPECT_TRUE(S.add(Calls(Certain, Next)));
  EXPECT_TRUE(S.Full);
  EXPECT_EQ(alive(S), Next - 1);
}

} // namespace
