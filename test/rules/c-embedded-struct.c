// A struct inside a struct is a part of its object, not a step away from it: what a caller knows of `d->options.slow` decides what a callee does.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  spinlock_t lock;
  struct {
    struct options {
      bool slow, late;
    } options;
  } config;
  struct options *shared;
};
static void operate(struct dev *d) {
  if (d->config.options.slow)
    msleep(1);
}
void ok_tested(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->config.options.slow)
    operate(d);
  spin_unlock(&d->lock);
}
void bad_tested(struct dev *d) {
  spin_lock(&d->lock);
  if (d->config.options.slow)
    operate(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_set(struct dev *d) {
  d->config.options.slow = 0;
  spin_lock(&d->lock);
  operate(d);
  spin_unlock(&d->lock);
}
void bad_another_set(struct dev *d) {
  d->config.options.late = 0;
  spin_lock(&d->lock);
  operate(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
