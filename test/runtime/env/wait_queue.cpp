// Wait queues: conditions, exclusive waiters, timeouts and interruption.
#include "threads.h"

#include <cerrno>
#include <fence/wait_queue.h>
#include <gtest/gtest.h>

namespace {

struct WaitQueue : testing::Test {
  fence_wait_queue queue;
  std::atomic<int> value = 0;
  WaitQueue() { fence_wait_queue_init(&queue); }
  size_t waiting() {
    fence_spin_lock_irq(&queue.lock);
    size_t count = 0;
    for (fence_list *node = queue.waiters.next; node != &queue.waiters; node = node->next)
      ++count;
    fence_spin_unlock_irq(&queue.lock);
    return count;
  }
};

TEST_F(WaitQueue, DoesNotWaitForWhatIsTrue) {
  value = 1;
  fence_wait_event(&queue, value == 1);
  EXPECT_EQ(fence_wait_event_timeout(&queue, value == 1, 0), 1);
  EXPECT_EQ(fence_wait_event_timeout(&queue, value == 1, 70), 70);
  EXPECT_FALSE(fence_wait_queue_active(&queue));
}

TEST_F(WaitQueue, WaitsUntilTheConditionHolds) {
  std::thread waiter([&] { fence_wait_event(&queue, value == 2); });
  until([&] { return waiting() == 1; });
  EXPECT_TRUE(fence_wait_queue_active(&queue));
  value = 1;
  fence_wake_up(&queue); // not yet
  value = 2;
  fence_wake_up(&queue);
  waiter.join();
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(WaitQueue, TakesAFunctionAsCondition) {
  auto is_three = [](void *data) { return static_cast<std::atomic<int> *>(data)->load() == 3; };
  EXPECT_EQ(fence_wait_until(&queue, is_three, &value, 0, 1), 0);
  EXPECT_EQ(fence_wait_until(&queue, is_three, &value, 0, -1), -EINVAL);
  std::thread waiter([&] { EXPECT_GT(fence_wait_until(&queue, is_three, &value, 0, FENCE_MAX_TIMEOUT), 0); });
  value = 3;
  fence_wake_up(&queue);
  waiter.join();
}

TEST_F(WaitQueue, TimesOutAndLooksOnceMore) {
  EXPECT_EQ(fence_wait_event_timeout(&queue, value == 1, 1), 0);
  EXPECT_EQ(waiting(), 0u);
  // Nobody wakes, but at the end the condition holds.
  int looks = 0;
  EXPECT_EQ(fence_wait_event_timeout(&queue, ++looks == 3, 1), 1);
}

TEST_F(WaitQueue, CanBeInterrupted) {
  std::atomic<int> result = 1;
  {
    interruptible_thread waiter([&] { result = fence_wait_event_interruptible(&queue, value == 1); });
    until([&] { return waiting() == 1; });
    waiter.interrupt();
  }
  EXPECT_EQ(result, -FENCE_ERESTARTSYS);
  value = 1;
  EXPECT_EQ(fence_wait_event_interruptible(&queue, value == 1), 0);
}

TEST_F(WaitQueue, WakesOneExclusiveWaiterAndAllOthers) {
  std::atomic<int> exclusive = 0, others = 0, looks[4] = {};
  auto holds = [&](int waiter) {
    bool answer = value != 0;
    ++looks[waiter];
    return answer;
  };
  std::thread threads[4];
  for (int i = 0; i < 4; ++i)
    threads[i] = std::thread([&, i] {
      if (i < 2) {
        fence_wait_event_exclusive(&queue, holds(i));
        ++exclusive;
      } else {
        fence_wait_event(&queue, holds(i));
        ++others;
      }
    });
  // Before it sleeps each looks once, and once more when it is on the queue. Nobody looks again until it is woken.
  for (std::atomic<int> &of_one : looks)
    until([&] { return of_one >= 2; });
  EXPECT_EQ(waiting(), 4u);
  value = 1;
  fence_wake_up(&queue);
  until([&] { return exclusive == 1 && others == 2; });
  EXPECT_EQ(waiting(), 1u);
  fence_wake_up_all(&queue);
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(exclusive, 2);
}

TEST_F(WaitQueue, PassesAnUnusedExclusiveWakeUpOn) {
  // The first one is woken and interrupted at once; the second one may take what it leaves.
  std::atomic<int64_t> first = 1;
  std::atomic<bool> second = false;
  std::thread other;
  {
    interruptible_thread interrupted([&] {
      first = fence_wait_until(
          &queue, [](void *) { return false; }, nullptr, FENCE_WAIT_EXCLUSIVE | FENCE_WAIT_INTERRUPTIBLE,
          FENCE_MAX_TIMEOUT);
    });
    until([&] { return waiting() == 1; });
    other = std::thread([&] {
      fence_wait_event_exclusive(&queue, value == 1);
      second = true;
    });
    until([&] { return waiting() == 2; });
    value = 1;
    // In one atomic section: the thread runs after both.
    fence_preempt_disable();
    fence_wake_up(&queue);
    interrupted.interrupt();
    fence_preempt_enable();
  }
  EXPECT_EQ(first, -FENCE_ERESTARTSYS);
  other.join();
  EXPECT_TRUE(second);
}

TEST_F(WaitQueue, HandsABoundedBufferOverWithoutLosingAnything) {
  constexpr int items = 3000, room = 4;
  long sum = 0;
  std::thread consumer([&] {
    for (int i = 0; i < items; ++i) {
      fence_wait_event(&queue, value > 0);
      ++sum;
      --value;
      fence_wake_up(&queue);
    }
  });
  for (int i = 0; i < items; ++i) {
    fence_wait_event(&queue, value < room);
    ++value;
    fence_wake_up(&queue);
  }
  consumer.join();
  EXPECT_EQ(sum, items);
}

} // namespace
