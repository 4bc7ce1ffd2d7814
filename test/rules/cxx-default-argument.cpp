// A default argument is evaluated by the caller, under the caller's locks.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

int waits_for_number() { wait_for_device(); return 1; }
void store(int Value = waits_for_number()) { (void)Value; }

void bad_default(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  store();
}
void ok_given(spin_lock &Lock) {
  spin_guard Guard(Lock);
  store(1);
}
void ok_before(spin_lock &Lock) {
  store();
  spin_guard Guard(Lock);
}
