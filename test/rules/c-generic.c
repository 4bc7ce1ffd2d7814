// _Generic: only the chosen association is code.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

static int slow_int(int value) {
  wait_for_device();
  return value;
}
static int quick_long(long value) { return (int)value; }
#define handle(value) _Generic((value), int: slow_int, long: quick_long)(value)

int bad_chosen(struct spin_lock *lock, int value) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  value = handle(value);
  spin_unlock(lock);
  return value;
}
int ok_not_chosen(struct spin_lock *lock, long value) {
  spin_lock(lock);
  int result = handle(value);
  spin_unlock(lock);
  return result;
}
int ok_controlling_expression(struct spin_lock *lock) {
  spin_lock(lock);
  int result = _Generic(slow_int(1), int: 1, default: 2); /* its operand is not evaluated */
  spin_unlock(lock);
  return result;
}
