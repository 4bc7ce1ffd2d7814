// The thread's context, what is deferred to its end, and parking.
#include <atomic>
#include <fence/rcu.h>
#include <fence/spinlock.h>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace {

TEST(Context, EachSectionIsAtomicUntilItsEnd) {
  EXPECT_FALSE(fence_in_atomic());
  fence_preempt_disable();
  fence_preempt_disable();
  EXPECT_TRUE(fence_in_atomic());
  EXPECT_FALSE(fence_in_interrupt());
  EXPECT_FALSE(fence_irqs_disabled());
  fence_preempt_enable();
  EXPECT_TRUE(fence_in_atomic());
  fence_preempt_enable();
  EXPECT_FALSE(fence_in_atomic());

  unsigned long outer = fence_irq_save(), inner = fence_irq_save();
  EXPECT_TRUE(fence_in_atomic());
  EXPECT_TRUE(fence_irqs_disabled());
  EXPECT_FALSE(fence_in_interrupt());
  fence_irq_restore(inner);
  EXPECT_TRUE(fence_irqs_disabled());
  fence_irq_restore(outer);
  EXPECT_FALSE(fence_irqs_disabled());
  EXPECT_FALSE(fence_in_atomic());

  fence_hardirq_enter();
  fence_hardirq_enter();
  EXPECT_TRUE(fence_in_atomic());
  EXPECT_TRUE(fence_in_interrupt());
  EXPECT_TRUE(fence_irqs_disabled());
  fence_hardirq_exit();
  EXPECT_TRUE(fence_in_interrupt());
  fence_hardirq_exit();
  EXPECT_FALSE(fence_in_interrupt());
  EXPECT_FALSE(fence_irqs_disabled());
  EXPECT_FALSE(fence_in_atomic());

  fence_softirq_enter();
  EXPECT_TRUE(fence_in_atomic());
  EXPECT_TRUE(fence_in_interrupt());
  EXPECT_FALSE(fence_irqs_disabled());
  fence_softirq_exit();
  EXPECT_FALSE(fence_in_atomic());

  fence_rcu_read_lock();
  fence_rcu_read_lock();
  EXPECT_TRUE(fence_in_atomic());
  EXPECT_FALSE(fence_in_interrupt());
  fence_rcu_read_unlock();
  EXPECT_TRUE(fence_in_atomic());
  fence_rcu_read_unlock();
  EXPECT_FALSE(fence_in_atomic());
}

/// Appends its number when it runs.
struct noted : fence_deferred {
  std::vector<int> *order;
  int number;
  noted *then = nullptr; ///< deferred by this one while it runs
  bool was_atomic = false;
  noted(std::vector<int> &o, int n) : fence_deferred{nullptr, note}, order(&o), number(n) {}
  static void note(fence_deferred *what) noexcept {
    auto *self = static_cast<noted *>(what);
    self->was_atomic = fence_in_atomic();
    if (self->then) {
      fence_defer(self->then);
      // An atomic section inside must not run it nested either.
      fence_preempt_disable();
      fence_preempt_enable();
    }
    self->order->push_back(self->number);
  }
};

TEST(Defer, RunsAtOnceWhenNothingHoldsItBack) {
  std::vector<int> order;
  noted first(order, 1);
  fence_defer(&first);
  EXPECT_EQ(order, std::vector<int>{1});
  fence_defer(&first);
  EXPECT_EQ(order, (std::vector<int>{1, 1})) << "it may be deferred anew";
}

TEST(Defer, WaitsForTheOutermostSectionAndKeepsTheOrder) {
  std::vector<int> order;
  noted first(order, 1), second(order, 2), third(order, 3);
  fence_preempt_disable();
  unsigned long flags = fence_irq_save();
  fence_defer(&first);
  fence_defer(&second);
  fence_irq_restore(flags);
  EXPECT_TRUE(order.empty());
  fence_defer(&third);
  fence_preempt_enable();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_FALSE(first.was_atomic);
}

TEST(Defer, WaitsForInterruptsToBeOn) {
  std::vector<int> order;
  noted first(order, 1);
  unsigned long flags = fence_irq_save();
  fence_preempt_disable();
  fence_defer(&first);
  fence_preempt_enable();
  EXPECT_TRUE(order.empty());
  fence_irq_restore(flags);
  EXPECT_EQ(order, std::vector<int>{1});
}

TEST(Defer, WaitsForEverySpinLock) {
  std::vector<int> order;
  fence_spinlock outer = {}, inner = {};
  noted first(order, 1);
  fence_spin_lock(&outer);
  fence_spin_lock_nested(&inner, 1);
  fence_defer(&first);
  fence_spin_unlock(&inner);
  EXPECT_TRUE(order.empty());
  fence_spin_unlock(&outer);
  EXPECT_EQ(order, std::vector<int>{1});
}

TEST(Defer, IsNeverNested) {
  std::vector<int> order;
  noted first(order, 1), second(order, 2), third(order, 3);
  first.then = &third;
  fence_preempt_disable();
  fence_defer(&first);
  fence_defer(&second);
  fence_preempt_enable();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3})) << "the third was deferred by the first, and comes last";
  order.clear();
  fence_defer(&first);
  EXPECT_EQ(order, (std::vector<int>{1, 3}));
}

TEST(Park, ATokenLetsTheNextOneThrough) {
  fence_unpark(fence_thread_self());
  EXPECT_TRUE(fence_park(FENCE_FOREVER));
  fence_unpark(fence_thread_self());
  fence_unpark(fence_thread_self());
  EXPECT_TRUE(fence_park(0)) << "a token counts although the time is over";
  EXPECT_FALSE(fence_park(0)) << "two wake-ups are one token";
}

TEST(Park, EndsAtItsDeadline) {
  uint64_t deadline = fence_now() + 2'000'000;
  while (fence_park(deadline))
    EXPECT_LT(fence_now(), deadline + 60'000'000'000u);
  EXPECT_GE(fence_now(), deadline);
}

TEST(Park, IsEndedByAnotherThread) {
  fence_thread *self = fence_thread_get(fence_thread_self());
  std::atomic<bool> unparked = false;
  std::thread other([&] {
    unparked = true;
    fence_unpark(self);
    fence_thread_put(self);
  });
  while (!unparked)
    EXPECT_TRUE(fence_park(FENCE_FOREVER));
  other.join();
  fence_park(0); // A token may be left.
}

TEST(Unpark, InAnAtomicSectionComesAfterIt) {
  fence_preempt_disable();
  fence_unpark(fence_thread_self());
  fence_unpark(fence_thread_self());
  // Still held back: the thread cannot see a token yet. It may not park here, so it looks from outside.
  fence_preempt_enable();
  EXPECT_TRUE(fence_park(0));
  EXPECT_FALSE(fence_park(0));
  // Once it has come, the next one is queued anew.
  fence_preempt_disable();
  fence_unpark(fence_thread_self());
  fence_preempt_enable();
  EXPECT_TRUE(fence_park(0));
}

TEST(Unpark, IsInOrderWithWhatElseIsDeferred) {
  struct look : fence_deferred {
    bool token = false;
  };
  look before{{nullptr, [](fence_deferred *what) noexcept { static_cast<look *>(what)->token = fence_park(0); }}},
      after = before;
  fence_preempt_disable();
  fence_defer(&before);
  fence_unpark(fence_thread_self());
  fence_defer(&after);
  fence_preempt_enable();
  EXPECT_FALSE(before.token);
  EXPECT_TRUE(after.token);
}

TEST(Unpark, OfAThreadThatHasGone) {
  fence_thread *gone = nullptr;
  std::thread([&] { gone = fence_thread_get(fence_thread_self()); }).join();
  fence_unpark(gone);
  fence_preempt_disable();
  fence_unpark(gone);
  fence_thread_put(gone); // The wake-up that is queued has a reference of its own.
  fence_preempt_enable();
}

TEST(Thread, SelfIsAlwaysTheSameAndOnePerThread) {
  fence_thread *self = fence_thread_self();
  EXPECT_EQ(self, fence_thread_self());
  EXPECT_EQ(fence_thread_get(self), self);
  fence_thread_put(self);
  std::thread([&] { EXPECT_NE(fence_thread_self(), self); }).join();
  EXPECT_EQ(self, fence_thread_self());
}

TEST(Interrupt, StaysUntilItIsCleared) {
  EXPECT_FALSE(fence_interrupted());
  fence_interrupt(fence_thread_self());
  EXPECT_TRUE(fence_interrupted());
  EXPECT_TRUE(fence_interrupted());
  EXPECT_TRUE(fence_clear_interrupt());
  EXPECT_FALSE(fence_interrupted());
  EXPECT_TRUE(fence_park(0)) << "an interrupt wakes";
  std::thread([] {
    EXPECT_FALSE(fence_interrupted()) << "a thread that nobody can know has not been interrupted";
    EXPECT_FALSE(fence_clear_interrupt());
  }).join();
}

TEST(Clock, DoesNotGoBack) {
  uint64_t first = fence_now(), second = fence_now();
  EXPECT_GT(first, 0u);
  EXPECT_LE(first, second);
}

} // namespace
