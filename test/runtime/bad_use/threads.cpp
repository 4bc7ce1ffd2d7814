// Threads that end where they should not: what they owe to others still comes.
#include "bad_use.h"

#include <atomic>
#include <pthread.h>
#include <set>
#include <thread>
#include <vector>

namespace {

struct flagged : fence_deferred {
  bool ran = false;
  flagged()
      : fence_deferred{nullptr, [](fence_deferred *what) noexcept { static_cast<flagged *>(what)->ran = true; }} {}
};

TEST(ThreadsEnd, InAnAtomicSectionRunsWhatWasDeferredInIt) {
  EXPECT_REPORT(FENCE_REPORT_LEFT_BEHIND);
  flagged work;
  std::thread([&] {
    fence_preempt_disable();
    fence_defer(&work);
  }).join();
  EXPECT_TRUE(work.ran);
}

TEST(ThreadsEnd, WithAWakeUpUnderWayDeliversIt) {
  EXPECT_REPORT(FENCE_REPORT_LEFT_BEHIND);
  watched_fence fence;
  std::thread waiter([&] { EXPECT_EQ(dma_fence_wait(&fence, false), 0); });
  for (bool registered = false; !registered; std::this_thread::yield()) {
    unsigned long flags = fence_spin_lock_irqsave(fence.lock);
    registered = !fence_list_empty(&fence.cb_list);
    fence_spin_unlock_irqrestore(fence.lock, flags);
  }
  std::thread([&] {
    fence_preempt_disable();
    dma_fence_signal(&fence);
  }).join();
  waiter.join();
}

/// Its destructor runs at the thread's end, and uses fences there for the first time.
struct uses_fences_at_the_end {
  flagged *work = nullptr;
  ~uses_fences_at_the_end() {
    dma_fence *fence = make_fence();
    dma_fence_wait_timeout(fence, false, 1);
    dma_fence_put(fence);
    fence_preempt_disable();
    fence_defer(work);
    fence_preempt_enable();
  }
};

TEST(ThreadsEnd, DestructorsOfItsObjectsMayUseFences) {
  flagged work;
  std::thread([&] {
    thread_local uses_fences_at_the_end last;
    last.work = &work;
    dma_fence *fence = make_fence();
    dma_fence_wait_timeout(fence, false, 1);
    dma_fence_put(fence);
  }).join();
  EXPECT_TRUE(work.ran);
  fence_rcu_barrier();
}

/// A thread ends, and `destroy(value)` runs there after the runtime has let go of it.
void end_thread_with_later_key(void (*destroy)(void *), void *value) {
  fence_thread_self(); // The runtime has its key now, and this one gets a later number. Keys are destroyed in the order of their numbers.
  pthread_key_t key;
  ASSERT_EQ(pthread_key_create(&key, destroy), 0);
  std::thread([&] {
    fence_thread_self();
    pthread_setspecific(key, value);
  }).join();
  pthread_key_delete(key);
}
void defer_in_atomic(void *work) {
  fence_preempt_disable();
  fence_defer(static_cast<flagged *>(work));
}

TEST(ThreadsEnd, KeysThatAreDestroyedLaterMayUseFences) {
  EXPECT_REPORT(FENCE_REPORT_LEFT_BEHIND);
  for (int i = 0; i < 3; ++i) {
    flagged work;
    end_thread_with_later_key(
        [](void *given) {
          EXPECT_FALSE(fence_park(0));
          defer_in_atomic(given);
        },
        &work);
    EXPECT_TRUE(work.ran);
  }
}

// It has no thread of the runtime's to make, which would have watched for the end.
TEST(ThreadsEnd, KeysThatAreDestroyedLaterMayOnlyDefer) {
  EXPECT_REPORT(FENCE_REPORT_LEFT_BEHIND);
  flagged work;
  end_thread_with_later_key(defer_in_atomic, &work);
  EXPECT_TRUE(work.ran);
}

// What ended once must not be shared with the thread that took it over.
TEST(ThreadsEnd, KeysThatAreDestroyedLaterAreAThreadOfTheirOwn) {
  static std::atomic<fence_thread *> late, taken_over;
  end_thread_with_later_key(
      [](void *) {
        std::thread([] { taken_over = fence_thread_get(fence_thread_self()); }).join();
        late = fence_thread_self();
        fence_thread_put(taken_over);
      },
      &late);
  EXPECT_NE(late.load(), taken_over.load());
}

/// What `count` threads that live at the same time are to the runtime. They start one after the other. Nobody has a reference to one afterwards.
std::set<fence_thread *> selves_of_threads(int count) {
  std::set<fence_thread *> selves;
  std::atomic<bool> may_end = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    std::atomic<fence_thread *> self = nullptr;
    threads.emplace_back([&may_end, &self] {
      self = fence_thread_self();
      fence_rcu_barrier();
      while (!may_end)
        std::this_thread::yield();
    });
    while (!self)
      std::this_thread::yield();
    selves.insert(self);
  }
  may_end = true;
  for (std::thread &thread : threads)
    thread.join();
  fence_rcu_barrier();
  return selves;
}

TEST(ThreadsEnd, TheirMemoryIsForThoseThatCome) {
  std::set<fence_thread *> before = selves_of_threads(5);
  EXPECT_EQ(before.size(), 5u);
  EXPECT_EQ(selves_of_threads(5), before);
}

TEST(ThreadsEnd, ManyThreadsLeaveNothingBehind) {
  // LeakSanitizer is the judge.
  for (int i = 0; i < 200; ++i)
    std::thread([] {
      fence_unpark(fence_thread_self());
      fence_rcu_read_lock();
      fence_rcu_read_unlock();
    }).join();
}

} // namespace
