// The sleeping lock: exclusion, interruption, hand-over, and memory that goes with the last owner.
#include "threads.h"

#include <fence/mutex.h>
#include <gtest/gtest.h>
#include <memory>

namespace {

TEST(Mutex, IsHeldOnceAtATime) {
  fence_mutex mutex;
  fence_mutex_init(&mutex);
  EXPECT_FALSE(fence_mutex_is_locked(&mutex));
  fence_mutex_lock(&mutex);
  EXPECT_TRUE(fence_mutex_is_locked(&mutex));
  bool taken = true;
  std::thread([&] { taken = fence_mutex_trylock(&mutex); }).join();
  EXPECT_FALSE(taken);
  fence_mutex_unlock(&mutex);
  EXPECT_FALSE(fence_mutex_is_locked(&mutex));
  ASSERT_TRUE(fence_mutex_trylock(&mutex));
  fence_mutex_unlock(&mutex);
}

TEST(Mutex, IsThreeWordsAndCanBeInitialisedStatically) {
  static_assert(sizeof(fence_mutex) <= 24);
  FENCE_LOCK_CLASS(lock_class, "static", FENCE_LOCK_SLEEPS);
  static fence_mutex mutex = FENCE_MUTEX_INIT(&lock_class);
  fence_mutex_lock(&mutex);
  fence_mutex_unlock(&mutex);
  EXPECT_FALSE(fence_mutex_is_locked(&mutex));
}

TEST(Mutex, NestsWithAnotherOfItsClass) {
  fence_mutex pair[2];
  for (fence_mutex &mutex : pair)
    fence_mutex_init(&mutex);
  fence_mutex_lock(&pair[0]);
  fence_mutex_lock_nested(&pair[1], 1);
  EXPECT_TRUE(fence_mutex_is_locked(&pair[1]));
  fence_mutex_unlock(&pair[1]);
  fence_mutex_unlock(&pair[0]);
}

TEST(Mutex, GuardsWhatItGuards) {
  constexpr int threads = 4, rounds = 20000;
  fence_mutex mutex;
  fence_mutex_init(&mutex);
  long counter = 0; // ordinary: ThreadSanitizer would see two holders
  run_together(threads, [&](int) {
    for (int i = 0; i < rounds; ++i) {
      fence_mutex_lock(&mutex);
      ++counter;
      fence_mutex_unlock(&mutex);
    }
  });
  EXPECT_EQ(counter, long{threads} * rounds);
}

TEST(Mutex, AWaitCanBeInterrupted) {
  fence_mutex mutex;
  fence_mutex_init(&mutex);
  fence_mutex_lock(&mutex);
  std::atomic<int> result = 1;
  {
    interruptible_thread waiter([&] { result = fence_mutex_lock_interruptible(&mutex); });
    waiter.interrupt();
  }
  EXPECT_EQ(result, -FENCE_ERESTARTSYS);
  // Nothing of the waiter is left in the queue.
  fence_mutex_unlock(&mutex);
  EXPECT_FALSE(fence_mutex_is_locked(&mutex));
  EXPECT_EQ(fence_mutex_lock_interruptible(&mutex), 0);
  fence_mutex_unlock(&mutex);
}

TEST(Mutex, AnInterruptedThreadGetsAFreeMutex) {
  fence_mutex mutex;
  fence_mutex_init(&mutex);
  fence_interrupt(fence_thread_self());
  EXPECT_EQ(fence_mutex_lock_interruptible(&mutex), 0);
  EXPECT_TRUE(fence_clear_interrupt());
  fence_mutex_unlock(&mutex);
}

TEST(Mutex, InterruptionsLoseNoWakeUp) {
  constexpr int rounds = 300;
  fence_mutex mutex;
  fence_mutex_init(&mutex);
  long counter = 0;
  std::atomic<bool> over = false;
  interruptible_thread interrupted([&] {
    while (!over) {
      if (fence_mutex_lock_interruptible(&mutex) == 0) {
        ++counter;
        fence_mutex_unlock(&mutex);
      }
      fence_clear_interrupt();
    }
  });
  std::thread interrupter([&] {
    while (!over) {
      interrupted.interrupt();
      std::this_thread::yield();
    }
  });
  run_together(3, [&](int) {
    for (int i = 0; i < rounds; ++i) {
      fence_mutex_lock(&mutex);
      ++counter;
      std::this_thread::yield(); // long enough that the others queue
      fence_mutex_unlock(&mutex);
    }
  });
  over = true;
  interrupter.join();
  fence_mutex_lock(&mutex);
  EXPECT_GE(counter, 3 * rounds);
  fence_mutex_unlock(&mutex);
}

TEST(Mutex, AWaiterIsNotOvertakenForEver) {
  fence_mutex mutex;
  fence_mutex_init(&mutex);
  std::atomic<bool> got = false;
  std::atomic<bool> waits = false;
  fence_mutex_lock(&mutex);
  std::thread waiter([&] {
    waits = true;
    fence_mutex_lock(&mutex);
    got = true;
    fence_mutex_unlock(&mutex);
  });
  until([&] { return waits.load(); });
  // This thread takes it again at once, each time. Without a hand-over the waiter would depend on luck.
  while (!got) {
    fence_mutex_unlock(&mutex);
    fence_mutex_lock(&mutex);
  }
  fence_mutex_unlock(&mutex);
  waiter.join();
}

// The last owner frees the memory while the one before is still in its unlock.
TEST(Mutex, CanBeFreedByTheNextOwner) {
  struct object {
    fence_mutex mutex;
    int references = 2;
  };
  for (int round = 0; round < 500; ++round) {
    auto *shared = new object;
    fence_mutex_init(&shared->mutex);
    run_together(2, [shared](int) {
      fence_mutex_lock(&shared->mutex);
      bool last = --shared->references == 0;
      fence_mutex_unlock(&shared->mutex);
      if (last)
        delete shared;
    });
  }
}

} // namespace
