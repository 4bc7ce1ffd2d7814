// Type-stable memory: a released fence becomes another one at once, without a grace period, while readers may still hold its address. Whoever gets a
// reference has the fence that the slot meant.
#include "stress.h"

#include <fence/dma-fence.h>
#include <gtest/gtest.h>

namespace {

constexpr int fences = 8, slots = 3, writers = 2, readers = 2;

struct pooled : dma_fence {
  pooled *next_free;
  std::atomic<bool> in_use;
};
pooled pool[fences];
pooled *first_free;
fence_spinlock pool_lock, fence_lock;

constexpr dma_fence_ops ops = [] {
  dma_fence_ops o = {};
  o.get_driver_name = o.get_timeline_name = [](dma_fence *) noexcept { return "pooled"; };
  o.release = [](dma_fence *fence) noexcept {
    auto *self = static_cast<pooled *>(fence);
    unsigned long flags = fence_spin_lock_irqsave(&pool_lock);
    EXPECT_TRUE(self->in_use.exchange(false)) << "released twice";
    self->next_free = first_free;
    first_free = self;
    fence_spin_unlock_irqrestore(&pool_lock, flags);
  };
  return o;
}();

dma_fence *take_from_pool(std::uint64_t context) {
  unsigned long flags = fence_spin_lock_irqsave(&pool_lock);
  pooled *fence = first_free;
  if (fence)
    first_free = fence->next_free;
  fence_spin_unlock_irqrestore(&pool_lock, flags);
  if (!fence)
    return nullptr;
  EXPECT_FALSE(fence->in_use.exchange(true));
  dma_fence_init(fence, &ops, &fence_lock, context, 1);
  return fence;
}

TEST(Stress, ASlotGivesTheFenceThatItMeans) {
  static fence_lock_class of_pool = {"pool of fences", FENCE_LOCK_SPINS, 0},
                          of_fences = {"pooled fences", FENCE_LOCK_SPINS, 0};
  fence_spin_lock_init_class(&pool_lock, &of_pool);
  fence_spin_lock_init_class(&fence_lock, &of_fences);
  first_free = nullptr;
  for (pooled &fence : pool) {
    fence.next_free = first_free;
    first_free = &fence;
  }
  static dma_fence *slot[slots];
  for (std::uint64_t i = 0; i < slots; ++i)
    slot[i] = take_from_pool(i);
  std::atomic<int> writing = writers;
  std::atomic<long> seen = 0;
  all_at_once(writers + readers, [&](int me, random_numbers &random) {
    if (me < writers) {
      for (int round = rounds(20000); round > 0; --round) {
        std::uint32_t which = random.below(slots);
        dma_fence *fence = take_from_pool(which);
        if (!fence) {
          std::this_thread::yield();
          continue;
        }
        dma_fence *before = __atomic_exchange_n(&slot[which], fence, __ATOMIC_ACQ_REL);
        dma_fence_signal(before);
        dma_fence_put(before);
      }
      --writing;
      return;
    }
    while (writing) {
      std::uint32_t which = random.below(slots);
      fence_rcu_read_lock();
      dma_fence *fence = dma_fence_get_rcu_safe(&slot[which]);
      fence_rcu_read_unlock();
      EXPECT_EQ(fence->context, which);
      ++seen;
      dma_fence_put(fence);
    }
  });
  for (dma_fence *fence : slot)
    dma_fence_put(fence);
  for (pooled &fence : pool)
    EXPECT_FALSE(fence.in_use);
  EXPECT_GT(seen, 0);
}

} // namespace
