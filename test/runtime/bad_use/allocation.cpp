// Every allocation of every operation fails once. Whatever the operation then returns, it is an error it documents, nothing is left behind, and
// the next attempt succeeds. An operation is added to the table with its documented error.
#include "bad_use.h"

#include <cerrno>
#include <deque>
#include <fence/memory.h>
#include <vector>

namespace {

int private_stub() {
  dma_fence *stub = dma_fence_allocate_private_stub(1);
  if (!stub)
    return -ENOMEM;
  dma_fence_put(stub);
  return 0;
}

int wait_for_any_of_many() {
  std::deque<watched_fence> fences(20);
  std::vector<dma_fence *> pointers;
  for (watched_fence &fence : fences)
    pointers.push_back(&fence);
  std::int64_t left =
      dma_fence_wait_any_timeout(pointers.data(), static_cast<std::uint32_t>(pointers.size()), false, 1, nullptr);
  for (watched_fence &fence : fences) {
    EXPECT_TRUE(fence_list_empty(&fence.cb_list));
    dma_fence_put(&fence);
  }
  return static_cast<int>(left);
}

int zeroed_memory() {
  void *memory = fence_alloc(16, FENCE_GFP_KERNEL | FENCE_GFP_ZERO);
  if (!memory)
    return -ENOMEM;
  fence_free(memory);
  return 0;
}

struct operation {
  const char *name;
  int (*run)();
  int error;
};
class AllocationFailure : public testing::TestWithParam<operation> {};

TEST_P(AllocationFailure, IsReturnedAndLeavesNothingBehind) {
  fence_fail_allocation(-1);
  ASSERT_EQ(GetParam().run(), 0) << "without a failure";
  long sites = fence_fail_allocation(-1);
  ASSERT_GT(sites, 0);
  for (long site = 0; site < sites; ++site) {
    fence_fail_allocation(site);
    EXPECT_EQ(GetParam().run(), GetParam().error) << "allocation " << site;
    fence_fail_allocation(-1);
    EXPECT_EQ(GetParam().run(), 0) << "after allocation " << site;
  }
  fence_rcu_barrier();
}

INSTANTIATE_TEST_SUITE_P(Operations, AllocationFailure,
                         testing::Values(operation{"private_stub", private_stub, -ENOMEM},
                                         operation{"wait_for_any_of_many", wait_for_any_of_many, -ENOMEM},
                                         operation{"zeroed_memory", zeroed_memory, -ENOMEM}),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(AllocationFailure, SignallingNeedsNoMemory) {
  watched_fence fence;
  counted cb;
  fence_fail_allocation(0);
  dma_fence_add_callback(&fence, &cb, counted::called);
  EXPECT_EQ(dma_fence_wait_timeout(&fence, false, 1), 0);
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  EXPECT_EQ(fence_fail_allocation(-1), 0);
  EXPECT_EQ(cb.calls, 1);
}

} // namespace
