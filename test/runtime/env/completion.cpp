// Completions: who may pass, in which order, and the stack of the waiter.
#include "threads.h"

#include <cerrno>
#include <fence/completion.h>
#include <gtest/gtest.h>

namespace {

struct Completion : testing::Test {
  fence_completion completion;
  Completion() { fence_completion_init(&completion); }
  size_t waiting() {
    fence_spin_lock_irq(&completion.lock);
    size_t count = 0;
    for (fence_list *node = completion.waiters.next; node != &completion.waiters; node = node->next)
      ++count;
    fence_spin_unlock_irq(&completion.lock);
    return count;
  }
};

TEST_F(Completion, LetsOnePassForEachComplete) {
  EXPECT_FALSE(fence_completion_done(&completion));
  EXPECT_FALSE(fence_completion_try_wait(&completion));
  fence_complete(&completion);
  fence_complete(&completion);
  EXPECT_TRUE(fence_completion_done(&completion));
  fence_completion_wait(&completion);
  EXPECT_TRUE(fence_completion_try_wait(&completion));
  EXPECT_FALSE(fence_completion_done(&completion));
}

TEST_F(Completion, LetsEverybodyPassUntilReinit) {
  fence_complete_all(&completion);
  for (int i = 0; i < 3; ++i)
    fence_completion_wait(&completion);
  fence_complete(&completion); // changes nothing
  EXPECT_TRUE(fence_completion_done(&completion));
  fence_completion_reinit(&completion);
  EXPECT_FALSE(fence_completion_done(&completion));
}

TEST_F(Completion, WakesThoseWhoWait) {
  std::thread waiter([&] { fence_completion_wait(&completion); });
  until([&] { return waiting() == 1; });
  fence_complete(&completion);
  waiter.join();
  EXPECT_FALSE(fence_completion_done(&completion));
}

TEST_F(Completion, CompleteWakesOneAndAllWakesAll) {
  std::atomic<int> passed = 0;
  std::thread waiters[3];
  for (std::thread &waiter : waiters)
    waiter = std::thread([&] {
      fence_completion_wait(&completion);
      ++passed;
    });
  until([&] { return waiting() == 3; });
  fence_complete(&completion);
  until([&] { return passed == 1; });
  EXPECT_EQ(waiting(), 2u);
  fence_complete_all(&completion);
  for (std::thread &waiter : waiters)
    waiter.join();
  EXPECT_EQ(passed, 3);
}

TEST_F(Completion, TimesOut) {
  EXPECT_EQ(fence_completion_wait_timeout(&completion, 0), 0);
  EXPECT_EQ(fence_completion_wait_timeout(&completion, 1), 0);
  EXPECT_EQ(waiting(), 0u);
  EXPECT_EQ(fence_completion_wait_timeout(&completion, -1), -EINVAL);
  fence_complete_all(&completion);
  EXPECT_EQ(fence_completion_wait_timeout(&completion, 0), 1);
  EXPECT_EQ(fence_completion_wait_timeout(&completion, 50), 50);
}

TEST_F(Completion, TellsHowMuchTimeIsLeft) {
  int64_t left = 0;
  std::thread waiter([&] { left = fence_completion_wait_timeout(&completion, 1'000'000); });
  until([&] { return waiting() == 1; });
  fence_complete(&completion);
  waiter.join();
  EXPECT_GT(left, 0);
  EXPECT_LE(left, 1'000'000);
}

TEST_F(Completion, CanBeInterrupted) {
  fence_interrupt(fence_thread_self());
  EXPECT_EQ(fence_completion_wait_interruptible(&completion), -FENCE_ERESTARTSYS);
  EXPECT_EQ(fence_completion_wait_interruptible_timeout(&completion, 1000), -FENCE_ERESTARTSYS);
  fence_complete(&completion);
  EXPECT_EQ(fence_completion_wait_interruptible(&completion), 0);
  EXPECT_TRUE(fence_clear_interrupt());
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(Completion, WakesAfterTheAtomicSection) {
  std::atomic<bool> passed = false;
  std::thread waiter([&] {
    fence_completion_wait(&completion);
    passed = true;
  });
  until([&] { return waiting() == 1; });
  fence_preempt_disable();
  fence_complete(&completion);
  EXPECT_EQ(waiting(), 0u);
  fence_preempt_enable();
  waiter.join();
  EXPECT_TRUE(passed);
}

TEST(CompletionStress, MayLieOnTheStackOfTheWaiter) {
  constexpr int rounds = 3000;
  std::atomic<fence_completion *> slot = nullptr;
  std::thread completer([&] {
    for (int i = 0; i < rounds; ++i) {
      fence_completion *there;
      until([&] { return (there = slot.exchange(nullptr)) != nullptr; });
      fence_complete(there);
    }
  });
  for (int i = 0; i < rounds; ++i) {
    fence_completion here;
    fence_completion_init(&here);
    slot = &here;
    if (i % 2)
      fence_completion_wait(&here);
    else // done() says yes only when the completer has left
      until([&] { return fence_completion_done(&here); });
  }
  completer.join();
}

TEST(CompletionStress, LosesNoPassToTimeouts) {
  constexpr int passes = 2000;
  fence_completion completion;
  fence_completion_init(&completion);
  std::atomic<int> passed = 0;
  std::atomic<bool> over = false;
  std::thread waiters[2];
  for (std::thread &waiter : waiters)
    waiter = std::thread([&] {
      while (!over)
        if (fence_completion_wait_timeout(&completion, passed % 2) > 0)
          ++passed;
    });
  for (int i = 0; i < passes; ++i)
    fence_complete(&completion);
  until([&] { return passed == passes; });
  over = true;
  for (std::thread &waiter : waiters)
    waiter.join();
  EXPECT_FALSE(fence_completion_done(&completion));
}

} // namespace
