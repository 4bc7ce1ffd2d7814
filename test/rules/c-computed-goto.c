// Computed goto: every label whose address is taken may be next.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/cxx/atomic.h"

void bad_one_label_waits(struct spin_lock *lock, int which) {
  static void *const labels[] = {&&quick, &&slow};
  spin_lock(lock);
  goto *labels[which];
slow:
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
quick:
  spin_unlock(lock);
}
void ok_labels_unlock(struct spin_lock *lock, int which) {
  static void *const labels[] = {&&quick, &&slow};
  goto *labels[which];
slow:
  wait_for_device();
quick:
  spin_lock(lock);
  spin_unlock(lock);
}
