// Statement expressions: scopes, results and jumps inside an expression.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#define LOCKED(lock, expression) ({ spin_guard Guard(lock); (expression); })

int waits() { wait_for_device(); return 1; }
int quick() { return 2; }

int bad_inside(spin_lock &Lock) {
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  return LOCKED(Lock, waits());
}
int bad_nested(spin_lock &Lock, int Value) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  return Value + ({ int Sum = Value; Sum += waits(); Sum; });
}
int ok_inside(spin_lock &Lock) { return LOCKED(Lock, quick()); }
int ok_after(spin_lock &Lock) {
  int Value = LOCKED(Lock, quick());
  return Value + waits();
}
int ok_condition(spin_lock &Lock, int Value) {
  spin_guard Guard(Lock);
  return ({ int Never = 0; Never; }) ? waits() : Value;
}
