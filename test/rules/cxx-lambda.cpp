// A lambda runs where it is called, and its captures end where it ends.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct copied {
  copied();
  copied(const copied &) { wait_for_device(); }
  ~copied() {}
};
template <typename Visit> void visit_under(spin_lock &Lock, Visit Do) {
  spin_guard Guard(Lock);
  Do();
}
template <typename Visit> void visit(Visit Do) { Do(); }

void bad_called(spin_lock &Lock) {
  auto Wait = [] { wait_for_device(); };
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Wait();
}
void bad_immediately(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  [] { wait_for_device(); }();
}
void bad_passed(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  visit([] { wait_for_device(); });
}
void bad_capture_copied(spin_lock &Lock, copied &Object) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  auto Holds = [Object] {};
}
void bad_capture_destroyed(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { auto Holds = [Kept = waiter()] {}; }
}
void bad_init_capture(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  auto Holds = [Value = (wait_for_device(), 1)] { return Value; };
  (void)Holds;
}
void ok_only_made(spin_lock &Lock) {
  spin_guard Guard(Lock);
  auto Wait = [] { wait_for_device(); };
  (void)Wait;
}
void ok_called_after(spin_lock &Lock) {
  auto Wait = [&Lock] { spin_guard Guard(Lock); };
  Wait();
  visit([] { wait_for_device(); });
}
void ok_capture_by_reference(spin_lock &Lock, copied &Object) {
  spin_guard Guard(Lock);
  auto Holds = [&Object] { (void)Object; };
  Holds();
}
void ok_harmless(spin_lock &Lock, int &Count) {
  visit_under(Lock, [&Count] { ++Count; });
}
