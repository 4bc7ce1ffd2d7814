// What a fence's callback must not do, and registrations that are used wrongly.
#include "caught.h"
#include "test_fence.h"

#include <cerrno>
#include <fence/memory.h>

namespace {

fence_spinlock *own_lock() {
  static fence_lock_class lock_class = {"callback_test", FENCE_LOCK_SPINS, 0};
  static fence_spinlock lock = FENCE_SPINLOCK_INIT(&lock_class);
  return &lock;
}

// RealtimeSanitizer sees these by itself, and ends the program: test/runtime/realtime.
#if defined(__has_feature)
#  if __has_feature(realtime_sanitizer)
#    define SKIP_WITH_REALTIME_SANITIZER() GTEST_SKIP()
#  endif
#endif
#ifndef SKIP_WITH_REALTIME_SANITIZER
#  define SKIP_WITH_REALTIME_SANITIZER()
#endif

/// Runs `what` in the callback of a fence of its own.
void in_callback(dma_fence_func_t what) {
  dma_fence *fence = make_fence();
  dma_fence_cb cb;
  EXPECT_EQ(dma_fence_add_callback(fence, &cb, what), 0);
  dma_fence_signal(fence);
  dma_fence_put(fence);
}

TEST(Callback, Allocates) {
  SKIP_WITH_REALTIME_SANITIZER();
  caught reports;
  static void *memory;
  in_callback([](dma_fence *, dma_fence_cb *) { memory = fence_alloc(8, FENCE_GFP_ATOMIC); });
  EXPECT_ONE(reports, FENCE_REPORT_ALLOC_IN_CALLBACK, "memory is allocated in a fence callback");
  fence_free(memory);
}
TEST(Callback, Frees) {
  SKIP_WITH_REALTIME_SANITIZER();
  caught reports;
  static void *memory;
  memory = fence_alloc(8, FENCE_GFP_KERNEL);
  in_callback([](dma_fence *, dma_fence_cb *) { fence_free(memory); });
  EXPECT_ONE(reports, FENCE_REPORT_ALLOC_IN_CALLBACK, "memory is given back in a fence callback");
}
TEST(Callback, Sleeps) {
  SKIP_WITH_REALTIME_SANITIZER();
  caught reports;
  in_callback([](dma_fence *, dma_fence_cb *) { fence_might_sleep(); });
  EXPECT_ONE(reports, FENCE_REPORT_SLEEP_IN_ATOMIC, "in a fence callback");
}
TEST(Callback, WaitsForAFence) {
  SKIP_WITH_REALTIME_SANITIZER();
  caught reports;
  static dma_fence *other;
  static fence_spinlock *lock = own_lock();
  static dma_fence fence_of_own_lock;
  static dma_fence_ops keeps_memory = plain_ops;
  keeps_memory.release = [](dma_fence *) {};
  other = &fence_of_own_lock;
  dma_fence_init(other, &keeps_memory, lock, 1, 1);
  dma_fence_signal(other);
  in_callback([](dma_fence *, dma_fence_cb *) { dma_fence_wait(other, false); });
  EXPECT_ONE(reports, FENCE_REPORT_WAIT_IN_CALLBACK, "a fence is waited for in a fence callback");
  dma_fence_put(other);
}
TEST(Callback, OkToSignalAndToPutAFenceOfAnotherLock) {
  SKIP_WITH_REALTIME_SANITIZER();
  caught reports;
  static dma_fence *other;
  static dma_fence_ops frees = plain_ops;
  // A release may free, also where it runs in a callback.
  frees.release = [](dma_fence *fence) { fence_free(fence); };
  other = static_cast<dma_fence *>(fence_alloc(sizeof(dma_fence), FENCE_GFP_KERNEL));
  dma_fence_init(other, &frees, own_lock(), 1, 1);
  in_callback([](dma_fence *, dma_fence_cb *) {
    dma_fence_signal(other);
    dma_fence_put(other);
  });
  EXPECT_SILENT(reports);
}
TEST(Callback, ReturnsWithALock) {
  caught reports;
  in_callback([](dma_fence *, dma_fence_cb *) { fence_spin_lock(own_lock()); });
  fence_spin_unlock(own_lock());
  EXPECT_ONE(reports, FENCE_REPORT_LEFT_BEHIND, "a callback returns in another context than it was called in");
  EXPECT_NE(reports.all[0].details.find("spinlock 'callback_test'"), std::string::npos);
}
TEST(Callback, RemovesItself) {
  caught reports;
  in_callback([](dma_fence *fence, dma_fence_cb *cb) { dma_fence_remove_callback(fence, cb); });
  EXPECT_ONE(reports, FENCE_REPORT_CALLBACK, "removes itself while it runs");
}
TEST(Callback, RemovesAnotherOfItsFence) {
  caught reports;
  static dma_fence_cb second;
  dma_fence *fence = make_fence();
  dma_fence_cb first;
  dma_fence_add_callback(fence, &first, [](dma_fence *fence, dma_fence_cb *) { dma_fence_remove_callback(fence, &second); });
  dma_fence_add_callback(fence, &second, [](dma_fence *, dma_fence_cb *) {});
  dma_fence_signal(fence);
  EXPECT_ONE(reports, FENCE_REPORT_CALLBACK, "removes another one of its fence");
  dma_fence_put(fence);
}

int ran;
void count(dma_fence *, dma_fence_cb *) noexcept { ++ran; }

TEST(Registration, AddedTwice) {
  caught reports;
  dma_fence *fence = make_fence();
  dma_fence_cb cb;
  ran = 0;
  EXPECT_EQ(dma_fence_add_callback(fence, &cb, count), 0);
  EXPECT_EQ(dma_fence_add_callback(fence, &cb, count), -EINVAL);
  EXPECT_ONE(reports, FENCE_REPORT_CALLBACK, "that waits for it already");
  EXPECT_EQ(reports.all[0].other_title, "it was added");
  dma_fence_signal(fence);
  EXPECT_EQ(ran, 1);
  dma_fence_put(fence);
}
TEST(Registration, AddedToTwoFences) {
  caught reports;
  dma_fence *one = make_fence(), *two = make_fence();
  dma_fence_cb cb;
  ran = 0;
  EXPECT_EQ(dma_fence_add_callback(one, &cb, count), 0);
  EXPECT_EQ(dma_fence_add_callback(two, &cb, count), -EINVAL);
  EXPECT_ONE(reports, FENCE_REPORT_CALLBACK, "that waits for another fence already");
  dma_fence_signal(two);
  EXPECT_EQ(ran, 0);
  EXPECT_TRUE(dma_fence_remove_callback(one, &cb));
  dma_fence_signal(one);
  dma_fence_put(one);
  dma_fence_put(two);
}
TEST(Registration, OkAgainAfterItRanWasRemovedOrRefused) {
  caught reports;
  dma_fence *one = make_fence(), *two = make_fence();
  dma_fence_cb cb;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(dma_fence_add_callback(one, &cb, count), 0);
    EXPECT_TRUE(dma_fence_remove_callback(one, &cb));
    EXPECT_FALSE(dma_fence_remove_callback(one, &cb));
  }
  EXPECT_EQ(dma_fence_add_callback(one, &cb, count), 0);
  dma_fence_signal(one);
  EXPECT_EQ(dma_fence_add_callback(one, &cb, count), -ENOENT);
  EXPECT_EQ(dma_fence_add_callback(two, &cb, count), 0);
  dma_fence_signal(two);
  dma_fence_put(one);
  dma_fence_put(two);
  EXPECT_SILENT(reports);
}
TEST(Registration, OkInMemoryOfOneWhoseFenceHasGone) {
  caught reports;
  dma_fence_cb cb;
  dma_fence_ops keeps_memory = plain_ops;
  keeps_memory.release = [](dma_fence *) {};
  dma_fence fence;
  for (int i = 0; i < 2; ++i) {
    // A driver that gives up its fence without a put, together with the registration.
    dma_fence_init(&fence, &keeps_memory, lock_of_test_fences(), 1, 1);
    EXPECT_EQ(dma_fence_add_callback(&fence, &cb, count), 0);
  }
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  EXPECT_SILENT(reports);
}

} // namespace
