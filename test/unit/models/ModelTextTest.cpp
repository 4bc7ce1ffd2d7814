// What `fencelint models` prints is what a model file says: every sentence comes back as it went in.
#include "checks/models/ModelText.h"
#include "checks/models/Sentence.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

class RoundTrip : public testing::TestWithParam<const char *> {};

TEST_P(RoundTrip, SaysTheSame) {
  Sentence S;
  ASSERT_FALSE(parseSentence(GetParam(), S)) << GetParam();
  EXPECT_EQ(describeActions({S.Does}), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Sentences, RoundTrip,
                         testing::Values("sleeps", "sleeps outside interrupts", "reclaims", "allocates", "waits for fence",
                                         "waits for work", "waits for irq", "waits for grace period", "touches user memory",
                                         "signals fence", "does something unknown", "sleeps on rt", "may block on last reference", "counts down when result != 0",
                                         "takes spinning arg0", "takes raw this", "takes sleeping arg0 when result == 0",
                                         "releases sleeping arg1.lock", "takes sleeping global big_lock", "enters irqs-off",
                                         "leaves signalling", "calls arg2", "answers atomic", "empties this", "zeroes arg0 when arg1 == 0",
                                         "destroys type-argument 0", "returns arg1", "returns 0", "tests bit arg0 of arg1", "never returns", "warns when arg0 != 0",
                                         "holds another reference arg0", "reclaims when arg1 & 0x400",
                                         "sleeps when result is error", "sleeps when result not error",
                                         "sleeps when not arg1 & 0x8", "sleeps when arg1 < 2 and arg2 >= 1"));

TEST(ModelText, NothingAndParts) {
  EXPECT_EQ(describeActions({}), "nothing");
  Context C;
  EXPECT_EQ(describeParts(C), "task");
  C.change(Part::IrqsOff, 1);
  C.Where = MaybeInterrupt;
  EXPECT_EQ(describeParts(C), "irqs-off, maybe-interrupt");
}

} // namespace
