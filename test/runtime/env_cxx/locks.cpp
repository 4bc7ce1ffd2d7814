// Mutex and spinning lock as C++ locks: one holder at a time, scopes that give back, the context that a spinning lock makes.
#include "../env/threads.h"

#include <fence/mutex.hpp>
#include <fence/rcu.hpp>
#include <gtest/gtest.h>
#include <mutex>

namespace {

template <class Lock> void count_together(Lock &lock) {
  int counted = 0;
  run_together(4, [&](int) {
    for (int i = 0; i < 1000; ++i) {
      fence::guard hold(lock);
      ++counted;
    }
  });
  EXPECT_EQ(counted, 4000);
}

TEST(Mutex, OneHolderAtATime) {
  fence::mutex lock{fence::class_of<struct counted_together>};
  count_together(lock);
}

TEST(Mutex, IsALockOfTheStandardLibrary) {
  fence::mutex lock{fence::class_of<struct standard_mutex>};
  {
    std::unique_lock hold(lock);
    EXPECT_TRUE(lock.is_locked());
    std::thread([&] {
      std::unique_lock second(lock, std::try_to_lock);
      EXPECT_FALSE(second.owns_lock());
    }).join();
  }
  EXPECT_FALSE(lock.is_locked());
  fence::mutex other{fence::class_of<struct other_mutex>};
  std::scoped_lock both(lock, other);
  EXPECT_TRUE(lock.is_locked() && other.is_locked());
}

TEST(Mutex, AnInterruptEndsTheWaitForIt) {
  fence::mutex lock;
  lock.lock();
  bool locked = true;
  {
    interruptible_thread waiter([&] {
      locked = lock.lock_interruptible();
      fence_clear_interrupt();
    });
    waiter.interrupt();
  }
  EXPECT_FALSE(locked);
  lock.unlock();
  EXPECT_TRUE(lock.lock_interruptible());
  lock.unlock();
}

TEST(SpinLock, OneHolderAtATime) {
  fence::spin_lock lock{fence::class_of<struct spun_together>};
  count_together(lock);
}

TEST(SpinLock, UnderItNothingSleeps) {
  fence::spin_lock lock{fence::class_of<struct context_lock>};
  EXPECT_FALSE(fence_in_atomic());
  {
    fence::guard hold(lock);
    EXPECT_TRUE(fence_in_atomic());
    EXPECT_FALSE(fence_irqs_disabled());
  }
  {
    fence::irqsave_guard hold(lock);
    EXPECT_TRUE(fence_irqs_disabled());
    EXPECT_TRUE(lock.is_locked());
    std::thread([&] { EXPECT_FALSE(lock.try_lock()); }).join();
  }
  EXPECT_FALSE(fence_in_atomic());
  ASSERT_TRUE(lock.try_lock());
  lock.unlock();
  unsigned long flags = fence_irq_save();
  {
    fence::irqsave_guard hold(lock);
  }
  EXPECT_TRUE(fence_irqs_disabled()) << "as they were before";
  fence_irq_restore(flags);
}

TEST(SpinLock, OfCIsTheSame) {
  fence::spin_lock lock{fence::class_of<struct shared_with_c>};
  fence_spin_lock(lock.raw());
  EXPECT_TRUE(lock.is_locked());
  fence_spin_unlock(lock.raw());
  static_assert(sizeof(fence::spin_lock) == sizeof(fence_spinlock) && sizeof(fence::mutex) == sizeof(fence_mutex));
}

TEST(RcuReader, MayNotSleepAndNests) {
  fence::rcu_reader outer;
  {
    fence::rcu_reader inner;
    EXPECT_TRUE(fence_in_atomic());
  }
  EXPECT_TRUE(fence_in_atomic());
}

// Static storage needs no constructor at run time.
constinit fence::spin_lock early{fence::class_of<struct early_lock>};
constinit fence::mutex early_mutex{fence::class_of<struct early_mutex_class>};
TEST(SpinLock, OfStaticStorageIsReadyBeforeMain) {
  fence::guard outer(early_mutex);
  fence::guard inner(early);
  EXPECT_TRUE(early.is_locked());
}

} // namespace
