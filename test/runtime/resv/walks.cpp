// Looking without the lock: what is seen of which usage, restarts, waiting.
#include "reservation_test.h"

#include <atomic>
#include <thread>

namespace {

constexpr dma_resv_usage usages[] = {DMA_RESV_USAGE_KERNEL, DMA_RESV_USAGE_WRITE, DMA_RESV_USAGE_READ, DMA_RESV_USAGE_BOOKKEEP};

class Walk : public Reservation {
protected:
  /// One fence of each usage, in the usages' order.
  void fill() {
    lock();
    for (dma_resv_usage usage : usages)
      add(fence(usage + 1u), usage);
    unlock();
  }
};

TEST_F(Walk, AUsageShowsItselfAndThoseBeforeIt) {
  fill();
  for (dma_resv_usage usage : usages) {
    entries wanted;
    for (dma_resv_usage each : usages)
      if (each <= usage)
        wanted.emplace_back(fences[each], each);
    EXPECT_EQ(all_unlocked(usage), wanted);
    lock();
    EXPECT_EQ(all(usage), wanted);
    unlock();
  }
}

TEST_F(Walk, WithoutTheLockWhatHasSignalledIsNotShown) {
  fill();
  dma_fence_signal(fences[1]);
  EXPECT_EQ(all_unlocked().size(), 3u);
  lock();
  EXPECT_EQ(all().size(), 4u);
}

TEST_F(Walk, OfNothingIsEmpty) {
  EXPECT_TRUE(all_unlocked().empty());
  EXPECT_TRUE(dma_resv_test_signaled(&resv, DMA_RESV_USAGE_BOOKKEEP));
  EXPECT_EQ(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_BOOKKEEP, false, 5), 5);
}

TEST_F(Walk, StartsAgainWhenTheListChanges) {
  fill();
  dma_resv_iter cursor;
  dma_resv_iter_begin(&cursor, &resv, DMA_RESV_USAGE_BOOKKEEP);
  EXPECT_EQ(dma_resv_iter_first_unlocked(&cursor), fences[0]);
  EXPECT_TRUE(dma_resv_iter_is_restarted(&cursor));
  EXPECT_EQ(dma_resv_iter_next_unlocked(&cursor), fences[1]);
  EXPECT_FALSE(dma_resv_iter_is_restarted(&cursor));
  lock();
  ASSERT_EQ(dma_resv_reserve_fences(&resv, 10), 0); // another list with the same fences
  unlock();
  EXPECT_EQ(dma_resv_iter_next_unlocked(&cursor), fences[0]);
  EXPECT_TRUE(dma_resv_iter_is_restarted(&cursor));
  EXPECT_EQ(references(fences[0]), 3u) << "test, reservation, walk";
  dma_resv_iter_end(&cursor);
  EXPECT_EQ(references(fences[0]), 2u);
  EXPECT_EQ(references(fences[1]), 2u);
}

TEST_F(Walk, GivesReferencesToAllThatMatter) {
  fill();
  dma_fence_signal(fences[0]);
  unsigned count;
  dma_fence **got;
  ASSERT_EQ(dma_resv_get_fences(&resv, DMA_RESV_USAGE_READ, &count, &got), 0);
  ASSERT_EQ(count, 2u);
  EXPECT_EQ(got[0], fences[1]);
  EXPECT_EQ(got[1], fences[2]);
  EXPECT_EQ(references(fences[1]), 3u);
  for (unsigned i = 0; i < count; ++i)
    dma_fence_put(got[i]);
  fence_free(got);
}

TEST_F(Walk, WaitsForEveryFenceOfTheUsage) {
  fill();
  EXPECT_FALSE(dma_resv_test_signaled(&resv, DMA_RESV_USAGE_READ));
  EXPECT_EQ(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_READ, false, 0), 0);
  EXPECT_EQ(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_READ, false, 1), 0);
  std::atomic<bool> done{false};
  std::thread waiter([&] {
    EXPECT_GT(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_READ, false, FENCE_MAX_TIMEOUT), 0);
    EXPECT_TRUE(done);
  });
  dma_fence_signal(fences[2]);
  dma_fence_signal(fences[0]);
  done = true;
  dma_fence_signal(fences[1]);
  waiter.join();
  EXPECT_TRUE(dma_resv_test_signaled(&resv, DMA_RESV_USAGE_READ));
  EXPECT_FALSE(dma_resv_test_signaled(&resv, DMA_RESV_USAGE_BOOKKEEP));
  EXPECT_EQ(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_READ, false, 0), 1);
}

TEST_F(Walk, AWaitCanBeInterrupted) {
  fill();
  std::atomic<fence_thread *> self{nullptr};
  std::thread waiter([&] {
    self = fence_thread_get(fence_thread_self());
    EXPECT_EQ(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_KERNEL, true, FENCE_MAX_TIMEOUT), -FENCE_ERESTARTSYS);
  });
  while (!self)
    std::this_thread::yield();
  fence_interrupt(self);
  waiter.join();
  fence_thread_put(self);
}

int64_t wanted_by[2];
void note_deadline(dma_fence *fence, int64_t deadline) noexcept { wanted_by[fence->seqno] = deadline; }

TEST_F(Walk, TellsTheDeadlineToEachFenceOfTheUsage) {
  static constexpr dma_fence_ops ops = [] {
    dma_fence_ops with = plain_ops;
    with.set_deadline = note_deadline;
    return with;
  }();
  wanted_by[0] = wanted_by[1] = 0;
  fences.push_back(make_fence(ops, 1, 0));
  fences.push_back(make_fence(ops, 2, 1));
  lock();
  add(fences[0], DMA_RESV_USAGE_WRITE);
  add(fences[1], DMA_RESV_USAGE_BOOKKEEP);
  unlock();
  dma_resv_set_deadline(&resv, DMA_RESV_USAGE_READ, 1234);
  EXPECT_EQ(wanted_by[0], 1234);
  EXPECT_EQ(wanted_by[1], 0);
}

} // namespace
