// Locks: their order, their nesting, interrupts, and waiting while they are held.
#include "caught.h"
#include "test_fence.h"

#include "../../../runtime/src/lock_classes.h"

#include <fence/dma-resv.h>
#include <fence/memory.h>
#include <thread>

namespace {

/// A class with locks of its own per test: what the graph has learnt it keeps.
#define CLASS(variable) FENCE_LOCK_CLASS(variable, #variable, FENCE_LOCK_SPINS)
#define SLEEPING_CLASS(variable) FENCE_LOCK_CLASS(variable, #variable, FENCE_LOCK_SLEEPS)

struct spin {
  fence_spinlock lock;
  explicit spin(fence_lock_class *lock_class) { fence_spin_lock_init_class(&lock, lock_class); }
};
/// Two locks, the second under the first.
void take(spin &outer, spin &inner) {
  unsigned long flags = fence_spin_lock_irqsave(&outer.lock);
  fence_spin_lock(&inner.lock);
  fence_spin_unlock(&inner.lock);
  fence_spin_unlock_irqrestore(&outer.lock, flags);
}
/// A lock that sleeps, as a mutex tells the checker.
struct sleeping {
  fence_lock_class *lock_class;
  void lock(unsigned how = 0) {
    fence_might_sleep();
    fence_lock_acquired(lock_class, this, 0, how);
  }
  void unlock() { fence_lock_released(lock_class, this); }
};

TEST(LockOrder, BothWays) {
  CLASS(order_a);
  CLASS(order_b);
  spin a(&order_a), b(&order_b);
  caught reports;
  take(a, b);
  EXPECT_SILENT(reports);
  take(b, a);
  take(b, a);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_ORDER, "'order_a' is taken while holding 'order_b'");
  EXPECT_NE(reports.all[0].details.find("'order_a' -> 'order_b'"), std::string::npos) << reports.all_text();
  EXPECT_GT(reports.all[0].other, 0u);
}
TEST(LockOrder, OneWayAsOftenAsYouLike) {
  CLASS(ordered_a);
  CLASS(ordered_b);
  spin a(&ordered_a), a2(&ordered_a), b(&ordered_b);
  caught reports;
  take(a, b);
  take(a2, b);
  take(a, b);
  EXPECT_SILENT(reports);
}
TEST(LockOrder, ThroughAThirdWithTheChain) {
  CLASS(chain_a);
  CLASS(chain_b);
  CLASS(chain_c);
  spin a(&chain_a), b(&chain_b), c(&chain_c);
  caught reports;
  take(a, b);
  take(b, c);
  take(c, a);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_ORDER, "'chain_a' is taken while holding 'chain_c'");
  EXPECT_NE(reports.all[0].details.find("'chain_a' -> 'chain_b'"), std::string::npos) << reports.all_text();
  EXPECT_NE(reports.all[0].details.find("'chain_b' -> 'chain_c'"), std::string::npos) << reports.all_text();
}
TEST(LockOrder, ATryAddsNone) {
  CLASS(try_a);
  CLASS(try_b);
  spin a(&try_a), b(&try_b);
  caught reports;
  take(a, b);
  unsigned long flags = fence_spin_lock_irqsave(&b.lock);
  EXPECT_TRUE(fence_spin_trylock(&a.lock));
  fence_spin_unlock(&a.lock);
  fence_spin_unlock_irqrestore(&b.lock, flags);
  EXPECT_SILENT(reports);
}
TEST(LockOrder, SeenOnDifferentThreads) {
  CLASS(thread_a);
  CLASS(thread_b);
  spin a(&thread_a), b(&thread_b);
  caught reports;
  std::thread([&] { take(a, b); }).join();
  std::thread([&] { take(b, a); }).join();
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_ORDER, "taken the other way round");
}

TEST(LockRecursion, TheSameLock) {
  CLASS(recursive);
  spin a(&recursive);
  caught reports;
  // It would never come back: the handler gives the lock free.
  reports.then = [&] { __atomic_store_n(&a.lock.word, 0, __ATOMIC_RELEASE); };
  fence_spin_lock(&a.lock);
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  fence_spin_unlock(&a.lock);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_RECURSION, "is taken again by the thread that holds it");
  EXPECT_GT(reports.all[0].other, 0u);
  EXPECT_FALSE(fence_in_atomic());
}
TEST(LockRecursion, TheSameClassWithoutNest) {
  CLASS(same);
  spin a(&same), b(&same);
  caught reports;
  take(a, b);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_RECURSION, "'same'");
}
TEST(LockRecursion, OkWithNest) {
  CLASS(nested);
  spin a(&nested), b(&nested);
  caught reports;
  for (int i = 0; i < 2; ++i) {
    fence_spin_lock(&a.lock);
    fence_spin_lock_nested(&b.lock, 1);
    fence_spin_unlock(&b.lock);
    fence_spin_unlock(&a.lock);
  }
  EXPECT_SILENT(reports);
}
TEST(LockRecursion, NestHasAnOrderOfItsOwn) {
  CLASS(crossed);
  spin a(&crossed), b(&crossed);
  caught reports;
  fence_spin_lock(&a.lock);
  fence_spin_lock_nested(&b.lock, 1);
  fence_spin_unlock(&b.lock);
  fence_spin_unlock(&a.lock);
  fence_spin_lock_nested(&b.lock, 1);
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  fence_spin_unlock(&b.lock);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_ORDER, "'crossed' is taken while holding 'crossed' (nested, 1)");
}
TEST(LockRecursion, OkWhenTheirOrderIsDecidedOtherwise) {
  sleeping a{&dma_resv_ww_class.mutex_class}, b{&dma_resv_ww_class.mutex_class};
  caught reports;
  a.lock(FENCE_ACQUIRE_ORDERED);
  b.lock(FENCE_ACQUIRE_ORDERED);
  a.unlock();
  b.unlock();
  EXPECT_SILENT(reports);
}
TEST(LockRecursion, OkToReadAgain) {
  SLEEPING_CLASS(read_again);
  sleeping a{&read_again};
  caught reports;
  a.lock(FENCE_ACQUIRE_READ);
  a.lock(FENCE_ACQUIRE_READ);
  a.unlock();
  a.unlock();
  EXPECT_SILENT(reports);
}

TEST(NotHeld, UnlockByAnotherThread) {
  CLASS(foreign);
  spin a(&foreign);
  caught reports;
  fence_spin_lock(&a.lock);
  std::thread([&] {
    fence_spin_unlock(&a.lock);
    EXPECT_FALSE(fence_in_atomic());
  }).join();
  EXPECT_ONE(reports, FENCE_REPORT_NOT_HELD, "spinlock 'foreign' is given back by a thread that does not hold it");
  fence_spin_unlock(&a.lock);
}
TEST(NotHeld, UnlockTwice) {
  CLASS(twice);
  spin a(&twice);
  caught reports;
  unsigned long flags = fence_spin_lock_irqsave(&a.lock);
  fence_spin_unlock_irqrestore(&a.lock, flags);
  fence_spin_unlock_irqrestore(&a.lock, flags);
  EXPECT_ONE(reports, FENCE_REPORT_NOT_HELD, "'twice'");
  EXPECT_FALSE(fence_in_atomic());
}
TEST(NotHeld, Assertion) {
  CLASS(asserted);
  spin a(&asserted);
  caught reports;
  fence_spin_lock(&a.lock);
  fence_assert_held(&a.lock);
  fence_spin_unlock(&a.lock);
  EXPECT_SILENT(reports);
  fence_assert_held(&a.lock);
  EXPECT_ONE(reports, FENCE_REPORT_NOT_HELD, "has to be held here");
}
TEST(NotHeld, SignalLockedWithoutTheLock) {
  caught reports;
  dma_fence *fence = make_fence();
  dma_fence_signal_locked(fence);
  EXPECT_ONE(reports, FENCE_REPORT_NOT_HELD, "has to be held here");
  dma_fence_put(fence);
}

TEST(LockIrq, TakenInAnInterruptAndWithInterruptsOn) {
  CLASS(irq_unsafe);
  spin a(&irq_unsafe);
  caught reports;
  fence_hardirq_enter();
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  fence_hardirq_exit();
  EXPECT_SILENT(reports);
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_IRQ, "'irq_unsafe' is taken in a hard interrupt, and also where that interrupt could come");
  EXPECT_EQ(reports.all[0].other_title, "it was taken in the interrupt");
}
TEST(LockIrq, TheOtherWayRound) {
  CLASS(irq_late);
  spin a(&irq_late);
  caught reports;
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  fence_softirq_enter();
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  fence_softirq_exit();
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_IRQ, "is taken in a soft interrupt");
  EXPECT_EQ(reports.all[0].other_title, "it was taken with interrupts on");
}
TEST(LockIrq, OkWithIrqsave) {
  CLASS(irq_safe);
  spin a(&irq_safe);
  caught reports;
  fence_hardirq_enter();
  fence_spin_lock(&a.lock);
  fence_spin_unlock(&a.lock);
  fence_hardirq_exit();
  unsigned long flags = fence_spin_lock_irqsave(&a.lock);
  fence_spin_unlock_irqrestore(&a.lock, flags);
  EXPECT_SILENT(reports);
}
TEST(LockIrq, ItsHolderWaitsForOneThatIsTakenWithInterruptsOn) {
  CLASS(irq_outer);
  CLASS(irq_inner);
  spin outer(&irq_outer), inner(&irq_inner);
  caught reports;
  fence_hardirq_enter();
  fence_spin_lock(&outer.lock);
  fence_spin_unlock(&outer.lock);
  fence_hardirq_exit();
  fence_spin_lock(&inner.lock); // interrupts are on
  fence_spin_unlock(&inner.lock);
  EXPECT_SILENT(reports);
  take(outer, inner);
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_IRQ, "'irq_outer' is taken in a hard interrupt, and 'irq_inner'");
}

TEST(HeldWhileWaiting, TheSignallingSectionNeedsTheLock) {
  SLEEPING_CLASS(shared_state);
  sleeping lock{&shared_state};
  caught reports;
  bool cookie = dma_fence_begin_signalling();
  lock.lock();
  lock.unlock();
  dma_fence_end_signalling(cookie);
  EXPECT_SILENT(reports);
  dma_fence *fence = make_fence();
  lock.lock();
  dma_fence_wait_timeout(fence, false, 0);
  lock.unlock();
  EXPECT_ONE(reports, FENCE_REPORT_HELD_WHILE_WAITING, "'dma_fence_signalling' is waited for while holding 'shared_state'");
  dma_fence_signal(fence);
  dma_fence_put(fence);
}
TEST(HeldWhileWaiting, FoundTheOtherWayRoundToo) {
  SLEEPING_CLASS(waited_first);
  sleeping lock{&waited_first};
  caught reports;
  dma_fence *fence = make_fence();
  lock.lock();
  dma_fence_wait_timeout(fence, false, 0);
  lock.unlock();
  EXPECT_SILENT(reports);
  bool cookie = dma_fence_begin_signalling();
  lock.lock();
  lock.unlock();
  dma_fence_end_signalling(cookie);
  EXPECT_ONE(reports, FENCE_REPORT_HELD_WHILE_WAITING, "'waited_first'");
  dma_fence_signal(fence);
  dma_fence_put(fence);
}
TEST(HeldWhileWaiting, OkWhenNoSignallingSectionTakesIt) {
  SLEEPING_CLASS(submit_only);
  sleeping lock{&submit_only};
  caught reports;
  dma_fence *fence = make_fence();
  lock.lock();
  dma_fence_wait_timeout(fence, false, 0);
  lock.unlock();
  EXPECT_SILENT(reports);
  dma_fence_signal(fence);
  dma_fence_put(fence);
}
TEST(HeldWhileWaiting, OkToBeginSignallingUnderALock) {
  SLEEPING_CLASS(around_section);
  sleeping lock{&around_section};
  caught reports;
  lock.lock();
  bool cookie = dma_fence_begin_signalling();
  dma_fence_end_signalling(cookie);
  lock.unlock();
  cookie = dma_fence_begin_signalling();
  lock.lock();
  lock.unlock();
  dma_fence_end_signalling(cookie);
  EXPECT_SILENT(reports);
}
TEST(HeldWhileWaiting, AllocationUnderALockOfTheSignallingPath) {
  SLEEPING_CLASS(allocates_under);
  sleeping lock{&allocates_under};
  caught reports;
  bool cookie = dma_fence_begin_signalling();
  lock.lock();
  lock.unlock();
  dma_fence_end_signalling(cookie);
  lock.lock();
  fence_free(fence_alloc(8, FENCE_GFP_KERNEL));
  lock.unlock();
  EXPECT_ONE(reports, FENCE_REPORT_HELD_WHILE_WAITING, "'fs_reclaim' is waited for while holding 'allocates_under'");
  EXPECT_NE(reports.all[0].details.find("(known from the start)"), std::string::npos) << reports.all_text();
}

TEST(Primed, ReservationInASignallingSection) {
  sleeping resv{&dma_resv_ww_class.mutex_class};
  caught reports;
  bool cookie = dma_fence_begin_signalling();
  resv.lock(FENCE_ACQUIRE_ORDERED);
  resv.unlock();
  dma_fence_end_signalling(cookie);
  EXPECT_ONE(reports, FENCE_REPORT_HELD_WHILE_WAITING, "'reservation'");
}
TEST(Primed, ReservationBeforeTheAddressSpace) {
  sleeping resv{&dma_resv_ww_class.mutex_class}, mmap{&fence::mmap_lock_class};
  caught reports;
  mmap.lock(FENCE_ACQUIRE_READ);
  resv.lock(FENCE_ACQUIRE_ORDERED);
  resv.unlock();
  mmap.unlock();
  EXPECT_SILENT(reports);
  resv.lock(FENCE_ACQUIRE_ORDERED);
  mmap.lock(FENCE_ACQUIRE_READ);
  mmap.unlock();
  resv.unlock();
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_ORDER, "'mmap_lock' is taken while holding 'reservation'");
}
TEST(Primed, LockInReclaimThatIsHeldWhileAllocating) {
  SLEEPING_CLASS(shrinker_lock);
  sleeping lock{&shrinker_lock};
  caught reports;
  fence_lock_acquired(&fence::reclaim_class, &fence::reclaim_class, 0, 0);
  lock.lock();
  lock.unlock();
  fence_lock_released(&fence::reclaim_class, &fence::reclaim_class);
  lock.lock();
  fence_free(fence_alloc(8, FENCE_GFP_KERNEL));
  lock.unlock();
  EXPECT_ONE(reports, FENCE_REPORT_HELD_WHILE_WAITING, "'fs_reclaim' is waited for while holding 'shrinker_lock'");
}

void take_and_give_back(fence_lock_class &lock_class, unsigned count) {
  static char locks[4100];
  for (unsigned i = 0; i < count; ++i)
    fence_lock_acquired(&lock_class, &locks[i], 0, FENCE_ACQUIRE_TRY);
  for (unsigned i = 0; i < count; ++i)
    fence_lock_released(&lock_class, &locks[i]);
}
TEST(Capacity, AsManyLocksAsABigSubmissionTakes) {
  SLEEPING_CLASS(many);
  caught reports;
  take_and_give_back(many, 4096);
  EXPECT_SILENT(reports);
  fence_lock_released(&many, &many);
  EXPECT_ONE(reports, FENCE_REPORT_NOT_HELD, "'many' is given back by a thread that does not hold it");
}
TEST(Capacity, MoreLocksThanFit) {
  SLEEPING_CLASS(many);
  caught reports;
  take_and_give_back(many, 4100);
  EXPECT_ONE(reports, FENCE_REPORT_CAPACITY, "more than 4096 locks");
}

} // namespace
