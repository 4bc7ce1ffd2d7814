// Walks without the lock while others add, replace and signal: no fence is used after its end, none is lost.
#include "reservation_test.h"

#include <atomic>
#include <thread>

namespace {

TEST_F(Reservation, IsWalkedWhileItChanges) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> walkers;
  for (int t = 0; t < 2; ++t)
    walkers.emplace_back([&] {
      uint64_t sum = 0;
      do {
        dma_resv_iter cursor;
        dma_resv_iter_begin(&cursor, &resv, DMA_RESV_USAGE_BOOKKEEP);
        dma_fence *fence;
        dma_resv_for_each_fence_unlocked(&cursor, fence) sum += fence->context + fence->seqno;
        dma_resv_iter_end(&cursor);
        unsigned count;
        dma_fence **got;
        ASSERT_EQ(dma_resv_get_fences(&resv, DMA_RESV_USAGE_READ, &count, &got), 0);
        for (unsigned i = 0; i < count; ++i)
          dma_fence_put(got[i]);
        fence_free(got);
        sum += static_cast<uint64_t>(dma_resv_wait_timeout(&resv, DMA_RESV_USAGE_KERNEL, false, 0));
      } while (!stop);
      EXPECT_NE(sum, UINT64_MAX) << "what was read is used";
    });
  // Each fence has three owners that let go at different times: the adder, the reservation, and whoever signals it.
  std::vector<std::thread> adders;
  for (uint64_t t = 0; t < 2; ++t)
    adders.emplace_back([&, t] {
      for (uint64_t round = 1; round <= 1500; ++round) {
        dma_fence *fence = make_fence(plain_ops, 1 + t * 8 + round % 8, round);
        dma_resv_lock(&resv, nullptr);
        ASSERT_EQ(dma_resv_reserve_fences(&resv, 1), 0);
        dma_resv_add_fence(&resv, fence, static_cast<dma_resv_usage>(round % 4));
        if (round % 16 == 0) {
          dma_fence *instead = make_fence(plain_ops, 100 + t, round);
          dma_resv_replace_fences(&resv, fence->context, instead, DMA_RESV_USAGE_BOOKKEEP);
          dma_fence_signal(instead);
          dma_fence_put(instead);
        }
        dma_resv_unlock(&resv);
        if (round % 3)
          dma_fence_signal(fence);
        dma_fence_put(fence);
      }
    });
  for (std::thread &adder : adders)
    adder.join();
  stop = true;
  for (std::thread &walker : walkers)
    walker.join();
  // Fences that nobody signals: let the last ones go without a warning about waiters.
  lock();
  for (auto [fence, usage] : all())
    dma_fence_signal(fence);
  unlock();
}

} // namespace
