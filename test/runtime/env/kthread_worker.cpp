// A worker thread of one's own.
#include "threads.h"

#include <fence/kthread_worker.h>
#include <fence/memory.h>
#include <gtest/gtest.h>

namespace {

struct item : fence_kthread_work {
  std::atomic<int> runs = 0;
  pthread_t where{};
  std::atomic<bool> may_end = true;
  item() {
    fence_kthread_work_init(this, [](fence_kthread_work *work) {
      auto *self = static_cast<item *>(work);
      self->where = pthread_self();
      until([&] { return self->may_end.load(); });
      ++self->runs;
    });
  }
};

TEST(KthreadWorker, RunsEverythingOnItsThread) {
  fence_kthread_worker *worker = fence_kthread_worker_create("test");
  ASSERT_NE(worker, nullptr);
  item works[3];
  for (item &work : works)
    EXPECT_TRUE(fence_kthread_queue_work(worker, &work));
  fence_kthread_flush_worker(worker);
  for (item &work : works) {
    EXPECT_EQ(work.runs, 1);
    EXPECT_TRUE(pthread_equal(work.where, fence_kthread_worker_thread(worker)));
  }
  EXPECT_FALSE(fence_kthread_flush_work(&works[0]));
  fence_kthread_worker_destroy(worker);
}

TEST(KthreadWorker, CancelsAndRunsTheRestAtItsEnd) {
  fence_kthread_worker *worker = fence_kthread_worker_create("test");
  item busy, cancelled, waited_for, left;
  busy.may_end = false;
  fence_kthread_queue_work(worker, &busy);
  for (item *work : {&cancelled, &waited_for, &left})
    EXPECT_TRUE(fence_kthread_queue_work(worker, work));
  EXPECT_FALSE(fence_kthread_queue_work(worker, &left));
  EXPECT_TRUE(fence_kthread_cancel_work(&cancelled));
  EXPECT_FALSE(fence_kthread_cancel_work_sync(&cancelled));
  busy.may_end = true;
  EXPECT_TRUE(fence_kthread_flush_work(&waited_for) || waited_for.runs == 1);
  fence_kthread_worker_destroy(worker);
  EXPECT_EQ(cancelled.runs, 0);
  EXPECT_EQ(waited_for.runs, 1);
  EXPECT_EQ(left.runs, 1);
}

TEST(KthreadWorker, NeedsMemory) {
  fence_fail_allocation(0);
  EXPECT_EQ(fence_kthread_worker_create("test"), nullptr);
  fence_fail_allocation(-1);
  fence_kthread_worker_destroy(nullptr);
}

} // namespace
