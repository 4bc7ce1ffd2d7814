// __attribute__((cleanup)) in C: what scoped guards are made of.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

static void wait_at_end(int *value) {
  (void)value;
  wait_for_device();
}
static void unlock_at_end(struct spin_lock **lock) { spin_unlock(*lock); }
static inline struct spin_lock *locked(struct spin_lock *lock) {
  spin_lock(lock);
  return lock;
}
#define SCOPED(lock) __attribute__((cleanup(unlock_at_end), unused)) struct spin_lock *scoped = locked(lock)

void bad_cleanup(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { __attribute__((cleanup(wait_at_end), unused)) int value = 1; }
  spin_unlock(lock);
}

void bad_scoped(struct spin_lock *lock) {
  SCOPED(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}

int bad_early_return(struct spin_lock *lock, int early) {
  SCOPED(lock);
  if (early)
    return 0;
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
  return 1;
}

void ok_scope_ended(struct spin_lock *lock) {
  { SCOPED(lock); }
  wait_for_device();
}

void ok_left_by_goto(struct spin_lock *lock, int early) {
  {
    SCOPED(lock);
    if (early)
      goto out;
  }
out:
  wait_for_device();
}
