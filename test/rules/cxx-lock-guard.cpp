// The standard guards over a lock of one's own.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <mutex>

void bad_lock_guard(spin_lock &Lock) {
  std::lock_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}
void bad_scoped_lock(spin_lock &Lock) {
  std::scoped_lock Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}
void bad_unique_lock(spin_lock &Lock) {
  std::unique_lock Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}
void bad_mutex_under_spinlock(spin_lock &Lock, std::mutex &Mutex) {
  std::lock_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  std::lock_guard Inner(Mutex);
}
void ok_mutex(std::mutex &Mutex) {
  std::lock_guard Guard(Mutex);
  wait_for_device();
}
void ok_after_guard(spin_lock &Lock) {
  { std::lock_guard Guard(Lock); }
  wait_for_device();
}
void ok_unique_lock_unlocked(spin_lock &Lock) {
  std::unique_lock Guard(Lock);
  Guard.unlock();
  wait_for_device();
}
void ok_spinlock_under_mutex(spin_lock &Lock, std::mutex &Mutex) {
  std::lock_guard Guard(Mutex);
  std::lock_guard Inner(Lock);
}
