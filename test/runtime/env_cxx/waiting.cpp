// Completion and wait queue in C++, and durations as they reach the C API.
#include "../env/threads.h"

#include <fence/completion.hpp>
#include <fence/wait_queue.hpp>
#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace {

TEST(Completion, LetsOnePassOrAll) {
  fence::completion done;
  EXPECT_FALSE(done.done());
  EXPECT_FALSE(done.try_wait());
  done.complete();
  EXPECT_TRUE(done.done());
  EXPECT_TRUE(done.try_wait());
  EXPECT_FALSE(done.try_wait()) << "one may pass";
  done.complete_all();
  done.wait();
  EXPECT_TRUE(done.wait_for(0ms));
  done.reinit();
  EXPECT_FALSE(done.wait_for(0ms));
}

TEST(Completion, IsWaitedForAcrossThreads) {
  fence::completion ready, done;
  int result = 0;
  std::thread worker([&] {
    ready.wait();
    result = 7;
    done.complete();
  });
  ready.complete();
  EXPECT_TRUE(done.wait_for(1min));
  EXPECT_EQ(result, 7);
  worker.join();
}

TEST(Completion, TimeRunsOut) {
  fence::completion never;
  EXPECT_FALSE(never.wait_for(1ms));
  EXPECT_FALSE(never.wait_for(-1h));
  auto before = fence::clock::now();
  EXPECT_FALSE(never.wait_until(fence::time_point(before) + 2ms));
  EXPECT_GE(fence::clock::now() - before, 2ms) << "never too early";
}

TEST(Completion, AnInterruptEndsTheWait) {
  fence::completion never;
  fence::error why;
  {
    interruptible_thread waiter([&] {
      why = never.wait_interruptible().error();
      fence_clear_interrupt();
    });
    waiter.interrupt();
  }
  EXPECT_EQ(why, fence::error(EINTR));
  never.complete();
  EXPECT_TRUE(never.wait_interruptible());
}

TEST(WaitQueue, TheConditionDecides) {
  fence::wait_queue room;
  std::atomic<int> used = 3;
  std::thread consumer([&] {
    while (used.fetch_sub(1) > 1)
      room.wake_up();
    room.wake_up();
  });
  room.wait([&]() noexcept { return used == 0; });
  EXPECT_EQ(used, 0);
  consumer.join();
  EXPECT_TRUE(room.wait_for(0ms, []() noexcept { return true; }));
  EXPECT_FALSE(room.wait_for(1ms, []() noexcept { return false; }));
}

TEST(WaitQueue, WakesOneOfThoseWhoWaitExclusively) {
  fence::wait_queue turns;
  std::atomic<int> free_turns = 0, taken = 0;
  auto take = [&]() noexcept {
    int seen = free_turns;
    return seen > 0 && free_turns.compare_exchange_strong(seen, seen - 1);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      turns.wait_exclusive(take);
      ++taken;
    });
  for (int i = 1; i <= 3; ++i) {
    ++free_turns;
    turns.wake_up();
    until([&] { return taken == i; });
  }
  for (std::thread &thread : threads)
    thread.join();
}

TEST(WaitQueue, AnInterruptEndsTheWait) {
  fence::wait_queue queue;
  fence::error why;
  {
    interruptible_thread waiter([&] {
      why = queue.wait_interruptible([]() noexcept { return false; }).error();
      fence_clear_interrupt();
    });
    waiter.interrupt();
  }
  EXPECT_EQ(why, fence::error(EINTR));
  EXPECT_TRUE(queue.wait_interruptible([]() noexcept { return true; }));
}

TEST(WaitQueue, AllAreWoken) {
  fence::wait_queue queue;
  std::atomic<bool> open = false;
  std::atomic<int> through = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      queue.wait_exclusive([&]() noexcept { return open.load(); });
      ++through;
    });
  open = true;
  queue.wake_up_all();
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(through, 3);
}

TEST(Durations, AreRoundedUpToJiffies) {
  using fence::detail::jiffies;
  EXPECT_EQ(jiffies(1ns), 1);
  EXPECT_EQ(jiffies(1ms), 1);
  EXPECT_EQ(jiffies(1001us), 2);
  EXPECT_EQ(jiffies(0s), 0);
  EXPECT_EQ(jiffies(-5s), 0);
  EXPECT_EQ(jiffies(std::chrono::duration<double>(0.0005)), 1);
  EXPECT_EQ(jiffies(std::chrono::hours::max()), FENCE_MAX_TIMEOUT);
  EXPECT_EQ(jiffies(std::chrono::nanoseconds::max()), 9223372036855) << "292 years are no forever, but long";
}

} // namespace
