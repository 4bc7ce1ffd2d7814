// An annotation tells callers what a function does; its own body is held to its word all the same.
//
// RUN: %check-rule %s sleep-in-atomic,contract-mismatch --findings-only --
#include "../Inputs/cxx/atomic.h"

struct device {
  struct spin_lock guard;
  int waiting;
};

// What it says covers that it sleeps, not that it does so under a lock.
FENCE_MAY_SLEEP void bad_wait(struct device *device) {
  spin_lock(&device->guard);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
  spin_unlock(&device->guard);
}
FENCE_MAY_SLEEP void ok_wait(struct device *device) {
  spin_lock(&device->guard);
  device->waiting = 1;
  spin_unlock(&device->guard);
  wait_for_device();
}

// The implementation of a lock.
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) void bad_take(struct device *device) {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  wait_for_device();
  device->guard.taken = 1;
}
FENCE_NONBLOCKING FENCE_TAKES_SPINNING(arg0) void ok_take(struct device *device) {
  while (__atomic_exchange_n(&device->guard.taken, 1, __ATOMIC_ACQUIRE))
    ;
}

// Callers are told what the annotation says and not what the body does.
FENCE_RELEASES_SPINNING(arg0) void give_back(struct device *device);
void ok_caller(struct device *device) {
  bad_take(device);
  give_back(device);
}
