// Destructors that run only while an exception propagates.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct failed {};
void may_throw();

void bad_unwinding(spin_lock &Lock, bool Bad) {
  spin_guard Guard(Lock);
  if (Bad) {
    waiter Local;
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    throw failed();
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

// What a constructor had built already is destroyed when the rest of it throws. Clang's control-flow graph has no edges for
// calls that may throw outside of try blocks, so this is not seen.
void fn_constructor_throws(spin_lock &Lock, void *Place) {
  spin_guard Guard(Lock);
  new (Place) fragile;
}
