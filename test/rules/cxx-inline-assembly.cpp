// Inline assembly is unknown, and unknown is not a finding; what stands around it is still seen.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

void bad_around(spin_lock &Lock, int Value) {
  spin_guard Guard(Lock);
  asm volatile("" : "+r"(Value) : : "memory");
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}
void bad_after_asm_goto(spin_lock &Lock) {
  spin_guard Guard(Lock);
  asm goto("" : : : : Slow);
  return;
Slow:
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}
void ok_assembly(spin_lock &Lock, int Value) {
  spin_guard Guard(Lock);
  asm volatile("" : "+r"(Value) : : "memory");
}
