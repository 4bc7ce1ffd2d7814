// What constant conditions leave out is no code.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

constexpr bool Debug = false;
enum { Enabled = 1 };
#define WAIT_WHEN_DEBUGGING 0

void bad_living_branches(spin_lock &Lock) {
  spin_guard Guard(Lock);
  if constexpr (!Debug)
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    wait_for_device();
}
void bad_enabled(spin_lock &Lock) {
  spin_guard Guard(Lock);
  if (Enabled)
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    wait_for_device();
}
void ok_if_constexpr(spin_lock &Lock) {
  spin_guard Guard(Lock);
  if constexpr (Debug)
    wait_for_device();
}
void ok_if_zero(spin_lock &Lock) {
  spin_guard Guard(Lock);
  if (0)
    wait_for_device();
}
void ok_macro(spin_lock &Lock, bool Other) {
  spin_guard Guard(Lock);
  if (WAIT_WHEN_DEBUGGING && Other)
    wait_for_device();
}
void ok_not_enabled(spin_lock &Lock) {
  spin_guard Guard(Lock);
  Enabled ? (void)0 : wait_for_device();
}
void ok_unevaluated(spin_lock &Lock) {
  spin_guard Guard(Lock);
  static_assert(noexcept(wait_for_device()) || true);
  (void)sizeof(wait_for_device(), 1);
}
void ok_while_zero(spin_lock &Lock) {
  spin_guard Guard(Lock);
  while (0)
    wait_for_device();
  for (; false;)
    wait_for_device();
}
void ok_consteval(spin_lock &Lock) {
  spin_guard Guard(Lock);
  switch (Enabled) {
  case 0:
    wait_for_device();
    break;
  default:
    break;
  }
}
