// Queues: making them, without memory too, and ending them with work left.
#include "threads.h"

#include <fence/memory.h>
#include <fence/workqueue.h>
#include <gtest/gtest.h>

namespace {

struct item : fence_delayed_work {
  std::atomic<int> runs = 0;
  fence_workqueue *again = nullptr;
  bool accepted = true;
  item() {
    fence_delayed_work_init(this, [](fence_work *work) {
      auto *self = static_cast<item *>(reinterpret_cast<fence_delayed_work *>(work));
      if (self->again)
        self->accepted = fence_queue_work(self->again, work);
      ++self->runs;
    });
  }
};

TEST(Workqueue, NeedsMemory) {
  fence_fail_allocation(0);
  EXPECT_EQ(fence_workqueue_alloc("test", 0, 0), nullptr);
  fence_fail_allocation(-1);
  fence_workqueue_destroy(nullptr);
}

TEST(Workqueue, CanHaveItsFirstWorkerFromTheStart) {
  fence_workqueue *queue = fence_workqueue_alloc("a name that is longer than fifteen", FENCE_WQ_MEM_RECLAIM, 100'000);
  ASSERT_NE(queue, nullptr);
  item work;
  fence_queue_work(queue, &work.work);
  fence_workqueue_destroy(queue);
  EXPECT_EQ(work.runs, 1);
}

TEST(Workqueue, DestroyRunsWhatIsPendingAndWhatIsDelayed) {
  fence_workqueue *queue = fence_workqueue_alloc("test", FENCE_WQ_ORDERED, 0);
  item now[10], later[10];
  for (item &work : now)
    fence_queue_work(queue, &work.work);
  for (item &work : later)
    fence_queue_delayed_work(queue, &work, 3'600'000);
  fence_workqueue_destroy(queue);
  for (item &work : now)
    EXPECT_EQ(work.runs, 1);
  for (item &work : later) {
    EXPECT_EQ(work.runs, 1);
    EXPECT_FALSE(fence_timer_pending(&work.timer));
  }
}

TEST(Workqueue, RefusesItemsWhileItEnds) {
  fence_workqueue *queue = fence_workqueue_alloc("test", 0, 1);
  item work;
  work.again = queue; // would never end
  fence_queue_delayed_work(queue, &work, 3'600'000);
  fence_workqueue_destroy(queue);
  EXPECT_EQ(work.runs, 1);
  EXPECT_FALSE(work.accepted);
}

TEST(Workqueue, ItemsMayBeFlushedAndCancelledAfterItsEnd) {
  fence_workqueue *queue = fence_workqueue_alloc("test", 0, 1);
  item work;
  fence_queue_work(queue, &work.work);
  fence_workqueue_destroy(queue);
  EXPECT_FALSE(fence_flush_work(&work.work));
  EXPECT_FALSE(fence_cancel_delayed_work_sync(&work));
  EXPECT_TRUE(fence_schedule_work(&work.work)); // and queued elsewhere
  fence_flush_work(&work.work);
  EXPECT_EQ(work.runs, 2);
}

TEST(Workqueue, TheSystemHasOne) {
  item work;
  EXPECT_TRUE(fence_schedule_work(&work.work));
  fence_flush_workqueue(fence_system_workqueue());
  EXPECT_EQ(work.runs, 1);
  testing::internal::CaptureStderr();
  fence_workqueue_destroy(fence_system_workqueue());
  EXPECT_NE(testing::internal::GetCapturedStderr().find("is the system's"), std::string::npos);
}

TEST(Workqueue, EndsWhileItsTimersFire) {
  for (int round = 0; round < 100; ++round) {
    fence_workqueue *queue = fence_workqueue_alloc("test", 0, 2);
    item works[4];
    for (item &work : works)
      fence_queue_delayed_work(queue, &work, 1);
    until([&] { return round % 2 || works[0].runs; });
    fence_workqueue_destroy(queue);
    for (item &work : works) {
      EXPECT_EQ(work.runs, 1);
      fence_cancel_delayed_work_sync(&work);
    }
  }
}

TEST(Workqueue, AThreadMayEndWithWorkPending) {
  fence_workqueue *queue = fence_workqueue_alloc("test", 0, 1);
  item work, later;
  std::thread([&] {
    fence_queue_work(queue, &work.work);
    fence_queue_delayed_work(queue, &later, 1);
  }).join();
  until([&] { return work.runs == 1 && later.runs == 1; });
  fence_workqueue_destroy(queue);
  fence_cancel_delayed_work_sync(&later);
}

} // namespace
