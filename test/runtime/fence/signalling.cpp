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

} // namespace
