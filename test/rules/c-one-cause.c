// An accessor that may sleep is called under many locks: one finding where their chains meet, the places named. (Two callers are two: c-two-causes.)
//
// RUN: not %fencelint check %s --rules sleep-in-atomic -- -std=c11 | FileCheck %s --implicit-check-not=warning:
#include "../Inputs/cxx/atomic.h"

static int read_register(int Index) {
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: 'wait_for_device' may sleep where 7 functions of this module get to it in atomic context, such as 'bad_first' while holding spinlock 'lock' [sleep-in-atomic]
  wait_for_device();
  return Index;
}
#define UNDER_LOCK(Name)                                                                                                         \
  int Name(struct spin_lock *lock) {                                                                                             \
    spin_lock(lock);                                                                                                             \
    int Value = read_register(1);                                                                                                \
    spin_unlock(lock);                                                                                                           \
    return Value;                                                                                                                \
  }
// CHECK: :[[#@LINE+1]]:{{.*}}note: 'spin_lock' takes spinlock 'lock' here
UNDER_LOCK(bad_first)
// CHECK: note: the same in 'bad_second'
UNDER_LOCK(bad_second)
UNDER_LOCK(bad_third)
UNDER_LOCK(bad_fourth)
UNDER_LOCK(bad_fifth)
// CHECK: note: the same in 'bad_sixth'
UNDER_LOCK(bad_sixth)
// CHECK: note: and in 1 more places
UNDER_LOCK(bad_seventh)
// CHECK: 1 finding
