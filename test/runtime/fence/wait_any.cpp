// Waiting for whichever of several fences comes first.
#include "test_fence.h"

#include <cerrno>
#include <deque>
#include <fence/memory.h>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace {

constexpr int64_t long_enough = 60'000;
constexpr uint32_t untouched = 99;

/// So many fences, and what dma_fence_wait_any_timeout() takes.
struct several {
  std::deque<watched_fence> fences;
  std::vector<dma_fence *> pointers;
  explicit several(size_t count) {
    for (size_t i = 0; i < count; ++i)
      pointers.push_back(&fences.emplace_back());
  }
  int64_t wait(int64_t timeout, uint32_t *index, bool intr = false) {
    return dma_fence_wait_any_timeout(pointers.data(), static_cast<uint32_t>(pointers.size()), intr, timeout, index);
  }
  void expect_nothing_registered() {
    for (watched_fence &fence : fences) {
      if (!dma_fence_test_signaled_flag(&fence)) {
        EXPECT_TRUE(fence_list_empty(&fence.cb_list));
      }
      EXPECT_FALSE(fence_spin_is_locked(fence.lock));
    }
  }
};

// One that fits the stack, one that is full, one that has to allocate.
class WaitAny : public testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(Counts, WaitAny, testing::Values(1, 2, 16, 17, 40));

TEST_P(WaitAny, FindsTheOneThatHasSignalled) {
  for (size_t which : {size_t(0), GetParam() / 2, GetParam() - 1}) {
    several all(GetParam());
    dma_fence_signal(all.pointers[which]);
    uint32_t index = untouched;
    EXPECT_EQ(all.wait(7, &index), 7);
    EXPECT_EQ(index, which);
    index = untouched;
    EXPECT_EQ(all.wait(0, &index), 1);
    EXPECT_EQ(index, which);
    EXPECT_EQ(all.wait(7, nullptr), 7) << "nobody has to want the index";
    for (watched_fence &fence : all.fences)
      EXPECT_EQ(fence.enabled, 0) << "there was nothing to wait for";
  }
}

TEST_P(WaitAny, LooksAtTheDevices) {
  several all(GetParam());
  all.fences.back().done = true;
  uint32_t index = untouched;
  EXPECT_EQ(all.wait(0, &index), 1);
  EXPECT_EQ(index, GetParam() - 1);
}

TEST_P(WaitAny, RunsOutAndLeavesNothingBehind) {
  several all(GetParam());
  uint32_t index = untouched;
  EXPECT_EQ(all.wait(0, &index), 0);
  for (watched_fence &fence : all.fences)
    EXPECT_EQ(fence.enabled, 0);
  uint64_t start = fence_now();
  EXPECT_EQ(all.wait(2, &index), 0);
  EXPECT_GE(fence_now() - start, 2'000'000u);
  EXPECT_EQ(index, untouched);
  for (watched_fence &fence : all.fences)
    EXPECT_EQ(fence.enabled, 1);
  all.expect_nothing_registered();
}

TEST_P(WaitAny, StopsAtTheOneThatTurnsOutToBeDone) {
  for (size_t which : {size_t(0), GetParam() / 2, GetParam() - 1}) {
    several all(GetParam());
    all.fences[which].can_enable = false;
    uint32_t index = untouched;
    int64_t left = all.wait(long_enough, &index);
    EXPECT_GT(left, 0);
    EXPECT_LE(left, long_enough);
    EXPECT_EQ(index, which);
    for (size_t i = 0; i < GetParam(); ++i)
      EXPECT_EQ(all.fences[i].enabled, i <= which);
    all.expect_nothing_registered();
  }
}

TEST_P(WaitAny, IsWokenByEachOfThem) {
  for (size_t which : {size_t(0), GetParam() - 1}) {
    several all(GetParam());
    std::thread signaller([&] {
      // The last one is registered last: then everything is in place and the waiter has to be woken.
      for (bool registered = false; !registered; std::this_thread::yield()) {
        watched_fence &last = all.fences.back();
        unsigned long flags = fence_spin_lock_irqsave(last.lock);
        registered = !fence_list_empty(&last.cb_list);
        fence_spin_unlock_irqrestore(last.lock, flags);
      }
      dma_fence_signal(all.pointers[which]);
    });
    uint32_t index = untouched;
    EXPECT_GT(all.wait(long_enough, &index), 0);
    EXPECT_EQ(index, which);
    signaller.join();
    all.expect_nothing_registered();
  }
}

TEST_P(WaitAny, CanBeInterrupted) {
  several all(GetParam());
  fence_interrupt(fence_thread_self());
  uint32_t index = untouched;
  EXPECT_EQ(all.wait(long_enough, &index, true), -FENCE_ERESTARTSYS);
  EXPECT_EQ(index, untouched);
  EXPECT_EQ(all.wait(2, &index), 0);
  EXPECT_TRUE(fence_clear_interrupt());
  all.expect_nothing_registered();
}

TEST_P(WaitAny, AllocatesOnlyBeyondSixteen) {
  several all(GetParam());
  fence_fail_allocation(0);
  uint32_t index = untouched;
  EXPECT_EQ(all.wait(2, &index), GetParam() > 16 ? -ENOMEM : 0);
  EXPECT_EQ(fence_fail_allocation(-1), GetParam() > 16);
  EXPECT_EQ(index, untouched);
  all.expect_nothing_registered();
}

TEST(WaitAnyAtAll, ReportsTheFirstOfTwo) {
  several all(3);
  dma_fence_signal(all.pointers[2]);
  dma_fence_signal(all.pointers[1]);
  uint32_t index = untouched;
  EXPECT_EQ(all.wait(1, &index), 1);
  EXPECT_EQ(index, 1u);
}

TEST(WaitAnyAtAll, TheSameFenceMayBeThereTwice) {
  several all(1);
  all.pointers.push_back(all.pointers[0]);
  EXPECT_EQ(all.wait(2, nullptr), 0);
  all.expect_nothing_registered();
}

TEST(WaitAnyAtAll, WithoutFencesOrTimeIsInvalid) {
  several all(1);
  EXPECT_EQ(dma_fence_wait_any_timeout(nullptr, 1, false, 1, nullptr), -EINVAL);
  EXPECT_EQ(dma_fence_wait_any_timeout(all.pointers.data(), 0, false, 1, nullptr), -EINVAL);
  EXPECT_EQ(all.wait(-1, nullptr), -EINVAL);
}

TEST(WaitAnyAtAll, ForeverReturnsForever) {
  several all(2);
  std::thread signaller([&] { dma_fence_signal(all.pointers[1]); });
  uint32_t index = untouched;
  EXPECT_EQ(all.wait(FENCE_MAX_TIMEOUT, &index), FENCE_MAX_TIMEOUT);
  EXPECT_EQ(index, 1u);
  signaller.join();
}

} // namespace
