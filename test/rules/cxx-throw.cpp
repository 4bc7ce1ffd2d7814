// A throw allocates the exception.
//
// RUN: %check-rule %s alloc-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct failed {};

void bad_throw(spin_lock &Lock, bool Bad) {
  spin_guard Guard(Lock);
  if (Bad)
    // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
    throw failed();
}
static void check(bool Bad) {
  if (Bad)
    throw failed();
}
void bad_throw_in_callee(spin_lock &Lock, bool Bad) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  check(Bad);
}
void ok_throw_outside(spin_lock &Lock, bool Bad) {
  { spin_guard Guard(Lock); }
  if (Bad)
    throw failed();
}
void ok_error_code(spin_lock &Lock, bool Bad, int &Error) {
  spin_guard Guard(Lock);
  if (Bad)
    Error = -1;
}
