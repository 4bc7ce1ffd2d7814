// A comparison knows whether it looks at the sign: all ones are -1, or the largest number there is.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

#define ALL (~0ul)
static void walk(unsigned long from, unsigned long to) {
  if (from < to)
    wait_for_device();
}
static void walk_signed(long from, long to) {
  if (from < to)
    wait_for_device();
}
void bad_up_to_the_end(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'walk' may sleep{{.*}}[sleep-in-atomic]
  walk(0, ALL);
  spin_unlock(lock);
}
void ok_empty(struct spin_lock *lock) {
  spin_lock(lock);
  walk(ALL, ALL);
  walk(ALL, 0);
  spin_unlock(lock);
}
void ok_below_zero(struct spin_lock *lock) {
  spin_lock(lock);
  walk_signed(0, -1);
  spin_unlock(lock);
}
void bad_from_below_zero(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'walk_signed' may sleep{{.*}}[sleep-in-atomic]
  walk_signed(-1, 0);
  spin_unlock(lock);
}
void ok_error_pointer(struct spin_lock *lock, void *p) {
  spin_lock(lock);
  if ((unsigned long)p >= (unsigned long)-4095 && p == 0)
    wait_for_device();
  spin_unlock(lock);
}
