// Percentiles by their definition: the smallest value that so many in a hundred do not exceed.
#include "checks/report/Statistics.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

TEST(Distributions, PercentilesAreValuesThatCame) {
  Distribution D;
  for (uint64_t Value = 200; Value > 0; --Value)
    D.add(Value);
  EXPECT_EQ(D.atMost(50), 100u);
  EXPECT_EQ(D.atMost(90), 180u);
  EXPECT_EQ(D.atMost(99), 198u);
  EXPECT_EQ(D.atMost(100), 200u);
  EXPECT_EQ(D.count(), 200u);
  EXPECT_EQ(D.total(), 20100u);
}

TEST(Distributions, OneOutlierIsTheMaximumOnly) {
  Distribution D;
  for (int I = 0; I < 999; ++I)
    D.add(0);
  D.add(7);
  EXPECT_EQ(D.atMost(99), 0u);
  EXPECT_EQ(D.atMost(100), 7u);
}

TEST(Distributions, NothingIsZero) { EXPECT_EQ(Distribution().atMost(50), 0u); }

TEST(Largest, TheFiveWithMostEffectsWhateverTheirOrder) {
  SummaryStatistics Up, Down;
  for (uint64_t I = 0; I < 9; ++I) {
    Up.offer({"f", {"a.c", unsigned(I), 1}, I / 2, 1, 10});
    Down.offer({"f", {"a.c", unsigned(8 - I), 1}, (8 - I) / 2, 1, 10});
  }
  ASSERT_EQ(Up.Largest.size(), 5u);
  unsigned Lines[] = {8, 6, 7, 4, 5}; // equal ones by their place
  for (unsigned I = 0; I < 5; ++I) {
    EXPECT_EQ(Up.Largest[I].At.Line, Lines[I]);
    EXPECT_EQ(Down.Largest[I].At.Line, Lines[I]);
  }
}

} // namespace
