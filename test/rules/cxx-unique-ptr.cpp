// std::unique_ptr: what it owns ends with it, unless it was released or moved away.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <memory>
#include <utility>

struct quiet { int Value = 0; ~quiet() {} };
struct wait_deleter { void operator()(int *) const { wait_for_device(); } };

void bad_ends(spin_lock &Lock, std::unique_ptr<waiter> &From) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  { std::unique_ptr<waiter> Owner = std::move(From); }
}
void bad_reset(spin_lock &Lock, std::unique_ptr<waiter> &Owner) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Owner.reset();
}
void bad_deleter(spin_lock &Lock, std::unique_ptr<int, wait_deleter> &Owner) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Owner = nullptr;
}
struct list {
  std::unique_ptr<waiter> First;
  spin_lock Lock;
};
void bad_replaced(list &List, std::unique_ptr<waiter> New) {
  spin_guard Guard(List.Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  List.First = std::move(New);
}
waiter *ok_released(spin_lock &Lock, waiter *Raw) {
  spin_guard Guard(Lock);
  std::unique_ptr<waiter> Owner(Raw);
  return Owner.release();
}
void ok_moved_out(spin_lock &Lock, waiter *Raw) {
  std::unique_ptr<waiter> Inner(Raw);
  std::unique_ptr<waiter> Outer;
  spin_guard Guard(Lock);
  std::unique_ptr<waiter> Moved = std::move(Inner);
  Moved.release();
}
std::unique_ptr<waiter> ok_returned(spin_lock &Lock, waiter *Raw) {
  spin_guard Guard(Lock);
  std::unique_ptr<waiter> Owner(Raw);
  return Owner;
}
void ok_harmless_pointee(spin_lock &Lock, std::unique_ptr<quiet> &Owner) {
  spin_guard Guard(Lock);
  Owner.reset();
}
void ok_moved_into_parameter(spin_lock &Lock, list &List, std::unique_ptr<waiter> New) {
  { spin_guard Guard(Lock); }
  List.First = std::move(New);
}
