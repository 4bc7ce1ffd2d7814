// Work that keeps its object alive while it is pending.
#include "../env/threads.h"

#include <fence/workqueue.hpp>
#include <gtest/gtest.h>

namespace {

class job {
public:
  static inline std::atomic<int> alive = 0;
  job() noexcept { ++alive; }
  void get() noexcept { ++references; }
  void put() noexcept {
    if (--references == 0)
      delete this;
  }
  static void finish(fence::aref<job> self) noexcept {
    self->was_run = true;
    ++finished;
  }
  static inline std::atomic<int> finished = 0;
  std::atomic<int> references = 1;
  std::atomic<bool> was_run = false;
  fence::counted_work<job> finish_work{fence::runs<&job::finish_work, &job::finish>};

private:
  ~job() { --alive; }
};

struct CountedWork : testing::Test {
  fence::workqueue queue = std::move(*fence::workqueue::make(fence::class_of<struct counted_queue>, "counted", {.ordered = true}));
  void SetUp() override { job::finished = 0; }
};

TEST_F(CountedWork, TheFunctionMayHaveTheLastReference) {
  fence::aref<job> one(new job, fence::adopt);
  job *raw = one.get();
  EXPECT_TRUE(raw->finish_work.queue(queue, std::move(one)));
  queue.flush();
  EXPECT_EQ(job::finished, 1);
  EXPECT_EQ(job::alive, 0);
}

TEST_F(CountedWork, IsNotQueuedTwiceAndGivesTheSecondReferenceUp) {
  struct gate {
    std::atomic<bool> may_end = false;
    void wait() noexcept {
      until([this] { return may_end.load(); });
    }
    fence::work item{fence::runs<&gate::item, &gate::wait>};
  } busy;
  busy.item.queue(queue);
  fence::aref<job> one(new job, fence::adopt);
  EXPECT_TRUE(one->finish_work.queue(queue, one));
  EXPECT_FALSE(one->finish_work.queue(queue, one));
  EXPECT_TRUE(one->finish_work.pending());
  EXPECT_EQ(one->references, 2);
  busy.may_end = true;
  one->finish_work.flush();
  EXPECT_EQ(job::finished, 1);
  EXPECT_TRUE(one->was_run);
  queue.flush();
  EXPECT_EQ(one->references, 1);
  EXPECT_TRUE(one->finish_work.schedule(one));
  one->finish_work.flush();
  EXPECT_EQ(job::finished, 2);
}

TEST_F(CountedWork, ManyThreadsMayQueueIt) {
  run_together(4, [&](int) {
    for (int i = 0; i < 200; ++i) {
      fence::aref<job> one(new job, fence::adopt);
      fence::aref<job> other = one;
      one->finish_work.queue(queue, std::move(one));
      other->finish_work.queue(queue, other);
    }
  });
  queue.flush();
  EXPECT_GE(job::finished, 800);
  EXPECT_EQ(job::alive, 0);
}

} // namespace
