// The build without checks: the same questions can be asked, and only a wrong count is reported.
#include "caught.h"
#include "test_fence.h"

#include <cerrno>

namespace {

TEST(WithoutChecks, NothingIsKnown) {
  caught reports;
  static_assert(FENCE_CHECKS == 0);
  dma_fence *fence = make_fence();
  fence_preempt_disable();
  fence_might_sleep();
  fence_assert_held(fence);
  fence_preempt_enable();
  fence_expect_signal(fence);
  auto never = [](const char *, void *) { ADD_FAILURE(); };
  EXPECT_EQ(fence_dump_pending(never, nullptr), 0u);
  EXPECT_EQ(fence_dump_lock_graph(never, nullptr), 0u);
  EXPECT_EQ(fence_report_leaks(0), 0u);
  EXPECT_EQ(fence_watchdog_start(1), -ENOSYS);
  fence_watchdog_stop();
  dma_fence_signal(fence);
  dma_fence_put(fence);
  fence_rcu_barrier();
  EXPECT_SILENT(reports);
}

TEST(WithoutChecks, AWrongCountIsReportedAndSurvived) {
  caught reports;
  dma_fence_ops keeps_memory = plain_ops;
  keeps_memory.release = [](dma_fence *) {};
  dma_fence fence;
  dma_fence_init(&fence, &keeps_memory, lock_of_test_fences(), 1, 1);
  dma_fence_put(&fence);
  // Unrolled it would be three places, each of which is reported.
  volatile bool again = true;
  for (int i = 0; again && i < 3; ++i)
    dma_fence_put(&fence);
  EXPECT_ONE(reports, FENCE_REPORT_REFERENCE_COUNT, "nobody had");
}

} // namespace
