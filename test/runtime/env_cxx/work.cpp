// Work items as members: which function runs and where, what the destructors of items and queues wait for.
#include "../env/threads.h"

#include <fence/completion.hpp>
#include <fence/kthread_worker.hpp>
#include <fence/memory.h>
#include <fence/workqueue.hpp>
#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace {

fence::workqueue make_queue(fence::workqueue_options options = {}) {
  auto made = fence::workqueue::make(fence::class_of<struct test_queue>, "test", options);
  EXPECT_TRUE(made);
  return std::move(*made);
}

/// Counts what it is asked to do.
struct engine {
  int before = 1; // So that the items are not at the engine's address.
  std::atomic<int> retired = 0, reset = 0, polled = 0;
  std::atomic<bool> in_task = false;
  std::atomic<engine *> seen = nullptr;

  void retire() noexcept {
    in_task = !fence_in_atomic();
    seen = this;
    ++retired;
  }
  void reset_device(fence::sleepable_token &) noexcept { ++reset; }
  void poll() noexcept { ++polled; }

  fence::work retire_work{fence::runs<&engine::retire_work, &engine::retire>};
  fence::work reset_work{fence::runs<&engine::reset_work, &engine::reset_device>};
  fence::delayed_work poll_work{fence::runs<&engine::poll_work, &engine::poll>};
  fence::kthread_work thread_work{fence::runs<&engine::thread_work, &engine::retire>};
};

TEST(CxxWork, RunsTheMemberFunctionInTaskContext) {
  fence::workqueue queue = make_queue();
  engine one;
  EXPECT_FALSE(one.retire_work.flush());
  EXPECT_TRUE(one.retire_work.queue(queue));
  one.retire_work.flush();
  EXPECT_EQ(one.retired, 1);
  EXPECT_TRUE(one.in_task);
  EXPECT_EQ(one.seen, &one);
  EXPECT_FALSE(one.retire_work.pending());
  EXPECT_TRUE(one.reset_work.schedule()) << "on the system's queue; its function asks for the token";
  one.reset_work.flush();
  EXPECT_EQ(one.reset, 1);
}

/// An item that runs until it is told to end.
struct gate {
  std::atomic<bool> runs = false, may_end = false;
  void wait() noexcept {
    runs = true;
    until([this] { return may_end.load(); });
  }
  fence::work item{fence::runs<&gate::item, &gate::wait>};
};

TEST(CxxWork, IsCancelledWhileItIsPending) {
  fence::workqueue queue = make_queue({.ordered = true});
  gate busy;
  engine one;
  busy.item.queue(queue);
  until([&] { return busy.runs.load(); });
  EXPECT_TRUE(one.retire_work.queue(queue));
  EXPECT_FALSE(one.retire_work.queue(queue));
  EXPECT_TRUE(one.retire_work.pending());
  EXPECT_TRUE(one.retire_work.cancel());
  EXPECT_FALSE(one.retire_work.cancel_sync());
  EXPECT_FALSE(busy.item.cancel()) << "it runs";
  busy.may_end = true;
  queue.flush();
  EXPECT_EQ(one.retired, 0);
}

TEST(CxxWork, ItsEndWaitsForTheFunction) {
  fence::workqueue queue = make_queue();
  std::atomic<bool> ended = false;
  struct slow {
    std::atomic<bool> &ended;
    std::atomic<bool> runs = false;
    fence::completion may_end;
    void wait() noexcept {
      runs = true;
      may_end.wait();
      ended = true;
    }
    fence::work item{fence::runs<&slow::item, &slow::wait>};
    explicit slow(std::atomic<bool> &ended) : ended(ended) {}
  };
  {
    slow one(ended);
    one.item.queue(queue);
    until([&] { return one.runs.load(); });
    one.may_end.complete();
  }
  EXPECT_TRUE(ended);
}

TEST(CxxWorkqueue, ItsEndRunsWhatIsPending) {
  engine one;
  {
    fence::workqueue queue = make_queue({.mem_reclaim = true, .max_active = 2});
    one.retire_work.queue(queue);
    one.poll_work.queue(queue, 1h);
    fence::workqueue moved = std::move(queue);
    EXPECT_EQ(queue.raw(), nullptr);
    queue = std::move(moved);
  }
  EXPECT_EQ(one.retired, 1);
  EXPECT_EQ(one.polled, 1) << "without its delay";
}

TEST(CxxWorkqueue, WithoutMemoryThereIsNone) {
  fence_fail_allocation(0);
  auto none = fence::workqueue::make(fence::class_of<struct no_queue>, "none");
  fence_fail_allocation(0);
  auto no_worker = fence::kthread_worker::make(fence::class_of<struct no_worker>, "none");
  fence_fail_allocation(-1);
  EXPECT_EQ(none.error(), fence::error(ENOMEM));
  EXPECT_EQ(no_worker.error(), fence::error(ENOMEM));
}

TEST(CxxDelayedWork, RunsWhenItsTimeHasCome) {
  fence::workqueue queue = make_queue();
  engine one;
  EXPECT_TRUE(one.poll_work.queue(queue, 1h));
  EXPECT_TRUE(one.poll_work.pending());
  EXPECT_TRUE(one.poll_work.move(queue, 1ms));
  until([&] { return one.polled == 1; });
  EXPECT_TRUE(one.poll_work.queue(queue, 1h));
  EXPECT_TRUE(one.poll_work.flush()) << "does not wait for its time";
  EXPECT_EQ(one.polled, 2);
  EXPECT_TRUE(one.poll_work.schedule(1h));
  EXPECT_TRUE(one.poll_work.cancel());
  EXPECT_TRUE(one.poll_work.queue(queue, 0s));
  one.poll_work.flush();
  EXPECT_EQ(one.polled, 3);
  one.poll_work.queue(queue, 1h);
  EXPECT_TRUE(one.poll_work.cancel_sync());
  one.poll_work.queue(queue, 1h); // Its end cancels it.
}

TEST(CxxKthreadWorker, RunsItsWorkOnItsThread) {
  auto made = fence::kthread_worker::make(fence::class_of<struct test_worker>, "test");
  ASSERT_TRUE(made);
  fence::kthread_worker worker = std::move(*made);
  struct probe {
    std::atomic<pthread_t> thread{};
    void note() noexcept { thread = pthread_self(); }
    fence::kthread_work item{fence::runs<&probe::item, &probe::note>};
  } one;
  EXPECT_TRUE(one.item.queue(worker));
  one.item.flush();
  EXPECT_TRUE(pthread_equal(one.thread, worker.thread()));
  engine other;
  other.thread_work.queue(worker);
  worker.flush();
  EXPECT_EQ(other.retired, 1);
  EXPECT_FALSE(other.thread_work.pending());
  EXPECT_FALSE(other.thread_work.cancel());
  EXPECT_FALSE(other.thread_work.cancel_sync());
}

} // namespace
