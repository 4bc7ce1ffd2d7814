// Timers: order, moving, deleting, and functions that set or free their own timer.
#include "../../../runtime/src/timer_heap.h"
#include "threads.h"

#include <fence/check.h>
#include <fence/completion.h>
#include <fence/timer.h>
#include <gtest/gtest.h>
#include <random>
#include <set>

namespace {

struct ticking : fence_timer {
  std::atomic<int> fired = 0;
  std::atomic<bool> in_softirq = false;
};
void tick(fence_timer *timer) {
  auto *self = static_cast<ticking *>(timer);
  self->in_softirq = fence_in_interrupt() && fence_in_atomic() && !fence_irqs_disabled();
  ++self->fired;
}

constexpr uint64_t hour = 3'600'000'000'000;

TEST(Timer, FiresOnceInASoftirq) {
  ticking timer;
  fence_timer_setup(&timer, tick);
  EXPECT_FALSE(fence_timer_pending(&timer));
  uint64_t start = fence_now();
  EXPECT_FALSE(fence_timer_mod_after(&timer, 2));
  until([&] { return timer.fired == 1; });
  EXPECT_GE(fence_now() - start, 2'000'000u);
  EXPECT_FALSE(fence_timer_delete_sync(&timer));
  EXPECT_TRUE(timer.in_softirq);
  EXPECT_EQ(timer.fired, 1);
}

TEST(Timer, CanBeMovedEarlierAndLater) {
  ticking timer;
  fence_timer_setup(&timer, tick);
  EXPECT_FALSE(fence_timer_mod(&timer, fence_now() + hour));
  EXPECT_TRUE(fence_timer_pending(&timer));
  EXPECT_TRUE(fence_timer_mod_after(&timer, 0));
  until([&] { return timer.fired == 1; });
  EXPECT_FALSE(fence_timer_mod_after(&timer, -5)); // at once
  until([&] { return timer.fired == 2; });
  fence_timer_delete_sync(&timer);
}

TEST(Timer, DoesNotFireWhenDeleted) {
  ticking timer;
  fence_timer_setup(&timer, tick);
  fence_timer_mod(&timer, fence_now() + hour);
  EXPECT_TRUE(fence_timer_delete(&timer));
  EXPECT_FALSE(fence_timer_delete(&timer));
  fence_timer_mod(&timer, FENCE_FOREVER);
  EXPECT_TRUE(fence_timer_pending(&timer));
  EXPECT_TRUE(fence_timer_delete_sync(&timer));
  EXPECT_FALSE(fence_timer_mod_after(&timer, FENCE_MAX_TIMEOUT));
  EXPECT_TRUE(fence_timer_delete_sync(&timer));
  EXPECT_EQ(timer.fired, 0);
}

TEST(Timer, FiresInTheOrderOfDeadlines) {
  struct numbered : fence_timer {
    int number;
    std::vector<int> *order;
    fence_completion *all;
  };
  constexpr int count = 20;
  std::vector<int> order;
  fence_completion all;
  fence_completion_init(&all);
  numbered timers[count];
  for (int i = 0; i < count; ++i) {
    timers[i].number = i;
    timers[i].order = &order;
    timers[i].all = &all;
    fence_timer_setup(&timers[i], [](fence_timer *timer) {
      auto *self = static_cast<numbered *>(timer);
      self->order->push_back(self->number);
      if (self->order->size() == count)
        fence_complete(self->all);
    });
  }
  // All are set while the timer thread is in the function of another one.
  struct blocker : fence_timer {
    std::atomic<bool> runs = false, may_end = false;
  } first;
  fence_timer_setup(&first, [](fence_timer *timer) {
    auto *self = static_cast<blocker *>(timer);
    self->runs = true;
    until([&] { return self->may_end.load(); });
  });
  fence_timer_mod(&first, 0);
  until([&] { return first.runs.load(); });
  std::vector<int> expected;
  for (int i = 0; i < count; ++i) {
    fence_timer_mod(&timers[i * 7 % count], static_cast<uint64_t>(i * 7 % count));
    expected.push_back(i);
  }
  first.may_end = true;
  fence_completion_wait(&all);
  for (numbered &timer : timers)
    fence_timer_delete_sync(&timer);
  EXPECT_EQ(order, expected);
}

TEST(Timer, MaySetItselfAgain) {
  struct periodic : fence_timer {
    std::atomic<int> fired = 0;
  } timer;
  fence_timer_setup(&timer, [](fence_timer *self) {
    if (++static_cast<periodic *>(self)->fired < 5)
      fence_timer_mod_after(self, 0);
  });
  fence_timer_mod_after(&timer, 0);
  until([&] { return timer.fired == 5; });
  EXPECT_FALSE(fence_timer_delete_sync(&timer));
}

TEST(Timer, MayFreeItself) {
  struct last : ticking {
    fence_completion *done;
  };
  fence_completion done;
  fence_completion_init(&done);
  auto *timer = new last;
  timer->done = &done;
  fence_timer_setup(timer, [](fence_timer *self) {
    fence_completion *done = static_cast<last *>(self)->done;
    delete static_cast<last *>(self);
    fence_complete(done);
  });
  fence_timer_mod_after(timer, 0);
  fence_completion_wait(&done);
}

TEST(Timer, DeleteSyncWaitsForTheFunction) {
  for (int round = 0; round < 200; ++round) {
    auto *timer = new ticking;
    fence_timer_setup(timer, [](fence_timer *self) {
      ++static_cast<ticking *>(self)->fired;
      fence_timer_mod_after(self, 0); // again and again
    });
    fence_timer_mod_after(timer, 0);
    until([&] { return timer->fired > 0; });
    fence_timer_delete_sync(timer);
    delete timer;
  }
}

TEST(Timer, ReportsAFunctionThatWaitsForItself) {
  ticking timer;
  fence_timer_setup(&timer, [](fence_timer *self) {
    fence_timer_delete_sync(self);
    ++static_cast<ticking *>(self)->fired;
  });
  bool aborts = fence_set_abort_on_report(false);
  testing::internal::CaptureStderr();
  fence_timer_mod_after(&timer, 0);
  until([&] { return timer.fired == 1; });
  fence_timer_delete_sync(&timer);
  fence_set_abort_on_report(aborts);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("waits for its own end"), std::string::npos);
}

TEST(Timer, CanBeSetFromManyThreads) {
  constexpr int threads = 3, rounds = 2000;
  ticking timers[threads];
  for (ticking &timer : timers)
    fence_timer_setup(&timer, tick);
  run_together(threads, [&](int i) {
    for (int round = 0; round < rounds; ++round) {
      fence_timer_mod_after(&timers[(i + round) % threads], round % 3);
      if (round % 5 == 0)
        fence_timer_delete(&timers[(i + round) % threads]);
    }
  });
  for (ticking &timer : timers)
    fence_timer_delete_sync(&timer);
}

TEST(TimerHeap, GivesTheEarliestWhateverIsPutInAndTakenOut) {
  std::mt19937 random(1);
  std::vector<fence_timer> timers(300);
  std::multiset<uint64_t> model;
  std::vector<bool> in(timers.size());
  fence::timer_heap heap;
  for (int step = 0; step < 20000; ++step) {
    size_t i = random() % timers.size();
    if (in[i]) {
      heap.remove(&timers[i]);
      model.erase(model.find(timers[i].deadline));
    } else {
      timers[i].deadline = random() % 1000;
      heap.insert(&timers[i]);
      model.insert(timers[i].deadline);
    }
    in[i] = !in[i];
    if (model.empty())
      ASSERT_EQ(heap.earliest(), nullptr);
    else
      ASSERT_EQ(heap.earliest()->deadline, *model.begin());
  }
}

} // namespace
