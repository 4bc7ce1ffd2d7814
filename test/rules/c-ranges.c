// A test of order and one of equality are about one number: what is below four is not four.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  spinlock_t lock;
  int kind;
};
void ok_below(struct dev *d, int n) {
  if (n < 4)
    spin_lock(&d->lock);
  if (n == 4)
    msleep(1);
  if (n < 4)
    spin_unlock(&d->lock);
}
void bad_below(struct dev *d, int n) {
  if (n < 4)
    spin_lock(&d->lock);
  if (n == 3)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  if (n < 4)
    spin_unlock(&d->lock);
}
int ok_tried_to_the_end(struct dev *d) {
  int i;
  for (i = 0; i < 10; i++)
    if (spin_trylock(&d->lock))
      break;
  if (i == 10) {
    msleep(1);
    return -1;
  }
  spin_unlock(&d->lock);
  return 0;
}
int bad_tried_with_luck(struct dev *d) {
  int i;
  for (i = 0; i < 10; i++)
    if (spin_trylock(&d->lock))
      break;
  if (i == 10)
    return -1;
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
  return 0;
}
static void operate(struct dev *d, unsigned kind) {
  switch (kind) {
  case 1:
    d->kind = 1;
    break;
  case 5:
    msleep(1);
    break;
  }
}
void ok_no_such_kind(struct dev *d, unsigned kind) {
  if (kind > 4)
    return;
  spin_lock(&d->lock);
  operate(d, kind);
  spin_unlock(&d->lock);
}
void bad_such_a_kind(struct dev *d, unsigned kind) {
  if (kind > 5)
    return;
  spin_lock(&d->lock);
  operate(d, kind); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
