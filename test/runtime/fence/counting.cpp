// Who owns a fence: references, the slot that readers look at without a lock, release and the grace period.
#include "../bad_use/bad_use.h"

#include <cerrno>
#include <fence/check.h>
#include <fence/memory.h>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace {

TEST(Counting, BornWithOneReferenceAndWithoutAPast) {
  watched_fence fence(5, 9);
  EXPECT_EQ(fence.context, 5u);
  EXPECT_EQ(fence.seqno, 9u);
  EXPECT_EQ(fence.flags, 0u);
  EXPECT_EQ(fence.error, 0);
  EXPECT_EQ(fence.refcount, 1u);
  EXPECT_EQ(fence.ops, &watched_ops);
  EXPECT_EQ(fence.lock, &fence.own_lock);
  EXPECT_TRUE(fence_list_empty(&fence.cb_list));
}

TEST(Counting, MemoryUsedAnewHasNoPastEither) {
  watched_fence fence;
  dma_fence_set_error(&fence, -EIO);
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  dma_fence_init(&fence, &watched_ops, &fence.own_lock, 2, 1);
  EXPECT_EQ(fence.flags, 0u);
  EXPECT_EQ(fence.error, 0);
  EXPECT_EQ(dma_fence_get_status(&fence), 0);
  EXPECT_EQ(fence.refcount, 1u);
}

TEST(Counting, ReleasesWithTheLastReferenceOnly) {
  watched_fence fence;
  EXPECT_EQ(dma_fence_get(&fence), &fence);
  EXPECT_EQ(fence.refcount, 2u);
  dma_fence_put(&fence);
  EXPECT_EQ(fence.released, 0);
  EXPECT_EQ(fence.refcount, 1u);
  dma_fence_put(&fence);
  EXPECT_EQ(fence.released, 1);
  EXPECT_EQ(fence.refcount, 0u);
  EXPECT_FALSE(fence.signalled_at_release) << "nobody waited, so nobody is told";
}

TEST(Counting, NullIsAllowed) {
  EXPECT_EQ(dma_fence_get(nullptr), nullptr);
  dma_fence_put(nullptr);
  EXPECT_EQ(dma_fence_get_rcu(nullptr), nullptr);
}

// Before any test has asked for one.
const uint64_t first_context_of_the_process = dma_fence_context_alloc(1);

TEST(Counting, ContextsAreUniqueAndConsecutive) {
  EXPECT_NE(first_context_of_the_process, 0u);
  uint64_t first = dma_fence_context_alloc(3);
  EXPECT_NE(first, 0u);
  EXPECT_EQ(dma_fence_context_alloc(1), first + 3);
  EXPECT_EQ(dma_fence_context_alloc(2), first + 4);
  EXPECT_EQ(dma_fence_context_alloc(1), first + 6);
}

TEST(Counting, AFenceThatGoesWithCallbacksTellsThem) {
  EXPECT_REPORT(FENCE_REPORT_ABANDONED);
  watched_fence fence;
  counted first, second;
  ASSERT_EQ(dma_fence_add_callback(&fence, &first, counted::called), 0);
  ASSERT_EQ(dma_fence_add_callback(&fence, &second, counted::called), 0);
  bool aborts = fence_set_abort_on_report(false);
  dma_fence_put(&fence);
  fence_set_abort_on_report(aborts);
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(first.error, -EDEADLK);
  EXPECT_EQ(second.calls, 1);
  EXPECT_TRUE(first.under_lock);
  EXPECT_EQ(fence.released, 1);
  EXPECT_TRUE(fence.signalled_at_release);
  EXPECT_FALSE(fence_spin_is_locked(&fence.own_lock));
  EXPECT_FALSE(fence_in_atomic());
}

TEST(Counting, ASignalledFenceKeepsItsErrorToTheEnd) {
  watched_fence fence;
  dma_fence_set_error(&fence, -EIO);
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  EXPECT_EQ(fence.released, 1);
  EXPECT_EQ(fence.error, -EIO);
  EXPECT_FALSE(fence_spin_is_locked(&fence.own_lock));
}

TEST(Counting, GetRcuGivesAReferenceUnlessItIsTheEnd) {
  watched_fence fence;
  fence_rcu_read_lock();
  EXPECT_EQ(dma_fence_get_rcu(&fence), &fence);
  EXPECT_EQ(fence.refcount, 2u);
  dma_fence_put(&fence);
  dma_fence_put(&fence);
  EXPECT_EQ(dma_fence_get_rcu(&fence), nullptr);
  EXPECT_EQ(fence.refcount, 0u);
  fence_rcu_read_unlock();
}

TEST(Counting, GetRcuSafeReadsTheSlot) {
  watched_fence fence;
  dma_fence *slot = nullptr;
  fence_rcu_read_lock();
  EXPECT_EQ(dma_fence_get_rcu_safe(&slot), nullptr);
  slot = &fence;
  EXPECT_EQ(dma_fence_get_rcu_safe(&slot), &fence);
  EXPECT_EQ(fence.refcount, 2u);
  fence_rcu_read_unlock();
  dma_fence_put(&fence);
  dma_fence_put(&fence);
}

TEST(Counting, GetRcuSafeWaitsForTheSlotToChangeWhenItsFenceIsGoing) {
  watched_fence going, coming;
  dma_fence *slot = &going;
  dma_fence_put(&going);
  std::thread writer([&] { __atomic_store_n(&slot, &coming, __ATOMIC_RELEASE); });
  fence_rcu_read_lock();
  EXPECT_EQ(dma_fence_get_rcu_safe(&slot), &coming);
  fence_rcu_read_unlock();
  writer.join();
  EXPECT_EQ(going.refcount, 0u);
  EXPECT_EQ(coming.refcount, 2u);
}

TEST(Counting, WithoutReleaseTheMemoryGoesAfterAGracePeriod) {
  dma_fence *fence = make_fence();
  std::thread dropper;
  fence_rcu_read_lock();
  dropper = std::thread([&] { dma_fence_put(fence); });
  dropper.join();
  // The last reference has gone, but a reader may still look: AddressSanitizer is the judge here.
  EXPECT_EQ(dma_fence_get_rcu(fence), nullptr);
  EXPECT_EQ(fence->context, 1u);
  fence_rcu_read_unlock();
  fence_rcu_barrier();
}

TEST(Counting, AFenceInsideOfAStructIsFreedByItsDriver) {
  struct job {
    uint64_t before = 1;
    dma_fence fence;
    int *freed = nullptr;
  };
  dma_fence_ops ops = plain_ops;
  ops.release = [](dma_fence *fence) noexcept {
    fence_call_rcu(&fence->rcu, [](fence_rcu_head *head) {
      auto *self =
          reinterpret_cast<job *>(reinterpret_cast<char *>(head) - offsetof(job, fence) - offsetof(dma_fence, rcu));
      ++*self->freed;
      delete self;
    });
  };
  int freed = 0;
  auto *work = new job;
  work->freed = &freed;
  dma_fence_init(&work->fence, &ops, lock_of_test_fences(), 1, 1);
  dma_fence_put(&work->fence);
  fence_rcu_barrier();
  EXPECT_EQ(freed, 1);
}

TEST(Counting, ALongQueueOfReleasedFencesIsFreed) {
  for (int i = 0; i < 10000; ++i)
    dma_fence_put(make_fence());
  fence_rcu_barrier();
}

TEST(Stub, HasSignalledAndIsAlwaysTheSame) {
  dma_fence *stub = dma_fence_get_stub();
  EXPECT_EQ(stub, dma_fence_get_stub());
  EXPECT_TRUE(dma_fence_test_signaled_flag(stub));
  EXPECT_EQ(dma_fence_get_status(stub), 1);
  EXPECT_EQ(dma_fence_timestamp(stub), 0);
  EXPECT_EQ(dma_fence_signal(stub), -EINVAL);
  EXPECT_EQ(dma_fence_wait_timeout(stub, false, 3), 3);
  counted cb;
  EXPECT_EQ(dma_fence_add_callback(stub, &cb, counted::called), -ENOENT);
  EXPECT_EQ(cb.calls, 0);
  char text[64];
  EXPECT_GT(dma_fence_describe(stub, text, sizeof text), 0);
  EXPECT_STREQ(text, "stub stub 0:0 signalled");
  dma_fence_enable_sw_signaling(stub);
  EXPECT_EQ(stub->refcount, 3u);
  dma_fence_put(stub);
  dma_fence_put(stub);
  EXPECT_EQ(stub->refcount, 1u) << "its own reference stays";
  EXPECT_EQ(stub->error, 0);
  EXPECT_EQ(stub->ops->kind, 0u);
  EXPECT_FALSE(stub->ops->use_64bit_seqno);
  EXPECT_TRUE(dma_fence_test_signaled_flag(stub));
  EXPECT_EQ(stub->flags, 7u);
}

TEST(Stub, APrivateOneHasTheTimeItIsGiven) {
  dma_fence *first = dma_fence_allocate_private_stub(1234), *second = dma_fence_allocate_private_stub(5);
  EXPECT_NE(first, second);
  EXPECT_TRUE(dma_fence_test_signaled_flag(first));
  EXPECT_EQ(dma_fence_timestamp(first), 1234);
  EXPECT_EQ(first->refcount, 1u);
  EXPECT_EQ(first->context, 0u);
  EXPECT_EQ(first->seqno, 0u);
  dma_fence_put(first);
  dma_fence_put(second);
  fence_rcu_barrier();
}

TEST(Stub, APrivateOneNeedsMemory) {
  fence_fail_allocation(0);
  EXPECT_EQ(dma_fence_allocate_private_stub(1), nullptr);
  EXPECT_EQ(fence_fail_allocation(-1), 1);
}

} // namespace
