// The allocators' locks are spinlock_t, so on PREEMPT_RT no flag makes an allocation possible under a raw lock. What is wrong on every kernel is
// told once, in the words that it has without --rt.
//
// RUN: not %fencelint check %s --rt -- -std=gnu11 | FileCheck %s --implicit-check-not=warning:
// RUN: not %fencelint check %s --rt --rules=-sleep-in-atomic -- -std=gnu11 | FileCheck %s --check-prefix=OTHERS --implicit-check-not=PREEMPT_RT
// OTHERS: [alloc-in-atomic]
#include "../Inputs/kernel/locks.h"

void *bad_atomic(raw_spinlock_t *raw) {
  raw_spin_lock(raw);
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: '__kmalloc_noprof' may sleep on PREEMPT_RT while holding raw spinlock 'raw' [sleep-in-atomic]
  void *p = __kmalloc_noprof(8, GFP_ATOMIC);
  raw_spin_unlock(raw);
  return p;
}

void bad_free(raw_spinlock_t *raw, void *p) {
  raw_spin_lock(raw);
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: 'kfree' may sleep on PREEMPT_RT while holding raw spinlock 'raw' [sleep-in-atomic]
  kfree(p);
  raw_spin_unlock(raw);
}

void *bad_reclaim(raw_spinlock_t *raw) {
  raw_spin_lock(raw);
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: '__kmalloc_noprof' may allocate with reclaim while holding spinlock 'raw' [alloc-in-atomic]
  void *p = __kmalloc_noprof(8, GFP_KERNEL);
  raw_spin_unlock(raw);
  return p;
}

void bad_mutex(spinlock_t *lock, struct mutex *m) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: 'mutex_lock' may sleep while holding spinlock 'lock' [sleep-in-atomic]
  mutex_lock(m);
  mutex_unlock(m);
  spin_unlock(lock);
}

void *ok_atomic(spinlock_t *lock, void *old) {
  unsigned long flags;
  spin_lock_irqsave(lock, flags);
  kfree(old);
  void *p = __kmalloc_noprof(8, GFP_ATOMIC);
  spin_unlock_irqrestore(lock, flags);
  return p;
}
