// std::shared_ptr: the last owner ends the object, and nobody knows who that is.
//
// RUN: %check-rule %s blocking-drop --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <memory>

struct quiet { int Value = 0; };

void bad_ends(spin_lock &Lock, const std::shared_ptr<waiter> &From) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  { std::shared_ptr<waiter> Owner = From; }
}
void bad_reset(spin_lock &Lock, std::shared_ptr<waiter> &Owner) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  Owner.reset();
}
void bad_assigned(spin_lock &Lock, std::shared_ptr<waiter> &Owner, const std::shared_ptr<waiter> &Other) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  Owner = Other;
}
void bad_captured(spin_lock &Lock, const std::shared_ptr<waiter> &From) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  { auto Holds = [From] {}; }
}
void ok_harmless_object(spin_lock &Lock, std::shared_ptr<quiet> &Owner) {
  spin_guard Guard(Lock);
  Owner.reset();
}
void ok_ends_outside(spin_lock &Lock, const std::shared_ptr<waiter> &From) {
  std::shared_ptr<waiter> Owner = From;
  spin_guard Guard(Lock);
}
void ok_moved_out(spin_lock &Lock, std::shared_ptr<waiter> Owner) {
  std::shared_ptr<waiter> Outer = std::move(Owner);
  spin_guard Guard(Lock);
}
