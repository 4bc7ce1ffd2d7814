// Bits of an argument that a caller tests on its way to a function that is wrong by itself: they choose a way, and somebody will choose it. Bits
// that decide whether the call itself may sleep are another thing: where nobody knows them nothing is said.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

#define MAY_WAIT 0x1
void maybe_nap(unsigned flags) {
  if (flags & MAY_WAIT)
    wait_for_device();
}
struct device {
  int generation;
  struct spin_lock lock;
};

static int queue(struct device *d) {
  if (d->generation > 0)
    return -1;
  spin_lock(&d->lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
  spin_unlock(&d->lock);
  return 0;
}

static int old_generation(struct device *d) { return queue(d); }

int bad_behind_a_flag(struct device *d, unsigned flags) {
  if (flags & 2) {
    if (d->generation > 0)
      return 1;
    return old_generation(d);
  }
  wait_for_device();
  return 0;
}

void ok_its_caller_knows(struct device *d, unsigned flags) {
  spin_lock(&d->lock);
  maybe_nap(flags);
  spin_unlock(&d->lock);
}
