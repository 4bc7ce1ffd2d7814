// What a callee may have written in what it was given is not what the caller tested before the call; what it has not written is. And what a function wrote
// before it tests is not what its callers know.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  spinlock_t lock;
  unsigned flags;
  int count, state, other;
  struct dev *next;
};
int read_register(struct dev *d);

static void clear_flag(struct dev *d) { d->flags &= ~4u; }
void bad_flag_cleared(struct dev *d) {
  spin_lock(&d->lock);
  if (d->flags & 4) {
    clear_flag(d);
    if (!(d->flags & 4))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
static void update(struct dev *d) { d->count = read_register(d); }
void bad_read_again(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count) {
    update(d);
    if (d->count)
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void ok_another_field(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state) {
    update(d);
    if (d->state)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
void ok_another_device(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count) {
    update(d->next);
    if (d->count)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
// Through two calls, and only perhaps.
static void sometimes(struct dev *d) {
  if (read_register(d))
    d->flags &= ~4u;
}
static void deeper(struct dev *d) { sometimes(d->next); }
void bad_two_calls(struct dev *d) {
  spin_lock(&d->lock);
  if (d->next->flags & 4) {
    deeper(d);
    if (!(d->next->flags & 4))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void ok_not_that_deep(struct dev *d) {
  spin_lock(&d->lock);
  if (d->flags & 4) {
    deeper(d);
    if (!(d->flags & 4))
      msleep(1);
  }
  spin_unlock(&d->lock);
}
// The same locks are given back as were taken: nobody has written what decides it.
void ok_paired(struct dev *d) {
  if (d->state)
    spin_lock(&d->lock);
  update(d);
  if (d->state)
    spin_unlock(&d->lock);
  msleep(1);
}
// Written on one way, and known on both.
static void start_once(struct dev *d) {
  if (d->state)
    return;
  d->state = 1;
}
void ok_started(struct dev *d) {
  start_once(d);
  spin_lock(&d->lock);
  if (!d->state)
    msleep(1);
  spin_unlock(&d->lock);
}
static void stop_once(struct dev *d) {
  if (d->other)
    d->state = 0;
}
void bad_perhaps_stopped(struct dev *d) {
  start_once(d);
  stop_once(d);
  spin_lock(&d->lock);
  if (!d->state)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// What was tested behind the writing is no condition on what callers passed.
static void wait_if_set(struct dev *d, int now) {
  if (now)
    d->state = 1;
  if (d->state)
    msleep(1);
}
void bad_set_first(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state)
    wait_if_set(d, 1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void refresh_and_wait(struct dev *d) {
  update(d);
  if (d->count)
    msleep(1);
}
void bad_refreshed(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count)
    refresh_and_wait(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void wait_if_busy(struct dev *d) {
  update(d);
  if (d->state)
    msleep(1);
}
void ok_not_refreshed(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state)
    wait_if_busy(d);
  spin_unlock(&d->lock);
}
