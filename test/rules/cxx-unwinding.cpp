// Destructors that run only while an exception propagates.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

void may_throw();
void cannot_throw() noexcept;

struct fragile {
  waiter Member;
  fragile() { may_throw(); }
};
struct sturdy {
  waiter Member;
  sturdy() noexcept { cannot_throw(); }
};
void *operator new(decltype(sizeof(0)), void *Place) noexcept;

void bad_unwinding(spin_lock &Lock, void *Place) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  new (Place) fragile;
}

void ok_noexcept(spin_lock &Lock, void *Place) {
  spin_guard Guard(Lock);
  new (Place) sturdy;
}
