// Waiting for sync objects: any, all, what has not been submitted yet, and every way to end without.
#include "test_containers.h"

#include <fence/drm-syncobj.h>
#include <functional>
#include <thread>

namespace {

constexpr uint32_t all_of = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL, for_submit = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT,
                   available = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE;
constexpr int64_t generous = 60'000;

struct SyncobjWait : Containers {
  std::vector<drm_syncobj *> objects;
  std::vector<dma_fence *> f;
  uint32_t first = 99;

  void make(int count, bool with_fences = true) {
    f = fences(count);
    for (int i = 0; i < count; ++i) {
      drm_syncobj *object = nullptr;
      ASSERT_EQ(drm_syncobj_create(&object, 0, with_fences ? f[i] : nullptr), 0);
      objects.push_back(object);
    }
  }
  int64_t wait(uint32_t flags, int64_t timeout, const uint64_t *points = nullptr) {
    return drm_syncobj_wait(objects.data(), points, static_cast<uint32_t>(objects.size()), flags, timeout, &first);
  }
  /// Waits in this thread while another one does that; the waiting thread has been seen in the object's list before.
  int64_t wait_while(uint32_t flags, const std::function<void()> &that, const uint64_t *points = nullptr) {
    std::thread other([&] {
      if (flags & (for_submit | available)) {
        auto waits = [](drm_syncobj *object) {
          unsigned long irq = fence_spin_lock_irqsave(&object->lock);
          bool somebody = !fence_list_empty(&object->waiters);
          fence_spin_unlock_irqrestore(&object->lock, irq);
          return somebody;
        };
        while (!waits(objects.back()))
          std::this_thread::yield();
      }
      that();
    });
    int64_t left = wait(flags, generous, points);
    other.join();
    return left;
  }
  void TearDown() override {
    for (drm_syncobj *object : objects) {
      EXPECT_TRUE(fence_list_empty(&object->waiters)) << "a wait leaves nothing behind";
      drm_syncobj_put(object);
    }
    for (dma_fence *fence : f)
      EXPECT_TRUE(dma_fence_test_signaled_flag(fence) || fence_list_empty(&fence->cb_list));
    Containers::TearDown();
  }
};

TEST_F(SyncobjWait, OnlyLooksWithoutTime) {
  make(2);
  EXPECT_EQ(wait(0, 0), -ETIME);
  EXPECT_EQ(first, 99u);
  dma_fence_signal(f[1]);
  EXPECT_EQ(wait(all_of, 0), -ETIME);
  EXPECT_GE(wait(0, 0), 1);
  EXPECT_EQ(first, 1u);
  dma_fence_signal(f[0]);
  EXPECT_GE(wait(all_of, 0), 1);
  EXPECT_EQ(first, 0u);
}

TEST_F(SyncobjWait, ForAnyTellsWhich) {
  make(6); // More than are kept on the stack.
  EXPECT_GE(wait_while(0, [&] { dma_fence_signal(f[4]); }), 1);
  EXPECT_EQ(first, 4u);
}

TEST_F(SyncobjWait, ForAllEndsWithTheLast) {
  make(3);
  bool last = false;
  EXPECT_GE(wait_while(all_of,
                       [&] {
                         dma_fence_signal(f[2]);
                         dma_fence_signal(f[0]);
                         last = true;
                         dma_fence_signal(f[1]);
                       }),
            1);
  EXPECT_TRUE(last);
}

TEST_F(SyncobjWait, EndsWithTheTime) {
  make(1);
  EXPECT_EQ(wait(0, 2), -ETIME);
  EXPECT_EQ(wait(for_submit, 2), -ETIME);
}

TEST_F(SyncobjWait, DoesNotWaitForASubmissionUnasked) {
  make(2, false);
  EXPECT_EQ(wait(0, generous), -EINVAL);
  drm_syncobj_replace_fence(objects[0], f[0]);
  EXPECT_EQ(wait(0, generous), -EINVAL) << "the other one";
  EXPECT_EQ(wait(for_submit, 0), -ETIME);
}

TEST_F(SyncobjWait, WaitsForTheSubmissionAndThenForTheFence) {
  make(1, false);
  EXPECT_GE(wait_while(for_submit,
                       [&] {
                         drm_syncobj_replace_fence(objects[0], f[0]);
                         dma_fence_signal(f[0]);
                       }),
            1);
  EXPECT_EQ(first, 0u);
}

TEST_F(SyncobjWait, WaitsOnlyForTheSubmission) {
  make(2, false);
  EXPECT_GE(wait_while(available, [&] { drm_syncobj_replace_fence(objects[1], f[1]); }), 1);
  EXPECT_EQ(first, 1u);
  EXPECT_FALSE(dma_fence_is_signaled(f[1]));
}

TEST_F(SyncobjWait, WaitsForAPoint) {
  make(1, false);
  uint64_t point = 7;
  EXPECT_GE(wait_while(
                for_submit,
                [&] {
                  dma_fence *other = make_fence();
                  drm_syncobj_add_point(objects[0], dma_fence_chain_alloc(), other, 5);
                  fence_list *waiters = &objects[0]->waiters;
                  EXPECT_FALSE(fence_list_empty(waiters)) << "5 is not 7";
                  drm_syncobj_add_point(objects[0], dma_fence_chain_alloc(), f[0], 9);
                  dma_fence_signal(f[0]);
                  dma_fence_signal(other);
                  dma_fence_put(other);
                },
                &point),
            1);
  EXPECT_EQ(drm_syncobj_query(objects[0], 0), 9u);
}

TEST_F(SyncobjWait, GoesOnWithTheFenceThatItFound) {
  make(1);
  EXPECT_GE(wait_while(for_submit,
                       [&] {
                         // A wait for the old fence is not one for the new.
                         while (references(f[0]) < 3)
                           std::this_thread::yield();
                         drm_syncobj_reset(objects[0]);
                         dma_fence_signal(f[0]);
                       }),
            1);
}

TEST_F(SyncobjWait, CanBeInterrupted) {
  make(1);
  fence_interrupt(fence_thread_self());
  EXPECT_EQ(wait(0, generous), -FENCE_ERESTARTSYS);
  EXPECT_TRUE(fence_clear_interrupt());
}

TEST_F(SyncobjWait, RefusesNonsense) {
  make(1);
  EXPECT_EQ(wait(0x80, 1), -EINVAL);
  EXPECT_EQ(wait(0, -1), -EINVAL);
  EXPECT_EQ(drm_syncobj_wait(objects.data(), nullptr, 0, 0, 1, &first), -EINVAL);
  EXPECT_EQ(drm_syncobj_wait(nullptr, nullptr, 1, 0, 1, &first), -EINVAL);
}

TEST_F(SyncobjWait, NeedsMemoryOnlyForMany) {
  make(5);
  fence_fail_allocation(0);
  EXPECT_EQ(wait(0, 0), -ENOMEM);
  fence_fail_allocation(0);
  EXPECT_EQ(drm_syncobj_wait(objects.data(), nullptr, 4, 0, 0, nullptr), -ETIME);
  fence_fail_allocation(-1);
}

TEST_F(SyncobjWait, FindWaitsForTheSubmission) {
  make(1, false);
  dma_fence *found = nullptr;
  EXPECT_EQ(drm_syncobj_find_fence(objects[0], 0, for_submit, 2, &found), -ETIME);
  EXPECT_EQ(found, nullptr);
  std::thread other([&] { drm_syncobj_replace_fence(objects[0], f[0]); });
  EXPECT_EQ(drm_syncobj_find_fence(objects[0], 0, for_submit, generous, &found), 0);
  other.join();
  EXPECT_EQ(found, f[0]);
  dma_fence_put(found);
}

} // namespace
