// Asking a fence: status, order on a timeline, description, deadline.
#include "test_fence.h"

#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <string>

namespace {

TEST(Asking, LooksAtTheDeviceAndSignalsWhenItIsDone) {
  watched_fence fence;
  EXPECT_FALSE(dma_fence_is_signaled(&fence));
  EXPECT_EQ(fence.asked, 1);
  counted cb;
  ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
  fence.done = true;
  EXPECT_FALSE(dma_fence_test_signaled_flag(&fence)) << "the flag alone does not look";
  EXPECT_TRUE(dma_fence_is_signaled(&fence));
  EXPECT_EQ(fence.asked, 2);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence));
  EXPECT_EQ(cb.calls, 1);
  EXPECT_TRUE(dma_fence_is_signaled(&fence));
  EXPECT_EQ(fence.asked, 2) << "the flag answers";
}

TEST(Asking, WithTheLockHeld) {
  watched_fence fence;
  counted cb;
  ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
  unsigned long flags = fence_spin_lock_irqsave(fence.lock);
  EXPECT_FALSE(dma_fence_is_signaled_locked(&fence));
  EXPECT_EQ(dma_fence_get_status_locked(&fence), 0);
  EXPECT_EQ(fence.asked, 2);
  fence.done = true;
  EXPECT_TRUE(dma_fence_is_signaled_locked(&fence));
  EXPECT_TRUE(dma_fence_is_signaled_locked(&fence));
  EXPECT_EQ(fence.asked, 3);
  EXPECT_EQ(cb.calls, 1);
  EXPECT_EQ(dma_fence_get_status_locked(&fence), 1);
  fence_spin_unlock_irqrestore(fence.lock, flags);
}

TEST(Asking, TheErrorIsTheStatusOnceItHasSignalled) {
  watched_fence fence;
  dma_fence_set_error(&fence, -EIO);
  fence_spin_lock_irq(fence.lock);
  EXPECT_EQ(dma_fence_get_status_locked(&fence), 0);
  fence.done = true;
  EXPECT_EQ(dma_fence_get_status_locked(&fence), -EIO);
  fence_spin_unlock_irq(fence.lock);
  EXPECT_EQ(dma_fence_get_status(&fence), -EIO);
}

TEST(Asking, WithoutALookNobodyIsAsked) {
  dma_fence *fence = make_fence();
  EXPECT_FALSE(dma_fence_is_signaled(fence));
  fence_spin_lock_irq(fence->lock);
  EXPECT_FALSE(dma_fence_is_signaled_locked(fence));
  fence_spin_unlock_irq(fence->lock);
  EXPECT_EQ(dma_fence_get_status(fence), 0);
  dma_fence_signal(fence);
  EXPECT_EQ(dma_fence_get_status(fence), 1);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

TEST(Asking, StatusLooksAtTheDeviceToo) {
  watched_fence fence;
  EXPECT_EQ(dma_fence_get_status(&fence), 0);
  fence.done = true;
  EXPECT_EQ(dma_fence_get_status(&fence), 1);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence));
}

TEST(Order, WrapsAt32BitsUnlessTheTimelineHas64) {
  dma_fence_ops wide = plain_ops;
  wide.use_64bit_seqno = true;
  struct {
    uint64_t a, b;
    bool later32, later64;
  } const cases[] = {
      {1, 1, false, false},           {2, 1, true, true},
      {1, 2, false, false},           {0, 0xffffffffu, true, false},
      {0xffffffffu, 0, false, true},  {0x7fffffffu, 0, true, true},
      {0x80000000u, 0, false, true},  {0x80000001u, 1, false, true},
      {0x100000000u, 1, false, true}, {0x100000002u, 1, true, true},
      {1, 0x100000000u, true, false}, {UINT64_MAX, 0, false, true},
  };
  for (const auto &c : cases) {
    EXPECT_EQ(__dma_fence_is_later(c.a, c.b, &plain_ops), c.later32) << c.a << ' ' << c.b;
    EXPECT_EQ(__dma_fence_is_later(c.a, c.b, &wide), c.later64) << c.a << ' ' << c.b;
  }
}

TEST(Order, OfFencesOfOneContext) {
  watched_fence first(1, 1), second(1, 2), same(1, 2), other(2, 3);
  EXPECT_TRUE(dma_fence_is_later(&second, &first));
  EXPECT_FALSE(dma_fence_is_later(&first, &second));
  EXPECT_FALSE(dma_fence_is_later(&second, &same));
  EXPECT_FALSE(dma_fence_is_later(&other, &first)) << "contexts have no order between them";
  EXPECT_TRUE(dma_fence_is_later_or_same(&second, &first));
  EXPECT_TRUE(dma_fence_is_later_or_same(&second, &second));
  EXPECT_FALSE(dma_fence_is_later_or_same(&second, &same));
  EXPECT_FALSE(dma_fence_is_later_or_same(&first, &second));
  EXPECT_FALSE(dma_fence_is_later_or_same(&other, &first));
}

TEST(Order, LaterIsTheOneThatIsStillToCome) {
  watched_fence first(1, 1), second(1, 2), other(2, 3);
  EXPECT_EQ(dma_fence_later(&first, &second), &second);
  EXPECT_EQ(dma_fence_later(&second, &first), &second);
  EXPECT_EQ(dma_fence_later(&second, &second), &second);
  EXPECT_EQ(dma_fence_later(&first, &other), nullptr);
  EXPECT_EQ(dma_fence_later(&other, &first), nullptr);
  dma_fence_signal(&first);
  EXPECT_EQ(dma_fence_later(&first, &second), &second);
  dma_fence_signal(&second);
  EXPECT_EQ(dma_fence_later(&first, &second), nullptr);
}

TEST(Deadline, ReachesTheDriverUntilTheFenceHasSignalled) {
  watched_fence fence;
  dma_fence_set_deadline(&fence, 42);
  EXPECT_EQ(fence.deadline, 42);
  dma_fence_signal(&fence);
  dma_fence_set_deadline(&fence, 43);
  EXPECT_EQ(fence.deadline, 42);
}

TEST(Deadline, IsAHintThatNobodyNeedsToTake) {
  dma_fence *fence = make_fence();
  dma_fence_set_deadline(fence, 42);
  EXPECT_FALSE(dma_fence_is_signaled(fence));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

std::string describe(dma_fence *fence) {
  char text[128];
  std::memset(text, '#', sizeof text);
  int length = dma_fence_describe(fence, text, sizeof text);
  EXPECT_EQ(length, static_cast<int>(std::strlen(text)));
  return text;
}

TEST(Description, SaysDriverTimelineNumberAndState) {
  dma_fence *fence = make_fence(plain_ops, 7, UINT64_MAX);
  EXPECT_EQ(describe(fence), "test test 7:18446744073709551615 pending");
  dma_fence_signal(fence);
  EXPECT_EQ(describe(fence), "test test 7:18446744073709551615 signalled");
  dma_fence_put(fence);
  fence_rcu_barrier();
}

TEST(Description, UsesTheDriversWords) {
  dma_fence_ops ops = plain_ops;
  ops.get_driver_name = [](dma_fence *) noexcept { return "gpu"; };
  ops.get_timeline_name = [](dma_fence *) noexcept { return "ring0"; };
  ops.fence_value_str = [](dma_fence *, char *text, int size) noexcept {
    std::snprintf(text, static_cast<size_t>(size), "job%d", size);
  };
  dma_fence *fence = make_fence(ops, 7, 8);
  EXPECT_EQ(describe(fence), "gpu ring0 7:job32 pending");
  ops.timeline_value_str = [](dma_fence *, char *text, int size) noexcept {
    std::snprintf(text, static_cast<size_t>(size), "now%d", size);
  };
  EXPECT_EQ(describe(fence), "gpu ring0 7:job32 at now32 pending");
  dma_fence_put(fence);
  fence_rcu_barrier();
}

TEST(Description, ReturnsTheWholeLengthAndStaysInBounds) {
  dma_fence *fence = make_fence(plain_ops, 7, 8);
  char text[8] = "#######";
  EXPECT_EQ(dma_fence_describe(fence, text, 5), static_cast<int>(std::strlen("test test 7:8 pending")));
  EXPECT_STREQ(text, "test");
  EXPECT_EQ(text[5], '#');
  dma_fence_put(fence);
  fence_rcu_barrier();
}

} // namespace
