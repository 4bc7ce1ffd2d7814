// An interrupt handler that reaches what many others reach under locks is one more place of that cause; alone it is its own.
//
// RUN: not %fencelint check %s --rules sleep-in-atomic -- -std=c11 | FileCheck %s --implicit-check-not=warning:
#include "../Inputs/cxx/atomic.h"

void on_interrupt(int line, FENCE_RUNS_IN("runtime-interrupt") void (*handler)(void *), void *data);

static void write_register(int index) {
  // CHECK: :[[#@LINE+2]]:{{.*}}warning: 'wait_for_device' may sleep where 5 functions of this module get to it in atomic context; 'bad_handler' is stored in 'on_interrupt'
  // CHECK: note: 'bad_handler' is stored in 'on_interrupt'
  wait_for_device();
}
static void reset(void) { wait_for_device(); }
#define UNDER_LOCK(Name)                                                                                                         \
  void Name(struct spin_lock *lock) {                                                                                            \
    spin_lock(lock);                                                                                                             \
    write_register(1);                                                                                                           \
    spin_unlock(lock);                                                                                                           \
  }
UNDER_LOCK(bad_first)
UNDER_LOCK(bad_second)
UNDER_LOCK(bad_third)
UNDER_LOCK(bad_fourth)

static void bad_handler(void *data) { write_register(2); }
// CHECK: :[[#@LINE+1]]:{{.*}}warning: 'reset' may sleep (in 'wait_for_device'), but 'bad_alone' is stored in 'on_interrupt'
static void bad_alone(void *data) { reset(); }
void start(void) {
  on_interrupt(1, bad_handler, 0);
  on_interrupt(2, bad_alone, 0);
}
// CHECK: 2 findings
