// Calls that no driver should make, and what they come to. Unchecked: a defined result wherever telling costs nothing. Checked: a report.
#include "bad_use.h"

#include <cerrno>

namespace {

TEST(BadUse, SignalledTwiceKeepsTheFirst) {
  watched_fence fence;
  dma_fence_set_error(&fence, -EIO);
  ASSERT_EQ(dma_fence_signal_timestamp(&fence, 1), 0);
  EXPECT_EQ(dma_fence_signal_timestamp(&fence, 2), -EINVAL);
  EXPECT_EQ(dma_fence_timestamp(&fence), 1);
  EXPECT_EQ(dma_fence_get_status(&fence), -EIO);
  dma_fence_put(&fence);
}

// A count that is wrong is said in every build, and the fence is left alone: leaked rather than freed twice.
TEST(BadUse, PutPastZeroIsSaidAndReleasesOnce) {
  watched_fence fence;
  dma_fence_put(&fence);
  ASSERT_EQ(fence.released, 1);
  {
    EXPECT_REPORT_IN_EVERY_BUILD(FENCE_REPORT_REFERENCE_COUNT);
    dma_fence_put(&fence);
  }
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(dma_fence_get_rcu(&fence), &fence) << "one more does not make it zero";
  {
    EXPECT_REPORT_IN_EVERY_BUILD(FENCE_REPORT_REFERENCE_COUNT);
    dma_fence_put(&fence);
  }
  {
    EXPECT_REPORT_IN_EVERY_BUILD(FENCE_REPORT_REFERENCE_COUNT);
    dma_fence_get(&fence);
  }
  for (int i = 0; i < 3; ++i)
    dma_fence_put(&fence);
  EXPECT_EQ(fence.released, 1);
}

TEST(BadUse, AReferenceToAReleasedFenceIsSaidAndDoesNotReviveIt) {
  watched_fence fence;
  dma_fence_put(&fence);
  {
    EXPECT_REPORT_IN_EVERY_BUILD(FENCE_REPORT_REFERENCE_COUNT);
    dma_fence_get(&fence);
  }
  dma_fence_put(&fence);
  EXPECT_EQ(fence.released, 1);
  EXPECT_EQ(dma_fence_get_rcu(&fence), &fence) << "saturated, so it looks alive; it is never released again";
  dma_fence_put(&fence);
  EXPECT_EQ(fence.released, 1);
}

#if FENCE_CHECKS
// Unchecked, the registrations around it are lost: the list cannot know what lies in memory that it is given.
TEST(BadUse, ARegistrationAddedTwiceIsRefused) {
  watched_fence fence;
  counted first, second;
  ASSERT_EQ(dma_fence_add_callback(&fence, &first, counted::called), 0);
  ASSERT_EQ(dma_fence_add_callback(&fence, &second, counted::called), 0);
  {
    EXPECT_REPORT(FENCE_REPORT_CALLBACK);
    EXPECT_EQ(dma_fence_add_callback(&fence, &first, counted::called), -EINVAL);
  }
  dma_fence_signal(&fence);
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(second.calls, 1);
}

TEST(BadUse, ASignalAfterTheReleaseIsReported) {
  watched_fence fence;
  dma_fence_put(&fence);
  EXPECT_REPORT(FENCE_REPORT_REFERENCE_COUNT);
  dma_fence_signal(&fence);
}
#endif

// Its own fence has signalled already, another that has signalled too: so the wait returns, but it had no business there.
std::int64_t wait_in_a_callback() {
  struct waiting : dma_fence_cb {
    std::int64_t left = -1;
  };
  watched_fence fence;
  waiting cb;
  EXPECT_EQ(dma_fence_add_callback(&fence, &cb,
                                   [](dma_fence *own, dma_fence_cb *self) noexcept {
                                     static_cast<waiting *>(self)->left = dma_fence_wait_timeout(own, false, 5);
                                   }),
            0);
  dma_fence_signal(&fence);
  return cb.left;
}

#if FENCE_REALTIME_SANITIZER
TEST(BadUseDeathTest, AWaitInACallbackIsReported) {
  EXPECT_DEATH(wait_in_a_callback(), "dma_fence_wait_timeout. in real-time context");
}
#else
TEST(BadUse, AWaitInACallbackIsReported) {
  EXPECT_REPORT(FENCE_REPORT_WAIT_IN_CALLBACK);
  EXPECT_EQ(wait_in_a_callback(), 5);
}
#endif

TEST(BadUse, AnEndWithoutABeginningChangesNothing) {
  {
    EXPECT_REPORT(FENCE_REPORT_UNBALANCED);
    dma_fence_end_signalling(false);
  }
  EXPECT_FALSE(fence_in_signalling_section());
  bool cookie = dma_fence_begin_signalling();
  EXPECT_TRUE(fence_in_signalling_section());
  dma_fence_end_signalling(cookie);
  EXPECT_FALSE(fence_in_signalling_section());
}

TEST(BadUse, AFenceThatIsAbandonedTellsItsWaiters) {
  watched_fence fence;
  counted cb;
  EXPECT_REPORT(FENCE_REPORT_ABANDONED);
  ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
  dma_fence_put(&fence);
  EXPECT_EQ(cb.calls, 1);
  EXPECT_EQ(cb.error, -EDEADLK);
}

TEST(BadUse, ALongTextIsCutAndNoTextIsCounted) {
  watched_fence fence;
  char text[4];
  EXPECT_GT(dma_fence_describe(&fence, text, sizeof text), 3);
  EXPECT_EQ(text[3], 0);
  EXPECT_GT(dma_fence_describe(&fence, nullptr, 0), 3);
}

} // namespace
