// A function that asks its caller whether it may sleep.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

void flush(bool CanSleep) {
  if (CanSleep)
    wait_for_device();
}
void flush_by_default(bool CanSleep = false) { flush(CanSleep); }
struct device {
  bool MayWait;
  void sync(unsigned Flags) {
    if (Flags & 4)
      wait_for_device();
  }
};

void bad_true(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  flush(true);
}
void bad_through_two(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  flush_by_default(true);
}
void bad_mask(spin_lock &Lock, device &Device) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Device.sync(4 | 1);
}
void ok_false(spin_lock &Lock) {
  spin_guard Guard(Lock);
  flush(false);
  flush_by_default();
}
void ok_mask(spin_lock &Lock, device &Device) {
  spin_guard Guard(Lock);
  Device.sync(1 | 2);
}
void ok_correlated(spin_lock &Lock, bool Locked) {
  if (Locked)
    Lock.lock();
  flush(!Locked);
  if (Locked)
    Lock.unlock();
}
