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

void bad_leaves_the_function(spin_lock &Lock) {
  spin_guard Guard(Lock);
  waiter Local;
  // CHECK: :[[#@LINE+1]]:{{.*}}'waiter::~waiter' may sleep{{.*}}[sleep-in-atomic]
  throw failed();
}

void ok_leaves_the_function(spin_lock &Lock) {
  waiter Local;
  {
    spin_guard Guard(Lock);
  }
  throw failed();
}

struct picky {
  waiter Member;
  explicit picky(int N) {
    if (N < 0)
      throw failed();
  }
};
struct careless {
  spin_guard Guard;
  waiter Member;
  // CHECK: :[[#@LINE+2]]:{{.*}}'waiter::~waiter' may sleep{{.*}}[sleep-in-atomic]
  explicit careless(spin_lock &Lock) : Guard(Lock) {
    throw failed();
  }
};
struct built_on : waiter {
  explicit built_on(spin_lock &Lock) {
    spin_guard Guard(Lock);
    throw failed(); // the guard ends before the base
  }
};
struct built_on_under_lock : waiter {
  explicit built_on_under_lock(spin_lock &Lock) {
    Lock.lock();
    // CHECK: :[[#@LINE+1]]:{{.*}}'waiter::~waiter' may sleep{{.*}}[sleep-in-atomic]
    throw failed();
  }
};
void *operator new(decltype(sizeof(0)), void *Place) noexcept;
void bad_constructor_throws(spin_lock &Lock, void *Place, int N) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  new (Place) picky(N);
}
void ok_constructor_throws(spin_lock &Lock, void *Place, int N) {
  new (Place) picky(N);
  spin_guard Guard(Lock);
}

// A call that may throw is no place of its own in clang's control-flow graph unless this function catches: what a constructor had built
// before such a call is not seen to end. (Locals end on the normal way too, in the same context.)
struct fragile {
  waiter Member;
  fragile() { may_throw(); }
};
void fn_constructor_throws(spin_lock &Lock, void *Place) {
  spin_guard Guard(Lock);
  new (Place) fragile;
}
