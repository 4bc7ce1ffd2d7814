// Timer and irq work as members: their function runs where nothing may sleep, and their end waits for it.
#include "../env/threads.h"

#include <fence/completion.hpp>
#include <fence/irq_work.hpp>
#include <fence/spin_lock.hpp>
#include <fence/timer.hpp>
#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace {

struct watchdog {
  int before = 1;
  std::atomic<int> fired = 0;
  std::atomic<bool> atomic = false, again = false;
  fence::completion told;
  FENCE_NONBLOCKING void hung() noexcept {
    atomic = fence_in_atomic();
    ++fired;
    if (again.exchange(false))
      timer.set_after(0ms);
    told.complete();
  }
  fence::timer timer{fence::runs<&watchdog::timer, &watchdog::hung>};
};

TEST(CxxTimer, CallsTheMemberFunctionWhereNothingSleeps) {
  watchdog one;
  EXPECT_FALSE(one.timer.set_after(1ms));
  one.told.wait();
  EXPECT_EQ(one.fired, 1);
  EXPECT_TRUE(one.atomic);
  EXPECT_FALSE(one.timer.cancel_sync());
}

TEST(CxxTimer, IsMovedAndCancelled) {
  watchdog one;
  EXPECT_FALSE(one.timer.set_after(1h));
  EXPECT_TRUE(one.timer.pending());
  EXPECT_TRUE(one.timer.set(fence::time_point(fence::clock::now()) + 1h));
  EXPECT_TRUE(one.timer.cancel());
  EXPECT_FALSE(one.timer.cancel());
  EXPECT_FALSE(one.timer.set(fence::time_point())) << "a time that has passed";
  one.told.wait();
  one.timer.set_after(std::chrono::hours::max());
  EXPECT_TRUE(one.timer.cancel_sync());
  one.timer.set_after(1h); // Its end cancels it.
}

TEST(CxxTimer, MaySetItselfAgain) {
  watchdog one;
  one.again = true;
  one.timer.set_after(0ms);
  one.told.wait();
  one.told.wait();
  EXPECT_EQ(one.fired, 2);
}

struct relay {
  int before = 1;
  std::atomic<int> passed = 0;
  std::atomic<bool> in_interrupt = false, lock_was_held = true;
  fence::spin_lock lock{fence::class_of<relay>};
  FENCE_NONBLOCKING void pass_on() noexcept {
    in_interrupt = fence_in_interrupt();
    lock_was_held = lock.is_locked();
    ++passed;
  }
  fence::irq_work later{fence::runs<&relay::later, &relay::pass_on>};
};

TEST(CxxIrqWork, RunsWhenTheLockHasBeenGivenBack) {
  relay one;
  {
    fence::irqsave_guard hold(one.lock);
    EXPECT_TRUE(one.later.queue());
    EXPECT_FALSE(one.later.queue());
    EXPECT_TRUE(one.later.pending());
    EXPECT_EQ(one.passed, 0);
  }
  EXPECT_EQ(one.passed, 1);
  EXPECT_TRUE(one.in_interrupt);
  EXPECT_FALSE(one.lock_was_held);
  one.later.sync();
  EXPECT_TRUE(one.later.queue());
  EXPECT_EQ(one.passed, 2) << "nothing is atomic, so at once";
}

TEST(CxxIrqWork, ItsEndWaitsForIt) {
  std::atomic<int> passed = 0;
  struct slow {
    std::atomic<int> &passed;
    FENCE_NONBLOCKING void pass_on() noexcept { ++passed; }
    fence::irq_work later{fence::runs<&slow::later, &slow::pass_on>};
    explicit slow(std::atomic<int> &passed) : passed(passed) {}
  };
  for (int i = 1; i <= 100; ++i) {
    std::atomic<bool> queued = false;
    std::thread other;
    {
      slow one(passed);
      other = std::thread([&] {
        fence_preempt_disable();
        one.later.queue();
        queued = true;
        fence_preempt_enable();
      });
      until([&] { return queued.load(); });
    }
    EXPECT_EQ(passed, i);
    other.join();
  }
}

} // namespace
