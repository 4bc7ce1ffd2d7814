// Registering to be told, and taking the registration back.
#include "test_fence.h"

#include <cerrno>
#include <gtest/gtest.h>

namespace {

TEST(AddCallback, EnablesSignallingOnceUnderTheLock) {
  watched_fence fence;
  counted first, second;
  EXPECT_EQ(dma_fence_add_callback(&fence, &first, counted::called), 0);
  EXPECT_EQ(fence.enabled, 1);
  EXPECT_TRUE(fence.enabled_under_lock);
  EXPECT_TRUE(fence.flags & 1ul << DMA_FENCE_FLAG_ENABLE_SIGNAL_BIT);
  EXPECT_EQ(dma_fence_add_callback(&fence, &second, counted::called), 0);
  EXPECT_EQ(fence.enabled, 1);
  EXPECT_FALSE(fence_spin_is_locked(fence.lock));
  dma_fence_signal(&fence);
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(second.calls, 1);
}

TEST(AddCallback, ToAFenceThatTurnsOutToBeDoneIsTooLate) {
  watched_fence fence;
  fence.can_enable = false;
  counted cb;
  EXPECT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), -ENOENT);
  EXPECT_EQ(fence.enabled, 1);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence)) << "and the fence has signalled now";
  EXPECT_EQ(cb.calls, 0);
  EXPECT_FALSE(fence_spin_is_locked(fence.lock));
  EXPECT_FALSE(dma_fence_remove_callback(&fence, &cb));
}

TEST(AddCallback, ToASignalledFenceIsTooLateAndLeavesARegistrationAsAfterRemoval) {
  watched_fence fence;
  dma_fence_signal(&fence);
  counted cb;
  cb.node = {nullptr, nullptr};
  EXPECT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), -ENOENT);
  EXPECT_TRUE(fence_list_empty(&cb.node));
  EXPECT_EQ(fence.enabled, 0);
  EXPECT_EQ(cb.calls, 0);
  EXPECT_FALSE(dma_fence_remove_callback(&fence, &cb));
}

TEST(AddCallback, NullIsInvalid) {
  watched_fence fence;
  counted cb;
  EXPECT_EQ(dma_fence_add_callback(nullptr, &cb, counted::called), -EINVAL);
  EXPECT_EQ(dma_fence_add_callback(&fence, nullptr, counted::called), -EINVAL);
  EXPECT_EQ(dma_fence_add_callback(&fence, &cb, nullptr), -EINVAL);
  EXPECT_EQ(fence.enabled, 0);
  EXPECT_TRUE(fence_list_empty(&fence.cb_list));
}

TEST(RemoveCallback, SaysWhetherItCameInTime) {
  watched_fence fence;
  counted first, second, third;
  for (counted *cb : {&first, &second, &third})
    ASSERT_EQ(dma_fence_add_callback(&fence, cb, counted::called), 0);
  EXPECT_TRUE(dma_fence_remove_callback(&fence, &second));
  EXPECT_TRUE(fence_list_empty(&second.node));
  EXPECT_FALSE(dma_fence_remove_callback(&fence, &second));
  EXPECT_FALSE(fence_spin_is_locked(fence.lock));
  EXPECT_FALSE(fence_in_atomic());
  dma_fence_signal(&fence);
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(second.calls, 0);
  EXPECT_EQ(third.calls, 1);
  EXPECT_FALSE(dma_fence_remove_callback(&fence, &first));
  EXPECT_FALSE(dma_fence_remove_callback(&fence, &third));
}

TEST(RemoveCallback, TheRegistrationCanBeUsedAgain) {
  watched_fence fence;
  counted cb;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
    EXPECT_TRUE(dma_fence_remove_callback(&fence, &cb));
  }
  EXPECT_TRUE(fence_list_empty(&fence.cb_list));
  ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
  dma_fence_signal(&fence);
  EXPECT_EQ(cb.calls, 1);
}

TEST(EnableSignalling, AsksTheDriverOnce) {
  watched_fence fence;
  dma_fence_enable_sw_signaling(&fence);
  dma_fence_enable_sw_signaling(&fence);
  EXPECT_EQ(fence.enabled, 1);
  EXPECT_TRUE(fence.enabled_under_lock);
  EXPECT_FALSE(dma_fence_test_signaled_flag(&fence));
  EXPECT_FALSE(fence_spin_is_locked(fence.lock));
  EXPECT_FALSE(fence_in_atomic());
}

TEST(EnableSignalling, SignalsWhatIsDoneAlready) {
  watched_fence fence;
  fence.can_enable = false;
  dma_fence_enable_sw_signaling(&fence);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence));
  EXPECT_FALSE(fence_spin_is_locked(fence.lock));
}

TEST(EnableSignalling, OfASignalledFenceAsksNobody) {
  watched_fence fence;
  dma_fence_signal(&fence);
  dma_fence_enable_sw_signaling(&fence);
  EXPECT_EQ(fence.enabled, 0);
}

TEST(EnableSignalling, WithoutAnOperationTheFenceIsEnabled) {
  dma_fence *fence = make_fence();
  dma_fence_enable_sw_signaling(fence);
  EXPECT_EQ(fence->flags, 1ul << DMA_FENCE_FLAG_ENABLE_SIGNAL_BIT);
  counted cb;
  ASSERT_EQ(dma_fence_add_callback(fence, &cb, counted::called), 0);
  dma_fence_signal(fence);
  EXPECT_EQ(cb.calls, 1);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

TEST(List, UnlinkingTwiceIsHarmless) {
  fence_list head, a, b;
  fence_list_init(&head);
  fence_list_append(&head, &a);
  fence_list_append(&head, &b);
  EXPECT_EQ(head.next, &a);
  EXPECT_EQ(a.next, &b);
  EXPECT_EQ(b.next, &head);
  EXPECT_EQ(head.prev, &b);
  EXPECT_EQ(b.prev, &a);
  EXPECT_EQ(a.prev, &head);
  fence_list_unlink(&a);
  fence_list_unlink(&a);
  EXPECT_TRUE(fence_list_empty(&a));
  EXPECT_EQ(head.next, &b);
  EXPECT_EQ(b.prev, &head);
  fence_list_unlink(&b);
  EXPECT_TRUE(fence_list_empty(&head));
  EXPECT_EQ(head.prev, &head);
}

} // namespace
