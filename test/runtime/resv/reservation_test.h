// A reservation that is locked for the length of a test, and fences to put into it.
#ifndef RESERVATION_TEST_H
#define RESERVATION_TEST_H

#include "../fence/test_fence.h"

#include <fence/dma-resv.h>
#include <fence/memory.h>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

class Reservation : public testing::Test {
protected:
  void SetUp() override { dma_resv_init(&resv); }
  void TearDown() override {
    if (locked)
      unlock();
    dma_resv_fini(&resv);
    for (dma_fence *fence : fences)
      dma_fence_put(fence);
    fence_rcu_barrier();
  }

  void lock() {
    ASSERT_EQ(dma_resv_lock(&resv, nullptr), 0);
    locked = true;
  }
  void unlock() {
    dma_resv_unlock(&resv);
    locked = false;
  }
  /// The test keeps a reference until its end.
  dma_fence *fence(uint64_t context, uint64_t seqno = 1) {
    fences.push_back(make_fence(plain_ops, context, seqno));
    return fences.back();
  }
  void add(dma_fence *fence, dma_resv_usage usage) {
    ASSERT_EQ(dma_resv_reserve_fences(&resv, 1), 0);
    dma_resv_add_fence(&resv, fence, usage);
  }
  using entries = std::vector<std::pair<dma_fence *, dma_resv_usage>>;
  /// What a walk with the lock sees.
  entries all(dma_resv_usage usage = DMA_RESV_USAGE_BOOKKEEP) {
    entries seen;
    dma_resv_iter cursor;
    dma_fence *fence;
    dma_resv_for_each_fence(&cursor, &resv, usage, fence) seen.emplace_back(fence, dma_resv_iter_usage(&cursor));
    return seen;
  }
  entries all_unlocked(dma_resv_usage usage = DMA_RESV_USAGE_BOOKKEEP) {
    entries seen;
    dma_resv_iter cursor;
    dma_resv_iter_begin(&cursor, &resv, usage);
    dma_fence *fence;
    dma_resv_for_each_fence_unlocked(&cursor, fence) {
      if (dma_resv_iter_is_restarted(&cursor))
        seen.clear();
      seen.emplace_back(fence, dma_resv_iter_usage(&cursor));
    }
    dma_resv_iter_end(&cursor);
    return seen;
  }
  static uint32_t references(const dma_fence *fence) { return __atomic_load_n(&fence->refcount, __ATOMIC_ACQUIRE); }

  dma_resv resv;
  std::vector<dma_fence *> fences;
  bool locked = false;
};

#endif
