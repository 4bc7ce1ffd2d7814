// Irq work: after the atomic section, in an interrupt's context, without nesting.
#include "threads.h"

#include <fence/irq_work.h>
#include <fence/spinlock.h>
#include <gtest/gtest.h>
#include <memory>

namespace {

struct counted : fence_irq_work {
  int runs = 0;
  bool in_interrupt = false, atomic = false;
};
void count(fence_irq_work *work) {
  auto *self = static_cast<counted *>(work);
  ++self->runs;
  self->in_interrupt = fence_in_interrupt();
  self->atomic = fence_in_atomic();
}

TEST(IrqWork, RunsAtOnceWhereNothingIsAtomic) {
  counted work;
  fence_irq_work_init(&work, count);
  EXPECT_TRUE(fence_irq_work_queue(&work));
  EXPECT_EQ(work.runs, 1);
  EXPECT_TRUE(work.in_interrupt);
  EXPECT_TRUE(work.atomic);
  EXPECT_FALSE(fence_in_interrupt());
}

TEST(IrqWork, WaitsForTheEndOfTheOutermostAtomicSection) {
  counted work;
  fence_irq_work_init(&work, count);
  fence_spinlock lock;
  fence_spin_lock_init(&lock);
  fence_preempt_disable();
  fence_spin_lock(&lock);
  EXPECT_TRUE(fence_irq_work_queue(&work));
  EXPECT_FALSE(fence_irq_work_queue(&work));
  fence_spin_unlock(&lock);
  EXPECT_TRUE(fence_irq_work_pending(&work));
  EXPECT_EQ(work.runs, 0);
  fence_preempt_enable();
  EXPECT_EQ(work.runs, 1);
  EXPECT_FALSE(fence_irq_work_pending(&work));
}

// Each one queues the next: with recursion the stack would not do.
TEST(IrqWork, AChainNeedsNoStack) {
  struct link : fence_irq_work {
    link *next;
    int *depth, *deepest, *runs;
  };
  constexpr int length = 200'000;
  int depth = 0, deepest = 0, runs = 0;
  auto chain = std::make_unique<link[]>(length);
  for (int i = 0; i < length; ++i) {
    fence_irq_work_init(&chain[i], [](fence_irq_work *work) {
      auto *self = static_cast<link *>(work);
      *self->deepest = std::max(*self->deepest, ++*self->depth);
      ++*self->runs;
      if (self->next)
        fence_irq_work_queue(self->next);
      --*self->depth;
    });
    chain[i].next = i + 1 < length ? &chain[i + 1] : nullptr;
    chain[i].depth = &depth;
    chain[i].deepest = &deepest;
    chain[i].runs = &runs;
  }
  fence_irq_work_queue(&chain[0]);
  EXPECT_EQ(runs, length);
  EXPECT_EQ(deepest, 1);
}

TEST(IrqWork, MayFreeItself) {
  auto *work = new counted;
  fence_irq_work_init(work, [](fence_irq_work *self) { delete static_cast<counted *>(self); });
  EXPECT_TRUE(fence_irq_work_queue(work));
}

TEST(IrqWork, CanBeQueuedAgainByItself) {
  counted work;
  fence_irq_work_init(&work, [](fence_irq_work *self) {
    if (++static_cast<counted *>(self)->runs < 3) {
      EXPECT_TRUE(fence_irq_work_queue(self));
    }
  });
  fence_irq_work_queue(&work);
  EXPECT_EQ(work.runs, 3);
}

TEST(IrqWork, SyncWaitsUntilItHasRun) {
  for (int round = 0; round < 300; ++round) {
    auto work = std::make_unique<counted>();
    fence_irq_work_init(work.get(), count);
    std::atomic<bool> queued = false;
    std::thread other([&, w = work.get()] {
      fence_preempt_disable();
      fence_irq_work_queue(w);
      queued = true;
      fence_preempt_enable();
    });
    until([&] { return queued.load(); });
    fence_irq_work_sync(work.get());
    EXPECT_EQ(work->runs, 1);
    work.reset(); // nobody touches it any more
    other.join();
  }
}

TEST(IrqWork, IsNotLostWhenManyQueueIt) {
  struct shared_work : fence_irq_work {
    std::atomic<long> runs = 0;
  } work;
  fence_irq_work_init(&work, [](fence_irq_work *self) { ++static_cast<shared_work *>(self)->runs; });
  std::atomic<long> queued = 0;
  run_together(3, [&](int) {
    for (int i = 0; i < 5000; ++i) {
      fence_preempt_disable();
      queued += fence_irq_work_queue(&work);
      fence_preempt_enable();
    }
  });
  fence_irq_work_sync(&work);
  EXPECT_EQ(work.runs, queued);
}

} // namespace
