// Flags decide, through any number of calls, or-ed and masked; flags that nobody knows are not guessed.
//
// RUN: %check-rule %s alloc-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

static void *zalloc(unsigned long size, gfp_t gfp) { return __kmalloc_noprof(size, gfp | __GFP_ZERO); }
static void *outer(gfp_t gfp) { return zalloc(16, gfp); }
static void *never_waits(gfp_t gfp) { return zalloc(16, gfp & ~0x400u); }
struct params { gfp_t gfp; };

void bad_kernel(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'outer' may allocate with reclaim{{.*}}[alloc-in-atomic]
  outer(GFP_KERNEL);
  spin_unlock(lock);
}
void ok_atomic(spinlock_t *lock) {
  spin_lock(lock);
  outer(GFP_ATOMIC);
  outer(GFP_NOWAIT);
  spin_unlock(lock);
}
void ok_masked(spinlock_t *lock) {
  spin_lock(lock);
  never_waits(GFP_KERNEL);
  spin_unlock(lock);
}
void ok_unknown_flags(spinlock_t *lock, struct params *p) {
  spin_lock(lock);
  outer(p->gfp);
  spin_unlock(lock);
}
static void *under_lock(spinlock_t *lock, gfp_t gfp) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'outer' may allocate with reclaim{{.*}}while holding spinlock{{.*}}[alloc-in-atomic]
  void *p = outer(gfp);
  spin_unlock(lock);
  return p;
}
void bad_caller_decides(spinlock_t *lock) { under_lock(lock, GFP_KERNEL); }
void ok_caller_decides(spinlock_t *lock) { under_lock(lock, GFP_ATOMIC); }
