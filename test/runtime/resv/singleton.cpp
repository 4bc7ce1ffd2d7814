// One fence for all of a reservation.
#include "reservation_test.h"

#include <cerrno>
#include <fence/dma-fence-array.h>

namespace {

class Singleton : public Reservation {
protected:
  dma_fence *one(dma_resv_usage usage) {
    dma_fence *got = nullptr;
    EXPECT_EQ(dma_resv_get_singleton(&resv, usage, &got), 0);
    return got;
  }
};

TEST_F(Singleton, OfNoneIsNull) {
  EXPECT_EQ(one(DMA_RESV_USAGE_BOOKKEEP), nullptr);
  lock();
  add(fence(1), DMA_RESV_USAGE_READ);
  unlock();
  EXPECT_EQ(one(DMA_RESV_USAGE_WRITE), nullptr) << "of another usage";
  dma_fence_signal(fences[0]);
  EXPECT_EQ(one(DMA_RESV_USAGE_BOOKKEEP), nullptr) << "it has signalled";
}

TEST_F(Singleton, OfOneIsThatOne) {
  lock();
  add(fence(1), DMA_RESV_USAGE_WRITE);
  unlock();
  EXPECT_EQ(one(DMA_RESV_USAGE_READ), fences[0]);
  EXPECT_EQ(references(fences[0]), 3u);
  dma_fence_put(fences[0]);
}

TEST_F(Singleton, OfManySignalsWithTheLast) {
  lock();
  for (uint64_t context = 1; context <= 3; ++context)
    add(fence(context), DMA_RESV_USAGE_READ);
  unlock();
  dma_fence *all = one(DMA_RESV_USAGE_READ);
  ASSERT_TRUE(dma_fence_is_array(all));
  EXPECT_EQ(to_dma_fence_array(all)->num_fences, 3u);
  dma_fence_signal(fences[2]);
  dma_fence_signal(fences[0]);
  EXPECT_FALSE(dma_fence_is_signaled(all));
  dma_fence_signal(fences[1]);
  EXPECT_TRUE(dma_fence_is_signaled(all));
  dma_fence_put(all);
}

TEST_F(Singleton, WithoutMemoryThereIsNoneAndNoReferenceIsLost) {
  lock();
  add(fence(1), DMA_RESV_USAGE_READ);
  add(fence(2), DMA_RESV_USAGE_READ);
  unlock();
  for (long successes = 0; successes < 2; ++successes) { // Of the vector, and of the array.
    fence_fail_allocation(successes);
    dma_fence *got = fences[0];
    EXPECT_EQ(dma_resv_get_singleton(&resv, DMA_RESV_USAGE_READ, &got), -ENOMEM);
    EXPECT_EQ(got, nullptr);
  }
  fence_fail_allocation(-1);
  EXPECT_EQ(references(fences[0]), 2u);
  EXPECT_EQ(references(fences[1]), 2u);
}

} // namespace
