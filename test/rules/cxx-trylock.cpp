// A try_lock holds the lock only where its result says so.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

void bad_held(spin_lock &Lock) {
  if (Lock.try_lock()) {
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    wait_for_device();
    Lock.unlock();
  }
}
void bad_early_return(spin_lock &Lock) {
  if (!Lock.try_lock())
    return;
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
  Lock.unlock();
}
static bool wrapped(spin_lock &Lock) { return Lock.try_lock(); }
void bad_wrapped(spin_lock &Lock) {
  const bool Held = wrapped(Lock);
  if (Held) {
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    wait_for_device();
    Lock.unlock();
  }
}
void ok_not_held(spin_lock &Lock) {
  if (Lock.try_lock())
    Lock.unlock();
  else
    wait_for_device();
}
void ok_wrapped(spin_lock &Lock) {
  if (!wrapped(Lock)) {
    wait_for_device();
    return;
  }
  Lock.unlock();
}
