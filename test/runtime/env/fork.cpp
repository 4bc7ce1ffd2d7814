// A forked child: no threads of the parent, everything starts anew. The child reports by its exit status.
#include "threads.h"

#include <fence/irq.h>
#include <fence/irq_work.h>
#include <fence/workqueue.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {
bool is_child; // whose main thread has not been left in order: no leaks to be found there
}
// Asked by LeakSanitizer before it looks.
extern "C" int __lsan_is_turned_off() { return is_child; }

namespace {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1 // ThreadSanitizer's children may not start threads
#endif
#endif

struct item : fence_delayed_work {
  std::atomic<int> runs = 0;
  std::atomic<bool> may_end = true;
  item() {
    fence_delayed_work_init(this, [](fence_work *work) {
      auto *self = static_cast<item *>(reinterpret_cast<fence_delayed_work *>(work));
      until([&] { return self->may_end.load(); });
      ++self->runs;
    });
  }
};

/// Runs body in a child; what it returns is its exit status.
template <class Body> int in_child(Body body) {
  pid_t child = fork();
  if (child == 0)
    _exit(body());
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class Fork : public testing::Test {
  void SetUp() override {
#ifdef UNDER_TSAN
    GTEST_SKIP() << "ThreadSanitizer's children may not start threads";
#endif
  }
};

TEST_F(Fork, AQueueStartsAnewAndRunsWhatWaited) {
  fence_workqueue *queue = fence_workqueue_alloc("test", FENCE_WQ_ORDERED, 0);
  item busy, waiting, fresh;
  busy.may_end = false;
  fence_queue_work(queue, &busy.work);
  until([&] { return !fence_work_pending(&busy.work); });
  fence_queue_work(queue, &waiting.work);
  EXPECT_EQ(in_child([&] {
              if (fence_flush_work(&busy.work)) // it ran in the parent: done
                return 1;
              fence_queue_work(queue, &fresh.work);
              fence_flush_work(&fresh.work);
              if (waiting.runs != 1 || fresh.runs != 1 || busy.runs != 0)
                return 2;
              fence_workqueue_destroy(queue);
              return 0;
            }),
            0);
  busy.may_end = true;
  fence_workqueue_destroy(queue);
  EXPECT_EQ(waiting.runs, 1);
  EXPECT_EQ(fresh.runs, 0);
}

TEST_F(Fork, AQueueWithoutNewItemsEndsInTheChild) {
  fence_workqueue *queue = fence_workqueue_alloc("test", 0, 2);
  item before, waiting;
  fence_queue_work(queue, &before.work);
  fence_flush_work(&before.work);
  fence_queue_delayed_work(queue, &waiting, 3'600'000);
  EXPECT_EQ(in_child([&] {
              fence_workqueue_destroy(queue);
              return waiting.runs == 1 ? 0 : 1;
            }),
            0);
  fence_workqueue_destroy(queue);
}

TEST_F(Fork, TimersFireOnceTheChildSetsOne) {
  item kept, fresh;
  fence_schedule_work(&fresh.work);
  fence_flush_work(&fresh.work);
  fence_queue_delayed_work(fence_system_workqueue(), &kept, 30);
  EXPECT_EQ(in_child([&] {
              fence_queue_delayed_work(fence_system_workqueue(), &fresh, 1);
              until([&] { return kept.runs == 1 && fresh.runs == 2; });
              return 0;
            }),
            0);
  fence_cancel_delayed_work_sync(&kept);
  fence_cancel_delayed_work_sync(&fresh);
}

TEST_F(Fork, AnInterruptLineIsDeadInTheChild) {
  struct device {
    fence_irq line;
    std::atomic<int> handled = 0;
  } d;
  auto handler = [](void *data) {
    ++static_cast<device *>(data)->handled;
    return FENCE_IRQ_HANDLED;
  };
  ASSERT_EQ(fence_irq_request(&d.line, handler, nullptr, "test-irq", &d), 0);
  EXPECT_EQ(in_child([&] {
              fence_irq_raise(&d.line);
              fence_irq_disable(&d.line);
              fence_irq_enable(&d.line);
              fence_irq_free(&d.line);
              if (d.handled != 0)
                return 1;
              device own;
              if (fence_irq_request(&own.line, handler, nullptr, "test-irq", &own) != 0)
                return 2;
              fence_irq_raise(&own.line);
              until([&] { return own.handled == 1; });
              fence_irq_free(&own.line);
              return 0;
            }),
            0);
  fence_irq_free(&d.line);
}

TEST_F(Fork, AWorkItemMayFork) {
  struct forking : fence_work {
    int status = -1;
  } work;
  fence_work_init(&work, [](fence_work *w) {
    pid_t child = fork();
    is_child = child == 0;
    if (is_child)
      return; // The child's only thread ends with the item, and with it the process.
    waitpid(child, &static_cast<forking *>(w)->status, 0);
  });
  fence_schedule_work(&work);
  fence_flush_work(&work);
  EXPECT_TRUE(WIFEXITED(work.status));
  EXPECT_EQ(WEXITSTATUS(work.status), 0);
}

TEST_F(Fork, WhileOthersUseTheQueues) {
  fence_workqueue *queue = fence_workqueue_alloc("test", 0, 2);
  std::atomic<bool> over = false;
  item works[2];
  std::thread other([&] {
    while (!over)
      for (item &work : works)
        fence_mod_delayed_work(queue, &work, 1);
  });
  for (int round = 0; round < 20; ++round)
    EXPECT_EQ(in_child([&] {
                item own;
                fence_queue_work(queue, &own.work);
                fence_flush_work(&own.work);
                return own.runs == 1 ? 0 : 1;
              }),
              0);
  over = true;
  other.join();
  for (item &work : works)
    fence_cancel_delayed_work_sync(&work);
  fence_workqueue_destroy(queue);
}

} // namespace
