// Constructors, member initialisers, default member initialisers, delegation, bases.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

int waits_for_number() { wait_for_device(); return 1; }

struct in_body { in_body() { wait_for_device(); } };
struct in_member { in_body Member; };
struct in_base : in_body {};
struct in_initialiser { int Value; in_initialiser() : Value(waits_for_number()) {} };
struct in_default_initialiser { int Value = waits_for_number(); };
struct default_not_used { int Value = waits_for_number(); explicit default_not_used(int Given) : Value(Given) {} };
int waits_too() { wait_for_device(); return 2; }
struct delegates { int Value; delegates() : delegates(waits_too()) {} explicit delegates(int V) : Value(V) {} };
struct converts { converts(int) { wait_for_device(); } };
struct harmless_one { int Value = 3; harmless_one() {} };
void takes(converts) {}

void bad_body(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  in_body Object;
}
void bad_member(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  in_member Object;
}
void bad_base(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  in_base Object;
}
void bad_initialiser(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  in_initialiser Object;
}
void bad_default_initialiser(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  in_default_initialiser Object;
}
void bad_aggregate(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  struct { int Value = waits_for_number(); } Object{};
  (void)Object;
}
void bad_delegating(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  delegates Object;
}
void bad_conversion(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  takes(1);
}
void ok_default_not_used(spin_lock &Lock) {
  spin_guard Guard(Lock);
  default_not_used Object(1);
}
void ok_aggregate_given(spin_lock &Lock) {
  spin_guard Guard(Lock);
  in_default_initialiser Object{1};
  (void)Object;
}
void ok_other_constructor(spin_lock &Lock) {
  spin_guard Guard(Lock);
  delegates Object(1);
  harmless_one Other;
}
void ok_before(spin_lock &Lock) {
  in_body Object;
  spin_guard Guard(Lock);
}
