// Destructors that run only while an exception propagates.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct failed {};
void may_throw();

void bad_unwinding(spin_lock &Lock) {
  spin_guard Guard(Lock);
  try {
    waiter Local;
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    throw failed();
  } catch (const failed &) {
  }
}

void ok_unwinding_past_the_lock(spin_lock &Lock, bool Bad) {
  waiter Local;
  spin_guard Guard(Lock);
  if (Bad)
    throw failed();
}

void ok_caught_before(spin_lock &Lock, bool Bad) {
  try {
    waiter Local;
    if (Bad)
      throw failed();
  } catch (const failed &) {
    spin_guard Guard(Lock);
  }
}

struct fragile {
  waiter Member;
  fragile() { may_throw(); }
};
void *operator new(decltype(sizeof(0)), void *Place) noexcept;

// Clang's control-flow graph follows an exception inside the function that catches it. What ends on the way out of a function is
// not in it: neither the locals of one that only throws, nor what a constructor had built before the rest of it threw.
void fn_leaves_the_function(spin_lock &Lock) {
  spin_guard Guard(Lock);
  waiter Local;
  throw failed();
}
void fn_constructor_throws(spin_lock &Lock, void *Place) {
  spin_guard Guard(Lock);
  new (Place) fragile;
}
