// Signalling: once, callbacks in order, and whoever comes late is told so.
#include "test_fence.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <vector>

namespace {

struct recorded : dma_fence_cb {
  std::vector<int> *order;
  int number;
};
void record(dma_fence *, dma_fence_cb *cb) noexcept {
  auto *self = static_cast<recorded *>(cb);
  self->order->push_back(self->number);
}

TEST(Signalling, RunsCallbacksInTheOrderOfRegistration) {
  dma_fence *fence = make_fence();
  std::vector<int> order;
  order.reserve(3);
  recorded cbs[3];
  for (int i = 0; i < 3; ++i) {
    cbs[i].order = &order;
    cbs[i].number = i;
    ASSERT_EQ(dma_fence_add_callback(fence, &cbs[i], record), 0);
  }
  EXPECT_FALSE(dma_fence_is_signaled(fence));
  EXPECT_EQ(dma_fence_signal(fence), 0);
  EXPECT_TRUE(dma_fence_is_signaled(fence));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  EXPECT_FALSE(dma_fence_remove_callback(fence, &cbs[0]));
  EXPECT_EQ(dma_fence_signal(fence), -EINVAL);
  EXPECT_EQ(dma_fence_add_callback(fence, &cbs[0], record), -ENOENT);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

// Every way to signal, as one function each, so that what they share is said once.
int with_lock(dma_fence *fence, int (*signal)(dma_fence *)) {
  unsigned long flags = fence_spin_lock_irqsave(fence->lock);
  int result = signal(fence);
  fence_spin_unlock_irqrestore(fence->lock, flags);
  return result;
}
int (*const ways[])(dma_fence *) = {
    [](dma_fence *fence) { return dma_fence_signal(fence); },
    [](dma_fence *fence) { return with_lock(fence, [](dma_fence *f) { return dma_fence_signal_locked(f); }); },
    [](dma_fence *fence) { return dma_fence_signal_timestamp(fence, 77); },
    [](dma_fence *fence) {
      return with_lock(fence, [](dma_fence *f) { return dma_fence_signal_timestamp_locked(f, 77); });
    }};

class EveryWayToSignal : public testing::TestWithParam<int> {
protected:
  int signal(dma_fence *fence) { return ways[GetParam()](fence); }
};
INSTANTIATE_TEST_SUITE_P(Signalling, EveryWayToSignal, testing::Range(0, 4));

TEST_P(EveryWayToSignal, SucceedsOnce) {
  watched_fence fence;
  EXPECT_EQ(signal(&fence), 0);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence));
  EXPECT_EQ(signal(&fence), -EINVAL);
  EXPECT_EQ(fence.enabled, 0);
}

TEST_P(EveryWayToSignal, CallsWithTheLockHeldAndTheRegistrationUnlinked) {
  watched_fence fence;
  counted cb;
  ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
  EXPECT_EQ(signal(&fence), 0);
  EXPECT_EQ(signal(&fence), -EINVAL);
  EXPECT_EQ(cb.calls, 1);
  EXPECT_EQ(cb.fence, &fence);
  EXPECT_FALSE(cb.linked);
  EXPECT_TRUE(cb.signalled);
  EXPECT_TRUE(cb.under_lock);
  EXPECT_TRUE(cb.in_callback);
  EXPECT_FALSE(fence_in_fence_callback());
  EXPECT_FALSE(fence_spin_is_locked(fence.lock));
  EXPECT_FALSE(fence_in_atomic());
}

TEST_P(EveryWayToSignal, TakesTheTime) {
  watched_fence fence;
  auto before = static_cast<int64_t>(fence_now());
  EXPECT_EQ(fence.flags, 0u);
  ASSERT_EQ(signal(&fence), 0);
  auto after = static_cast<int64_t>(fence_now());
  EXPECT_EQ(fence.flags, 1ul << DMA_FENCE_FLAG_SIGNALED_BIT | 1ul << DMA_FENCE_FLAG_TIMESTAMP_BIT);
  if (GetParam() >= 2) {
    EXPECT_EQ(dma_fence_timestamp(&fence), 77);
  } else {
    EXPECT_LE(before, dma_fence_timestamp(&fence));
    EXPECT_LE(dma_fence_timestamp(&fence), after);
  }
  int64_t first = dma_fence_timestamp(&fence);
  signal(&fence);
  EXPECT_EQ(dma_fence_timestamp(&fence), first) << "the second signal came too late to change the time";
}

TEST_P(EveryWayToSignal, KeepsTheDriversBits) {
  watched_fence fence;
  fence.flags = 1ul << DMA_FENCE_FLAG_USER_BITS;
  ASSERT_EQ(signal(&fence), 0);
  EXPECT_TRUE(fence.flags & 1ul << DMA_FENCE_FLAG_USER_BITS);
}

TEST(Signalling, NullIsInvalid) {
  EXPECT_EQ(dma_fence_signal(nullptr), -EINVAL);
  EXPECT_EQ(dma_fence_signal_timestamp(nullptr, 1), -EINVAL);
}

TEST(Signalling, ACallbackMaySignalAnotherFenceAndMayReuseItsRegistration) {
  struct chained : dma_fence_cb {
    watched_fence *next;
    counted *again;
  };
  watched_fence first, second;
  // Signalled under the lock of the first: a lock of another class, and so an order that can be known.
  static fence_lock_class inner = {"inner_watched_fence", FENCE_LOCK_SPINS, 0};
  second.own_lock.lock_class = &inner;
  counted seen;
  chained link;
  link.next = &second;
  link.again = &seen;
  ASSERT_EQ(dma_fence_add_callback(&second, &seen, counted::called), 0);
  ASSERT_EQ(dma_fence_add_callback(&first, &link,
                                   [](dma_fence *, dma_fence_cb *cb) noexcept {
                                     auto *self = static_cast<chained *>(cb);
                                     dma_fence_signal(self->next);
                                     // Ours again: overwritten while the signal still runs.
                                     self->node = {nullptr, nullptr};
                                   }),
            0);
  EXPECT_EQ(dma_fence_signal(&first), 0);
  EXPECT_EQ(seen.calls, 1);
  EXPECT_EQ(seen.fence, &second);
  EXPECT_FALSE(fence_in_fence_callback());
}

TEST(Signalling, ErrorIsSeenByTheCallbackAndByEverybodyAfter) {
  watched_fence fence;
  counted cb;
  ASSERT_EQ(dma_fence_add_callback(&fence, &cb, counted::called), 0);
  dma_fence_set_error(&fence, -EIO);
  EXPECT_EQ(dma_fence_get_status(&fence), 0) << "not before it has signalled";
  ASSERT_EQ(dma_fence_signal(&fence), 0);
  EXPECT_EQ(cb.error, -EIO);
  EXPECT_EQ(dma_fence_get_status(&fence), -EIO);
}

TEST(Signalling, SectionsNest) {
  EXPECT_FALSE(fence_in_signalling_section());
  bool outer = dma_fence_begin_signalling();
  EXPECT_FALSE(outer);
  EXPECT_TRUE(fence_in_signalling_section());
  bool inner = dma_fence_begin_signalling();
  EXPECT_TRUE(inner);
  dma_fence_end_signalling(inner);
  EXPECT_TRUE(fence_in_signalling_section());
  dma_fence_end_signalling(outer);
  EXPECT_FALSE(fence_in_signalling_section());
}

} // namespace
