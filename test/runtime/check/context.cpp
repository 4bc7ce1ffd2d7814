// What must not happen in atomic context, while signalling, or in a callback; and contexts that are left as they were not entered.
#include "caught.h"
#include "test_fence.h"

#include <fence/memory.h>
#include <thread>

namespace {

fence_spinlock *a_lock() {
  static fence_lock_class lock_class = {"context_test", FENCE_LOCK_SPINS, 0};
  static fence_spinlock lock = FENCE_SPINLOCK_INIT(&lock_class);
  return &lock;
}

/// As a function of a driver that may sleep.
[[gnu::noinline]] void may_sleep() {
  fence_might_sleep();
  asm volatile("");
}

TEST(SleepInAtomic, UnderASpinlockNamesIt) {
  caught reports;
  fence_spin_lock(a_lock());
  may_sleep();
  fence_spin_unlock(a_lock());
  EXPECT_ONE(reports, FENCE_REPORT_SLEEP_IN_ATOMIC, "preemption is disabled");
  EXPECT_NE(reports.all[0].details.find("spinlock 'context_test'"), std::string::npos);
  EXPECT_EQ(reports.all[0].other_title, "the spinlock was taken");
  EXPECT_GT(reports.all[0].other, 0u);
}
TEST(SleepInAtomic, OkAfterTheUnlock) {
  caught reports;
  fence_spin_lock(a_lock());
  fence_spin_unlock(a_lock());
  may_sleep();
  EXPECT_SILENT(reports);
}

struct part {
  const char *name;
  void (*enter)();
  void (*leave)();
  const char *words;
};
unsigned long irq_flags;
const part parts[] = {
    {"preempt", fence_preempt_disable, fence_preempt_enable, "preemption is disabled"},
    {"irqs", [] { irq_flags = fence_irq_save(); }, [] { fence_irq_restore(irq_flags); }, "interrupts are disabled"},
    {"hardirq", fence_hardirq_enter, fence_hardirq_exit, "in a hard interrupt"},
    {"softirq", fence_softirq_enter, fence_softirq_exit, "in a soft interrupt"},
    {"rcu", fence_rcu_read_lock, fence_rcu_read_unlock, "in an RCU read-side section"},
};
class EachPart : public testing::TestWithParam<part> {};
INSTANTIATE_TEST_SUITE_P(Context, EachPart, testing::ValuesIn(parts), [](const auto &info) { return std::string(info.param.name); });

TEST_P(EachPart, MustNotSleep) {
  caught reports;
  GetParam().enter();
  may_sleep();
  GetParam().leave();
  may_sleep();
  EXPECT_ONE(reports, FENCE_REPORT_SLEEP_IN_ATOMIC, GetParam().words);
  EXPECT_GT(reports.all[0].other, 0u);
}
TEST_P(EachPart, NestsSilently) {
  caught reports;
  GetParam().enter();
  unsigned long outer = irq_flags;
  GetParam().enter();
  GetParam().leave();
  irq_flags = outer;
  GetParam().leave();
  EXPECT_FALSE(fence_in_atomic());
  EXPECT_SILENT(reports);
}
TEST_P(EachPart, LeftWithoutEnterIsReportedAndSurvived) {
  caught reports;
  GetParam().leave();
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "which this thread is not in");
  EXPECT_FALSE(fence_in_atomic());
}
TEST_P(EachPart, ThreadEndsInItIsReported) {
  caught reports;
  std::thread([] { GetParam().enter(); }).join();
  EXPECT_ONE(reports, FENCE_REPORT_LEFT_BEHIND, GetParam().words);
}

TEST(Unbalanced, InterruptsGetAnotherStateBack) {
  caught reports;
  unsigned long first = fence_irq_save();
  unsigned long second = fence_irq_save();
  fence_irq_restore(first); // the wrong one: interrupts are on now
  EXPECT_FALSE(fence_irqs_disabled());
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "not the one of the last save");
  fence_forget_reports();
  reports.all.clear();
  fence_irq_restore(second);
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "interrupts off is left");
  EXPECT_FALSE(fence_in_atomic());
}
TEST(Unbalanced, UnlockIrqWhereTheCallerHadThemOff) {
  caught reports;
  unsigned long flags = fence_irq_save();
  fence_spin_lock_irq(a_lock());
  fence_spin_unlock_irq(a_lock()); // interrupts come on, in the caller's section without
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "not the one of the last save");
  EXPECT_FALSE(fence_irqs_disabled());
  (void)flags;
}

TEST(Alloc, ThatMayWaitInAtomic) {
  caught reports;
  fence_spin_lock(a_lock());
  fence_free(fence_alloc(8, FENCE_GFP_KERNEL));
  fence_spin_unlock(a_lock());
  EXPECT_ONE(reports, FENCE_REPORT_ALLOC_IN_ATOMIC, "preemption is disabled");
}
TEST(Alloc, OkAtomicInAtomicAndWaitingInATask) {
  caught reports;
  fence_spin_lock(a_lock());
  fence_free(fence_alloc(8, FENCE_GFP_ATOMIC));
  fence_spin_unlock(a_lock());
  fence_free(fence_alloc(8, FENCE_GFP_KERNEL));
  EXPECT_SILENT(reports);
}
TEST(Alloc, ThatMayWaitWhileSignalling) {
  caught reports;
  bool cookie = dma_fence_begin_signalling();
  fence_free(fence_alloc(8, FENCE_GFP_KERNEL));
  fence_free(fence_alloc(8, FENCE_GFP_ATOMIC));
  dma_fence_end_signalling(cookie);
  EXPECT_ONE(reports, FENCE_REPORT_ALLOC_IN_ATOMIC, "in a fence signalling section");
  EXPECT_EQ(reports.all[0].other_title, "the section was begun");
}

TEST(Signalling, WaitForAFenceInASection) {
  caught reports;
  dma_fence *fence = make_fence();
  bool cookie = dma_fence_begin_signalling();
  dma_fence_wait_timeout(fence, false, 0);
  dma_fence_end_signalling(cookie);
  EXPECT_ONE(reports, FENCE_REPORT_WAIT_WHILE_SIGNALLING, "a fence is waited for");
  dma_fence_signal(fence);
  dma_fence_put(fence);
}
TEST(Signalling, OkToWaitBeforeAndAfterAndToSignalWithin) {
  caught reports;
  dma_fence *fence = make_fence();
  dma_fence_wait_timeout(fence, false, 0);
  bool outer = dma_fence_begin_signalling();
  bool inner = dma_fence_begin_signalling();
  dma_fence_signal(fence);
  dma_fence_end_signalling(inner);
  dma_fence_end_signalling(outer);
  dma_fence_wait(fence, false);
  dma_fence_put(fence);
  EXPECT_FALSE(fence_in_signalling_section());
  EXPECT_SILENT(reports);
}
TEST(Signalling, EndWithoutBegin) {
  caught reports;
  dma_fence_end_signalling(false);
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "that this thread has not begun");
  EXPECT_FALSE(fence_in_signalling_section());
}
TEST(Signalling, EndOnAnotherThread) {
  caught reports;
  bool cookie = dma_fence_begin_signalling();
  std::thread([&] { dma_fence_end_signalling(cookie); }).join();
  dma_fence_end_signalling(cookie);
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "that this thread has not begun");
}
TEST(Signalling, EndWithTheCookieOfAnother) {
  caught reports;
  bool outer = dma_fence_begin_signalling();
  bool inner = dma_fence_begin_signalling();
  dma_fence_end_signalling(outer); // crossed
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "the cookie of another one");
  fence_forget_reports();
  reports.all.clear();
  dma_fence_end_signalling(inner);
  EXPECT_ONE(reports, FENCE_REPORT_UNBALANCED, "the cookie of another one");
  EXPECT_FALSE(fence_in_signalling_section());
}
TEST(Signalling, NeverEnded) {
  caught reports;
  std::thread([] { dma_fence_begin_signalling(); }).join();
  EXPECT_ONE(reports, FENCE_REPORT_LEFT_BEHIND, "in a fence signalling section");
}

TEST(LeftBehind, ThreadEndsWithALock) {
  caught reports;
  fence_spinlock lock;
  fence_spin_lock_init(&lock);
  std::thread([&] { fence_spin_lock(&lock); }).join();
  EXPECT_ONE(reports, FENCE_REPORT_LEFT_BEHIND, "spinlock '&lock'");
}
TEST(LeftBehind, ThreadEndsWithDeferredWork) {
  caught reports;
  static fence_deferred never = {nullptr, [](fence_deferred *) {}};
  std::thread([] {
    fence_preempt_disable();
    fence_defer(&never);
  }).join();
  EXPECT_ONE(reports, FENCE_REPORT_LEFT_BEHIND, "what it has deferred");
}
TEST(LeftBehind, WorkerIsIdleWithALock) {
  caught reports;
  fence_assert_idle("a work item returns");
  EXPECT_SILENT(reports);
  fence_spin_lock(a_lock());
  fence_assert_idle("a work item returns");
  fence_spin_unlock(a_lock());
  EXPECT_ONE(reports, FENCE_REPORT_LEFT_BEHIND, "a work item returns with something held");
}

TEST(Wait, InAtomicIsOneReportAlthoughTheWaitSleepsInside) {
  caught reports;
  dma_fence *fence = make_fence();
  fence_preempt_disable();
  dma_fence_wait_timeout(fence, false, 1);
  fence_preempt_enable();
  EXPECT_ONE(reports, FENCE_REPORT_SLEEP_IN_ATOMIC, "a fence is waited for");
  dma_fence_signal(fence);
  dma_fence_put(fence);
}
TEST(Wait, InAnRcuReader) {
  caught reports;
  dma_fence *fence = make_fence();
  dma_fence_signal(fence);
  fence_rcu_read_lock();
  dma_fence_wait(fence, false); // signalled, so it does not sleep; but it may
  fence_rcu_read_unlock();
  EXPECT_ONE(reports, FENCE_REPORT_SLEEP_IN_ATOMIC, "in an RCU read-side section");
  dma_fence_put(fence);
}

} // namespace
