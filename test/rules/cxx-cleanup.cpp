// __attribute__((cleanup)): a C destructor.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

static void wait_at_end(int *) { wait_for_device(); }
static void count_at_end(int *Count) { ++*Count; }
static void unlock_at_end(spin_lock **Lock) { (*Lock)->unlock(); }

void bad_cleanup(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { __attribute__((cleanup(wait_at_end))) int Value = 1; (void)Value; }
}

void bad_before_cleanup_unlocks(spin_lock &Lock) {
  Lock.lock();
  __attribute__((cleanup(unlock_at_end))) spin_lock *Held = &Lock;
  (void)Held;
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}

void ok_cleanup_unlocked(spin_lock &Lock) {
  {
    Lock.lock();
    __attribute__((cleanup(unlock_at_end))) spin_lock *Held = &Lock;
    (void)Held;
  }
  wait_for_device();
}

void ok_cleanup(spin_lock &Lock) {
  spin_guard Guard(Lock);
  __attribute__((cleanup(count_at_end))) int Value = 1;
  (void)Value;
}
