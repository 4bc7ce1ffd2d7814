// Destructors that nobody wrote a call for.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct holds_waiter {
  int Other = 0;
  waiter Member;
};
struct derives_from_waiter : waiter {};
struct polymorphic {
  virtual ~polymorphic();
};
struct polymorphic_waiter final : polymorphic {
  ~polymorphic_waiter() override { wait_for_device(); }
};
struct plain {
  ~plain() {}
};

void bad_local(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { waiter Local; }
}

void bad_temporary(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  waiter();
}

void bad_member(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { holds_waiter Local; }
}

void bad_base(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { derives_from_waiter Local; }
}

void by_value(waiter Parameter) { (void)Parameter; }
void bad_by_value_parameter(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  by_value({});
}

void bad_delete(spin_lock &Lock, waiter *Pointer) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  delete Pointer;
}

void bad_delete_of_base(spin_lock &Lock, polymorphic *Pointer) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  delete Pointer;
}

void bad_delete_array(spin_lock &Lock, waiter *Pointer) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  delete[] Pointer;
}

void bad_array(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { waiter Locals[4]; }
}

void bad_explicit(spin_lock &Lock, waiter &Object) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Object.~waiter();
}

// The guard ends last, whatever was declared after it ends under the lock.
void bad_order(spin_lock &Lock) {
  spin_guard Guard(Lock);
  waiter Local;
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
}

void ok_order(spin_lock &Lock) {
  waiter Local;
  spin_guard Guard(Lock);
}

void ok_harmless_destructors(spin_lock &Lock) {
  spin_guard Guard(Lock);
  plain Local, Locals[3];
  plain();
}

void ok_after_scope(spin_lock &Lock) {
  { spin_guard Guard(Lock); }
  waiter Local;
}

void ok_extended_temporary(spin_lock &Lock) {
  const waiter &Extended = waiter();
  spin_guard Guard(Lock);
  (void)Extended;
}

void ok_reference(spin_lock &Lock, waiter &Object) {
  spin_guard Guard(Lock);
  waiter &Other = Object;
  (void)Other;
}
