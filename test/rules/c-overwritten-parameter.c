// A parameter that is given a number on one way is still what the caller passed on the other.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

extern int oops;
struct dev {
  spinlock_t lock;
  int count;
};
static void wait_unless(struct dev *d, bool atomic) {
  d->count++;
  if (oops)
    atomic = 1;
  if (!atomic)
    msleep(1);
}
void ok_atomic(struct dev *d) {
  spin_lock(&d->lock);
  wait_unless(d, 1);
  spin_unlock(&d->lock);
}
void bad_not_atomic(struct dev *d) {
  spin_lock(&d->lock);
  wait_unless(d, 0); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void wait_or_spin(struct dev *d, unsigned ms) {
  if (!ms)
    ms = 100;
  if (ms >= 10)
    msleep(ms);
  d->count++;
}
void ok_short(struct dev *d) {
  spin_lock(&d->lock);
  wait_or_spin(d, 5);
  spin_unlock(&d->lock);
}
void bad_long(struct dev *d) {
  spin_lock(&d->lock);
  wait_or_spin(d, 50); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_by_default(struct dev *d) {
  spin_lock(&d->lock);
  wait_or_spin(d, 0); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// Two answers that exclude each other are not yes and no.
static void wait_by_kind(struct dev *d, int kind, bool atomic) {
  d->count++;
  if (kind != 2) {
    if (kind != 1)
      return;
  } else {
    atomic = 1;
  }
  if (!atomic)
    msleep(1);
}
void bad_kind(struct dev *d) {
  spin_lock(&d->lock);
  wait_by_kind(d, 1, 0); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
int ask(void);
static void two_of_them(struct dev *d, int given) {
  int first = given, second = given;
  if (ask())
    first = 1;
  if (ask())
    second = 1;
  if (first && !second)
    msleep(1);
  d->count++;
}
void bad_one_of_two(struct dev *d) {
  spin_lock(&d->lock);
  two_of_them(d, 0); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
