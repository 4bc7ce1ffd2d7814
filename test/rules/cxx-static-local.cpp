// A static local with dynamic initialisation has a guard, and whoever comes second waits for the first.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

int compute() noexcept;
int waits() { wait_for_device(); return 1; }
struct needs_code { needs_code() noexcept {} };
struct constant { int Value = 3; };
struct zeroes { int Value; };

int bad_guard(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  static int Value = compute();
  return Value;
}
int ok_constant(spin_lock &Lock) {
  spin_guard Guard(Lock);
  static int Value = 0;
  static constant Object;
  static zeroes Zeroes;
  static int Zero;
  return Value + Object.Value + Zeroes.Value + Zero;
}
int ok_before(spin_lock &Lock) {
  static int Value = waits();
  spin_guard Guard(Lock);
  return Value;
}
