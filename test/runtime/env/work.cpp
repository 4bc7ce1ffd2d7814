// Work items: once per queueing, never beside themselves, flushed and cancelled.
#include "../../../runtime/src/workqueue.h"
#include "threads.h"

#include <fence/check.h>
#include <fence/completion.h>
#include <fence/memory.h>
#include <fence/rcu.h>
#include <fence/spinlock.h>
#include <fence/workqueue.h>
#include <gtest/gtest.h>
#include <memory>

namespace {

struct item : fence_work {
  std::atomic<int> runs = 0;
  std::atomic<bool> task = false;
};
void count(fence_work *work) {
  auto *self = static_cast<item *>(work);
  self->task = !fence_in_atomic();
  ++self->runs;
}

/// Runs until it is told to end.
struct gate : item {
  std::atomic<bool> runs_now = false, may_end = false;
  gate() {
    fence_work_init(this, [](fence_work *work) {
      auto *self = static_cast<gate *>(work);
      self->runs_now = true;
      until([&] { return self->may_end.load(); });
      self->runs_now = false;
      ++self->runs;
    });
  }
};

bool somebody_flushes(fence_workqueue *queue) {
  fence_spin_lock_irq(&queue->lock);
  bool some = !fence_list_empty(&queue->flushers);
  fence_spin_unlock_irq(&queue->lock);
  return some;
}

struct Work : testing::Test {
  fence_workqueue *queue, *ordered;
  Work() {
    queue = fence_workqueue_alloc("test", 0, 0);
    ordered = fence_workqueue_alloc("test-ordered", FENCE_WQ_ORDERED, 0);
  }
  ~Work() override {
    fence_workqueue_destroy(queue);
    fence_workqueue_destroy(ordered);
  }
};

TEST_F(Work, RunsOnAWorkerInTaskContext) {
  item work;
  fence_work_init(&work, count);
  EXPECT_TRUE(fence_queue_work(queue, &work));
  fence_flush_work(&work);
  EXPECT_EQ(work.runs, 1);
  EXPECT_TRUE(work.task);
  EXPECT_FALSE(fence_work_pending(&work));
  EXPECT_FALSE(fence_flush_work(&work));
}

TEST_F(Work, IsQueuedOnceHoweverOften) {
  gate busy;
  item work;
  fence_work_init(&work, count);
  fence_queue_work(ordered, &busy);
  until([&] { return busy.runs_now.load(); });
  EXPECT_TRUE(fence_queue_work(ordered, &work));
  EXPECT_FALSE(fence_queue_work(ordered, &work));
  EXPECT_TRUE(fence_work_pending(&work));
  busy.may_end = true;
  fence_flush_work(&work);
  EXPECT_EQ(work.runs, 1);
}

TEST_F(Work, CanBeQueuedInAtomicContextAndStartsNoThreadThere) {
  item work;
  fence_work_init(&work, count);
  fence_spinlock lock;
  fence_spin_lock_init(&lock);
  fence_fail_allocation(-1);
  fence_hardirq_enter();
  unsigned long flags = fence_spin_lock_irqsave(&lock);
  EXPECT_TRUE(fence_queue_work(queue, &work));
  // The queue's first thread has not been started: nothing can have run.
  std::this_thread::yield();
  EXPECT_EQ(work.runs, 0);
  EXPECT_TRUE(fence_work_pending(&work));
  fence_spin_unlock_irqrestore(&lock, flags);
  fence_hardirq_exit();
  EXPECT_EQ(fence_fail_allocation(-1), 0);
  fence_flush_work(&work);
  EXPECT_EQ(work.runs, 1);
}

TEST_F(Work, AnOrderedQueueKeepsTheOrder) {
  struct numbered : fence_work {
    int number;
    std::vector<int> *order;
  };
  constexpr int count = 100;
  std::vector<int> order, expected;
  numbered works[count];
  for (int i = 0; i < count; ++i) {
    works[i].number = i;
    works[i].order = &order;
    fence_work_init(&works[i], [](fence_work *work) {
      auto *self = static_cast<numbered *>(work);
      self->order->push_back(self->number);
    });
    fence_queue_work(ordered, &works[i]);
    expected.push_back(i);
  }
  fence_flush_workqueue(ordered);
  EXPECT_EQ(order, expected);
}

TEST_F(Work, ItemsRunBesideEachOtherUpToMaxActive) {
  fence_workqueue *two = fence_workqueue_alloc("test-two", 0, 2);
  gate gates[3];
  for (gate &g : gates)
    fence_queue_work(two, &g);
  until([&] { return gates[0].runs_now && gates[1].runs_now; });
  EXPECT_TRUE(fence_work_pending(&gates[2]));
  gates[1].may_end = true;
  until([&] { return gates[2].runs_now.load(); });
  EXPECT_TRUE(gates[0].runs_now);
  gates[0].may_end = gates[2].may_end = true;
  fence_workqueue_destroy(two);
  EXPECT_EQ(gates[0].runs + gates[1].runs + gates[2].runs, 3);
}

TEST_F(Work, NeverRunsBesideItself) {
  struct exclusive : fence_work {
    int inside = 0; // ordinary: ThreadSanitizer would see two of them
    std::atomic<long> runs = 0;
  } work;
  fence_work_init(&work, [](fence_work *self) {
    auto *w = static_cast<exclusive *>(self);
    EXPECT_EQ(++w->inside, 1);
    std::this_thread::yield();
    --w->inside;
    ++w->runs;
  });
  std::atomic<long> queued = 0;
  run_together(3, [&](int) {
    for (int i = 0; i < 2000; ++i)
      queued += fence_queue_work(queue, &work);
  });
  fence_flush_workqueue(queue);
  EXPECT_EQ(work.runs, queued);
}

TEST_F(Work, QueuedWhileItRunsItRunsAgain) {
  gate work;
  fence_queue_work(queue, &work);
  until([&] { return work.runs_now.load(); });
  EXPECT_TRUE(fence_queue_work(queue, &work));
  EXPECT_FALSE(fence_queue_work(queue, &work));
  work.may_end = true;
  fence_flush_work(&work); // of both
  EXPECT_EQ(work.runs, 2);
}

TEST_F(Work, MayQueueAndFreeItself) {
  struct thrice : fence_work {
    fence_workqueue *queue_of;
    std::atomic<int> *runs;
    int left = 3;
  };
  std::atomic<int> runs = 0;
  auto *work = new thrice;
  work->queue_of = queue;
  work->runs = &runs;
  fence_work_init(work, [](fence_work *w) {
    auto *self = static_cast<thrice *>(w);
    std::atomic<int> *runs = self->runs;
    if (--self->left)
      EXPECT_TRUE(fence_queue_work(self->queue_of, self));
    else
      delete self;
    ++*runs;
  });
  fence_queue_work(queue, work);
  until([&] { return runs == 3; });
}

TEST_F(Work, FlushWaitsForTheQueueingBeforeIt) {
  gate work;
  fence_queue_work(queue, &work);
  until([&] { return work.runs_now.load(); });
  std::atomic<bool> flushed = false;
  std::thread flusher([&] {
    EXPECT_TRUE(fence_flush_work(&work));
    EXPECT_EQ(work.runs, 1);
    flushed = true;
  });
  until([&] { return somebody_flushes(queue); });
  EXPECT_FALSE(flushed);
  work.may_end = true;
  flusher.join();
}

TEST_F(Work, CancelTakesAPendingItemOut) {
  gate busy;
  item work;
  fence_work_init(&work, count);
  fence_queue_work(ordered, &busy);
  until([&] { return busy.runs_now.load(); });
  EXPECT_FALSE(fence_cancel_work(&work)); // never queued
  fence_queue_work(ordered, &work);
  // Somebody waits for it: a cancellation ends his wait.
  std::thread flusher([&] { fence_flush_work(&work); });
  until([&] { return somebody_flushes(ordered); });
  EXPECT_TRUE(fence_cancel_work(&work));
  EXPECT_FALSE(fence_cancel_work_sync(&work));
  flusher.join();
  busy.may_end = true;
  fence_flush_workqueue(ordered);
  EXPECT_EQ(work.runs, 0);
  EXPECT_TRUE(fence_queue_work(ordered, &work)); // can be queued again
  fence_flush_work(&work);
  EXPECT_EQ(work.runs, 1);
}

TEST_F(Work, CancelSyncWaitsAndKeepsItFromBeingQueued) {
  struct stubborn : fence_work {
    fence_workqueue *queue_of;
    long inside = 0;
    std::atomic<long> runs = 0;
  };
  for (int round = 0; round < 200; ++round) {
    auto work = std::make_unique<stubborn>();
    work->queue_of = queue;
    fence_work_init(work.get(), [](fence_work *w) {
      auto *self = static_cast<stubborn *>(w);
      ++self->inside;
      ++self->runs;
      fence_queue_work(self->queue_of, self); // again and again
      --self->inside;
    });
    fence_queue_work(queue, work.get());
    if (round % 2)
      until([&] { return work->runs > 0; });
    fence_cancel_work_sync(work.get());
    EXPECT_EQ(work->inside, 0);
    EXPECT_FALSE(fence_work_pending(work.get()));
  }
}

TEST_F(Work, BelongsToTheQueueThatItWasGivenTo) {
  item work;
  fence_work_init(&work, count);
  for (int i = 0; i < 500; ++i) {
    fence_queue_work(i % 2 ? queue : ordered, &work);
    if (i % 3 == 0)
      fence_flush_work(&work);
    else
      fence_cancel_work_sync(&work);
    EXPECT_FALSE(fence_work_pending(&work));
  }
}

TEST_F(Work, ReportsAnItemThatWaitsForItself) {
  struct own : item {
    fence_workqueue *queue_of;
  } work;
  work.queue_of = queue;
  fence_work_init(&work, [](fence_work *w) {
    auto *self = static_cast<own *>(w);
    EXPECT_FALSE(fence_flush_work(self));
    EXPECT_FALSE(fence_cancel_work_sync(self));
    fence_flush_workqueue(self->queue_of);
    fence_workqueue_destroy(self->queue_of);
    ++self->runs;
  });
  testing::internal::CaptureStderr();
  fence_queue_work(queue, &work);
  until([&] { return work.runs == 1; });
  fence_flush_work(&work);
  std::string report = testing::internal::GetCapturedStderr();
  for (const char *what : {"flushes itself", "cancels itself", "flushes it", "destroyed by an item of its own"})
    EXPECT_NE(report.find(what), std::string::npos) << what;
}

TEST_F(Work, ReportsAnItemThatLeavesTheWorkerAtomic) {
  item work;
  fence_work_init(&work, [](fence_work *) {
    fence_preempt_disable();
    fence_rcu_read_lock();
  });
  bool aborts = fence_set_abort_on_report(false);
  testing::internal::CaptureStderr();
  fence_queue_work(ordered, &work);
  fence_flush_work(&work);
  fence_set_abort_on_report(aborts);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("has not left its atomic"), std::string::npos);
  // The next one on that thread does not suffer.
  item next;
  fence_work_init(&next, count);
  fence_queue_work(ordered, &next);
  fence_flush_work(&next);
  EXPECT_TRUE(next.task);
}

TEST_F(Work, ManyItemsFromManyThreads) {
  constexpr int threads = 4, items = 64, rounds = 500;
  static item works[items];
  for (item &work : works) {
    fence_work_init(&work, count);
    work.runs = 0;
  }
  std::atomic<long> queued = 0, cancelled = 0;
  run_together(threads, [&](int thread) {
    for (int i = 0; i < rounds; ++i) {
      item &work = works[(i * 7 + thread * 13) % items];
      queued += fence_queue_work(i % 2 ? queue : ordered, &work);
      if (i % 11 == 0)
        cancelled += thread % 2 ? fence_cancel_work(&work) : fence_cancel_work_sync(&work);
      if (i % 97 == 0)
        fence_flush_work(&work);
    }
  });
  fence_flush_workqueue(queue);
  fence_flush_workqueue(ordered);
  long runs = 0;
  for (item &work : works)
    runs += work.runs;
  EXPECT_EQ(runs, queued - cancelled);
}

} // namespace
