// Delayed work items: timers that make items ready, and who gets in between.
#include "threads.h"

#include <fence/workqueue.h>
#include <gtest/gtest.h>
#include <memory>

namespace {

struct item : fence_delayed_work {
  std::atomic<int> runs = 0;
  item() {
    fence_delayed_work_init(
        this, [](fence_work *work) { ++static_cast<item *>(reinterpret_cast<fence_delayed_work *>(work))->runs; });
  }
};
constexpr int64_t hour = 3'600'000;

struct DelayedWork : testing::Test {
  fence_workqueue *queue;
  DelayedWork() { queue = fence_workqueue_alloc("test", 0, 2); }
  ~DelayedWork() override { fence_workqueue_destroy(queue); }
};

TEST_F(DelayedWork, RunsWhenItsTimeHasCome) {
  item work;
  uint64_t start = fence_now();
  EXPECT_TRUE(fence_queue_delayed_work(queue, &work, 2));
  until([&] { return work.runs == 1; });
  EXPECT_GE(fence_now() - start, 2'000'000u);
  EXPECT_TRUE(fence_queue_delayed_work(queue, &work, 0));
  fence_flush_delayed_work(&work);
  EXPECT_EQ(work.runs, 2);
  fence_cancel_delayed_work_sync(&work);
}

TEST_F(DelayedWork, IsPendingUntilThen) {
  item work;
  EXPECT_TRUE(fence_queue_delayed_work(queue, &work, hour));
  EXPECT_FALSE(fence_queue_delayed_work(queue, &work, 0));
  EXPECT_FALSE(fence_queue_work(queue, &work.work));
  EXPECT_TRUE(fence_work_pending(&work.work));
  fence_flush_workqueue(queue);               // does not wait for it
  EXPECT_FALSE(fence_flush_work(&work.work)); // nor this
  EXPECT_TRUE(fence_cancel_delayed_work(&work));
  EXPECT_FALSE(fence_cancel_delayed_work_sync(&work));
  EXPECT_EQ(work.runs, 0);
}

TEST_F(DelayedWork, FlushRunsItNow) {
  item work;
  fence_queue_delayed_work(queue, &work, hour);
  EXPECT_TRUE(fence_flush_delayed_work(&work));
  EXPECT_EQ(work.runs, 1);
  EXPECT_FALSE(fence_timer_pending(&work.timer));
}

TEST_F(DelayedWork, CanBeMoved) {
  item work;
  EXPECT_FALSE(fence_mod_delayed_work(queue, &work, hour));
  EXPECT_TRUE(fence_mod_delayed_work(queue, &work, 2 * hour));
  EXPECT_TRUE(fence_mod_delayed_work(queue, &work, 0));
  fence_flush_work(&work.work);
  EXPECT_EQ(work.runs, 1);
  fence_workqueue *other = fence_workqueue_alloc("test-other", 0, 1);
  fence_mod_delayed_work(queue, &work, hour);
  EXPECT_TRUE(fence_mod_delayed_work(other, &work, hour));
  fence_workqueue_destroy(other); // runs it
  EXPECT_EQ(work.runs, 2);
}

TEST_F(DelayedWork, CancelSyncLeavesNothingBehind) {
  for (int round = 0; round < 300; ++round) {
    auto work = std::make_unique<item>();
    fence_queue_delayed_work(queue, work.get(), 1);
    if (round % 2)
      fence_mod_delayed_work(queue, work.get(), 1);
    until([&] { return round % 3 || !fence_timer_pending(&work->timer); });
    fence_cancel_delayed_work_sync(work.get());
  }
}

TEST_F(DelayedWork, ManyThreadsMoveIt) {
  item works[4];
  run_together(3, [&](int thread) {
    for (int i = 0; i < 1000; ++i) {
      item &work = works[(i + thread) % 4];
      switch (i % 4) {
      case 0:
        fence_queue_delayed_work(queue, &work, i % 3);
        break;
      case 1:
        fence_mod_delayed_work(queue, &work, i % 2);
        break;
      case 2:
        fence_cancel_delayed_work(&work);
        break;
      case 3:
        fence_flush_delayed_work(&work);
        break;
      }
    }
  });
  for (item &work : works) {
    fence_cancel_delayed_work_sync(&work);
    EXPECT_FALSE(fence_work_pending(&work.work));
  }
}

} // namespace
