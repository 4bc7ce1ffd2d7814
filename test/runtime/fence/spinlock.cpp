// The spinning lock: what each form does to the context, exclusion, and waiters that have gone to sleep.
#include <fence/spinlock.h>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace {

TEST(Spinlock, InitialisesToFree) {
  fence_spinlock lock;
  lock.word = lock.owner = 7;
  fence_spin_lock_init(&lock);
  EXPECT_EQ(lock.owner, 0u);
  EXPECT_FALSE(fence_spin_is_locked(&lock));
  ASSERT_NE(lock.lock_class, nullptr);
  EXPECT_STREQ(lock.lock_class->name, "&lock");
  EXPECT_EQ(lock.lock_class->kind, static_cast<unsigned>(FENCE_LOCK_SPINS));
}

TEST(Spinlock, EachFormExcludesAndIsAtomic) {
  fence_spinlock lock = {};
  auto expect_held = [&](bool irqs_off) {
    EXPECT_TRUE(fence_spin_is_locked(&lock));
    EXPECT_TRUE(fence_in_atomic());
    EXPECT_EQ(fence_irqs_disabled(), irqs_off);
    EXPECT_EQ(lock.word, 1u) << "nobody waits, so giving it back needs no wake-up";
    std::thread([&] { EXPECT_FALSE(fence_spin_trylock(&lock)); }).join();
  };
  auto expect_free = [&](bool irqs_off) {
    EXPECT_FALSE(fence_spin_is_locked(&lock));
    EXPECT_EQ(fence_in_atomic(), irqs_off);
    EXPECT_EQ(fence_irqs_disabled(), irqs_off);
  };

  fence_spin_lock(&lock);
  expect_held(false);
  fence_spin_unlock(&lock);
  expect_free(false);

  fence_spin_lock_nested(&lock, 1);
  expect_held(false);
  fence_spin_unlock(&lock);
  expect_free(false);

  EXPECT_TRUE(fence_spin_trylock(&lock));
  expect_held(false);
  fence_spin_unlock(&lock);
  expect_free(false);

  fence_spin_lock_irq(&lock);
  expect_held(true);
  fence_spin_unlock_irq(&lock);
  expect_free(false);

  unsigned long flags = fence_spin_lock_irqsave(&lock);
  expect_held(true);
  fence_spin_unlock_irqrestore(&lock, flags);
  expect_free(false);

  unsigned long off = fence_irq_save();
  flags = fence_spin_lock_irqsave_nested(&lock, 1);
  expect_held(true);
  fence_spin_unlock_irqrestore(&lock, flags);
  expect_free(true);
  fence_irq_restore(off);
  expect_free(false);
}

TEST(Spinlock, ATryThatFailsChangesNothing) {
  fence_spinlock lock = {};
  fence_spin_lock(&lock);
  std::thread([&] {
    EXPECT_FALSE(fence_spin_trylock(&lock));
    EXPECT_FALSE(fence_in_atomic());
  }).join();
  EXPECT_EQ(lock.word, 1u);
  fence_spin_unlock(&lock);
  EXPECT_FALSE(fence_in_atomic());
}

TEST(Spinlock, WakesAWaiterThatHasGoneToSleep) {
  fence_spinlock lock = {};
  fence_spin_lock(&lock);
  bool got = false;
  std::thread waiter([&] {
    fence_spin_lock(&lock);
    got = true;
    fence_spin_unlock(&lock);
  });
  // The waiter says that it waits before it sleeps.
  while (__atomic_load_n(&lock.word, __ATOMIC_ACQUIRE) != 2)
    std::this_thread::yield();
  EXPECT_FALSE(got);
  fence_spin_unlock(&lock);
  waiter.join();
  EXPECT_TRUE(got);
  EXPECT_FALSE(fence_spin_is_locked(&lock));
}

TEST(Spinlock, CountsRight) {
  constexpr int threads = 4, rounds = 2000;
  fence_spinlock lock = {};
  long count = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&, i] {
      for (int n = 0; n < rounds; ++n) {
        if (i == 0) {
          while (!fence_spin_trylock(&lock))
            std::this_thread::yield();
        } else {
          fence_spin_lock(&lock);
        }
        ++count;
        if (n % 256 == 0)
          std::this_thread::yield(); // A holder that is not running.
        fence_spin_unlock(&lock);
      }
    });
  for (std::thread &thread : all)
    thread.join();
  EXPECT_EQ(count, threads * rounds);
  EXPECT_FALSE(fence_spin_is_locked(&lock));
}

} // namespace
