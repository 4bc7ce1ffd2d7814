// Waiting for one fence: results, the driver's own way to wait, and what is left behind.
#include "test_fence.h"

#include <atomic>
#include <cerrno>
#include <ctime>
#include <gtest/gtest.h>
#include <thread>

namespace {

constexpr int64_t long_enough = 60'000; ///< a minute, which no test waits

uint64_t processor_time() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

TEST(Wait, ForASignalledFenceReturnsTheWholeTimeout) {
  watched_fence fence;
  dma_fence_signal(&fence);
  for (bool intr : {false, true}) {
    EXPECT_EQ(dma_fence_wait_timeout(&fence, intr, 0), 1);
    EXPECT_EQ(dma_fence_wait_timeout(&fence, intr, 1), 1);
    EXPECT_EQ(dma_fence_wait_timeout(&fence, intr, 5), 5);
    EXPECT_EQ(dma_fence_default_wait(&fence, intr, 0), 1);
    EXPECT_EQ(dma_fence_default_wait(&fence, intr, 5), 5);
    EXPECT_EQ(dma_fence_wait(&fence, intr), 0);
  }
  EXPECT_EQ(fence.enabled, 0);
}

TEST(Wait, ForLessThanNothingIsInvalid) {
  watched_fence fence;
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, -1), -EINVAL);
  EXPECT_EQ(fence.enabled, 0);
}

TEST(Wait, ALookMakesTheFenceComeAndAsksTheDevice) {
  watched_fence fence;
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, 0), 0);
  EXPECT_EQ(fence.enabled, 1);
  EXPECT_EQ(fence.asked, 1);
  EXPECT_TRUE(fence_list_empty(&fence.cb_list));
  fence.done = true;
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, 0), 1);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence));
}

TEST(Wait, TheDefaultWaitWithoutTimeOnlyLooks) {
  watched_fence fence;
  EXPECT_EQ(dma_fence_default_wait(&fence, false, 0), 0);
  EXPECT_EQ(fence.enabled, 0);
  uint64_t start = fence_now();
  EXPECT_EQ(dma_fence_default_wait(&fence, false, 1), 0);
  EXPECT_GE(fence_now() - start, 1'000'000u);
  EXPECT_EQ(fence.enabled, 1);
}

TEST(Wait, ForWhatTurnsOutToBeDone) {
  watched_fence fence;
  fence.can_enable = false;
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, long_enough), long_enough);
  EXPECT_TRUE(dma_fence_test_signaled_flag(&fence));
  watched_fence direct;
  direct.can_enable = false;
  EXPECT_EQ(dma_fence_default_wait(&direct, false, long_enough), long_enough);
  EXPECT_EQ(direct.enabled, 1) << "the default wait enables by registering";
}

TEST(Wait, RunsOutAndLeavesNothingBehind) {
  watched_fence fence;
  uint64_t start = fence_now();
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, 2), 0);
  EXPECT_GE(fence_now() - start, 2'000'000u);
  EXPECT_TRUE(fence_list_empty(&fence.cb_list)) << "the registration lay on a stack frame that has gone";
  start = fence_now();
  EXPECT_EQ(dma_fence_default_wait(&fence, true, 2), 0);
  EXPECT_GE(fence_now() - start, 2'000'000u);
  EXPECT_TRUE(fence_list_empty(&fence.cb_list));
  EXPECT_FALSE(fence_in_atomic());
  dma_fence_signal(&fence);
}

TEST(Wait, SleepsRatherThanBurnTheProcessor) {
  watched_fence fence;
  uint64_t start = processor_time();
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, 50), 0);
  EXPECT_LT(processor_time() - start, 20'000'000u);
}

TEST(Wait, EndsWhenAnotherThreadSignals) {
  for (bool intr : {false, true}) {
    watched_fence fence;
    std::atomic<bool> signalling = false;
    std::thread waiter([&] {
      int64_t left = dma_fence_wait_timeout(&fence, intr, long_enough);
      EXPECT_TRUE(signalling);
      EXPECT_GT(left, 0);
      EXPECT_LE(left, long_enough);
    });
    std::thread forever([&] {
      EXPECT_EQ(dma_fence_wait_timeout(&fence, intr, FENCE_MAX_TIMEOUT), FENCE_MAX_TIMEOUT);
      EXPECT_TRUE(signalling);
    });
    std::thread plainly([&] {
      EXPECT_EQ(dma_fence_wait(&fence, intr), 0);
      EXPECT_TRUE(signalling);
    });
    // All three are registered once they are in the list; then they have to be woken.
    for (int registered = 0; registered < 3; std::this_thread::yield()) {
      unsigned long flags = fence_spin_lock_irqsave(fence.lock);
      registered = 0;
      for (fence_list *node = fence.cb_list.next; node != &fence.cb_list; node = node->next)
        ++registered;
      fence_spin_unlock_irqrestore(fence.lock, flags);
    }
    signalling = true;
    dma_fence_signal(&fence);
    for (std::thread *thread : {&waiter, &forever, &plainly})
      thread->join();
    EXPECT_EQ(fence.enabled, 1);
  }
}

// A fence that comes during the wait, from the waiting thread's own registration: no second thread, so the remainder is exact enough.
TEST(Wait, ReturnsWhatIsLeft) {
  watched_fence fence;
  uint64_t deadline = fence_now() + 60'000'000'000u;
  std::thread signaller([&] {
    // Let two milliseconds of the waiter's time go by; without a wait they are simply there already.
    while (fence_now() < deadline - 60'000'000'000u + 2'000'000u)
      std::this_thread::yield();
    dma_fence_signal(&fence);
  });
  int64_t left = dma_fence_default_wait(&fence, false, long_enough);
  int64_t must_be_left = static_cast<int64_t>((deadline - fence_now()) / 1'000'000u);
  signaller.join();
  EXPECT_GE(left, must_be_left);
  EXPECT_LE(left, long_enough);
}

TEST(Wait, AVeryLongTimeoutIsNotAShortOne) {
  watched_fence fence;
  std::thread signaller([&] { dma_fence_signal(&fence); });
  int64_t left = dma_fence_default_wait(&fence, false, FENCE_MAX_TIMEOUT - 1);
  EXPECT_GT(left, FENCE_MAX_TIMEOUT / 2'000'000);
  signaller.join();
}

TEST(Wait, CanBeInterrupted) {
  watched_fence fence;
  fence_interrupt(fence_thread_self());
  EXPECT_EQ(dma_fence_wait_timeout(&fence, true, long_enough), -FENCE_ERESTARTSYS);
  EXPECT_EQ(dma_fence_wait(&fence, true), -FENCE_ERESTARTSYS);
  EXPECT_TRUE(fence_list_empty(&fence.cb_list));
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, 2), 0) << "not when it does not ask for it";
  dma_fence_signal(&fence);
  EXPECT_EQ(dma_fence_wait(&fence, true), 0) << "what has signalled is no wait";
  EXPECT_TRUE(fence_clear_interrupt());
  EXPECT_FALSE(fence_clear_interrupt());
}

TEST(Wait, IsInterruptedFromAnotherThread) {
  watched_fence fence;
  fence_thread *self = fence_thread_get(fence_thread_self());
  std::thread other([&] {
    fence_interrupt(self);
    fence_thread_put(self);
  });
  EXPECT_EQ(dma_fence_wait(&fence, true), -FENCE_ERESTARTSYS);
  other.join();
  EXPECT_TRUE(fence_clear_interrupt());
}

TEST(Wait, UsesTheDriversWay) {
  dma_fence_ops ops = plain_ops;
  ops.wait = [](dma_fence *fence, bool intr, int64_t timeout) noexcept -> int64_t {
    EXPECT_TRUE(fence->flags & 1ul << DMA_FENCE_FLAG_ENABLE_SIGNAL_BIT);
    return intr ? -EIO : timeout - 1;
  };
  dma_fence *fence = make_fence(ops);
  EXPECT_EQ(dma_fence_wait_timeout(fence, false, 9), 8);
  EXPECT_EQ(dma_fence_wait_timeout(fence, true, 9), -EIO);
  EXPECT_EQ(dma_fence_wait(fence, false), 0);
  EXPECT_EQ(dma_fence_wait(fence, true), -EIO);
  dma_fence_signal(fence);
  EXPECT_EQ(dma_fence_wait_timeout(fence, false, 9), 8) << "also when it has signalled: the driver says what is left";
  dma_fence_put(fence);
  fence_rcu_barrier();
}

} // namespace
