// `a || b` is one condition although it is two branches: whoever knows that it is not a knows that it is b, and a caller who passes neither decides it.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  spinlock_t lock;
  int slow, late, count;
};
static void wait_if_either(struct dev *d, bool a, bool b) {
  d->count++;
  if (a || b)
    msleep(1);
}
void ok_neither(struct dev *d) {
  spin_lock(&d->lock);
  wait_if_either(d, 0, 0);
  spin_unlock(&d->lock);
}
void bad_first(struct dev *d) {
  spin_lock(&d->lock);
  wait_if_either(d, 1, 0); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_second(struct dev *d) {
  spin_lock(&d->lock);
  wait_if_either(d, 0, 1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void wait_unless_both(struct dev *d, unsigned flags) {
  d->count++;
  if ((flags & 1) && !(flags & 2))
    return;
  msleep(1);
}
void ok_one_bit(struct dev *d) {
  spin_lock(&d->lock);
  wait_unless_both(d, 5);
  spin_unlock(&d->lock);
}
void bad_both_bits(struct dev *d) {
  spin_lock(&d->lock);
  wait_unless_both(d, 3); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_no_bit(struct dev *d) {
  spin_lock(&d->lock);
  wait_unless_both(d, 4); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_locked_for_either(struct dev *d, bool a, bool b) {
  if (a || b)
    spin_lock(&d->lock);
  if (!a && !b)
    msleep(1);
  if (a || b)
    spin_unlock(&d->lock);
}
void bad_locked_for_one_of_them(struct dev *d, bool a, bool b) {
  if (a || b)
    spin_lock(&d->lock);
  if (!a)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  if (a || b)
    spin_unlock(&d->lock);
}
void ok_fields(struct dev *d) {
  if (d->slow || d->late)
    return;
  spin_lock(&d->lock);
  if (d->slow || d->late)
    msleep(1);
  spin_unlock(&d->lock);
}
void bad_written_in_between(struct dev *d) {
  if (d->slow || d->late)
    return;
  spin_lock(&d->lock);
  d->late = d->count;
  if (d->slow || d->late)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
