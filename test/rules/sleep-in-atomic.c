// Contexts made by locks, wrappers of locks, trylocks, RCU and interrupts; sleeping directly, through calls, in a guarded branch.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct device {
  spinlock_t lock;
  struct mutex mutex;
};
static void helper(void) { msleep(1); }
static void waits_if(bool can_wait) {
  if (can_wait)
    msleep(1);
}

void bad_direct(struct device *d) {
  spin_lock(&d->lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'mutex_lock' may sleep while holding spinlock 'd->lock' [sleep-in-atomic]
  mutex_lock(&d->mutex);
  mutex_unlock(&d->mutex);
  spin_unlock(&d->lock);
}
void ok_after_unlock(struct device *d) {
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  helper();
}
void ok_mutex_trylock(struct device *d) {
  spin_lock(&d->lock);
  if (mutex_trylock(&d->mutex))
    mutex_unlock(&d->mutex);
  spin_unlock(&d->lock);
}
void bad_trylock_taken(struct device *d) {
  if (!spin_trylock(&d->lock))
    return;
  // CHECK: :[[#@LINE+1]]:{{.*}}'helper'{{.*}}[sleep-in-atomic]
  helper();
  spin_unlock(&d->lock);
}
void ok_trylock_not_taken(struct device *d) {
  if (spin_trylock(&d->lock)) {
    spin_unlock(&d->lock);
    return;
  }
  helper();
}

static struct device *lookup_locked(struct device *d) { // NULL: not locked
  spin_lock(&d->lock);
  if (!d->mutex.owner) {
    spin_unlock(&d->lock);
    return 0;
  }
  return d;
}
void bad_wrapper(struct device *d) {
  d = lookup_locked(d);
  if (!d)
    return;
  // CHECK: :[[#@LINE+1]]:{{.*}}'helper'{{.*}}[sleep-in-atomic]
  helper();
  spin_unlock(&d->lock);
}
void ok_wrapper(struct device *d) {
  if (!lookup_locked(d)) {
    helper();
    return;
  }
  spin_unlock(&d->lock);
}
static void waits_unlocked(struct device *d) { // gives its caller's lock back for a while
  spin_unlock(&d->lock);
  msleep(1);
  spin_lock(&d->lock);
}
void ok_lock_dropped_in_the_middle(struct device *d) {
  spin_lock(&d->lock);
  waits_unlocked(d);
  spin_unlock(&d->lock);
}
void bad_two_locks_one_dropped(struct device *d, struct device *e) {
  spin_lock(&e->lock);
  spin_lock(&d->lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'waits_unlocked'{{.*}}[sleep-in-atomic]
  waits_unlocked(d);
  spin_unlock(&d->lock);
  spin_unlock(&e->lock);
}

void bad_argument(struct device *d) {
  spin_lock(&d->lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'waits_if'{{.*}}[sleep-in-atomic]
  waits_if(1);
  spin_unlock(&d->lock);
}
void ok_argument(struct device *d) {
  spin_lock(&d->lock);
  waits_if(0);
  spin_unlock(&d->lock);
}
static void query(int *done) { *done = 1; }
void bad_local_given_away(struct device *d) {
  int done = 0;
  spin_lock(&d->lock);
  query(&done);
  if (done)
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    msleep(1);
  spin_unlock(&d->lock);
}
static void recursive(struct device *d, int depth) {
  if (depth)
    recursive(d, depth - 1);
  else
    msleep(1);
}
void bad_recursion(struct device *d, int depth) {
  spin_lock(&d->lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'recursive'{{.*}}[sleep-in-atomic]
  recursive(d, depth);
  spin_unlock(&d->lock);
}
void bad_rcu(void) {
  rcu_read_lock();
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}RCU{{.*}}[sleep-in-atomic]
  msleep(1);
  rcu_read_unlock();
}

#define in_interrupt() (preempt_count() & 0xffff00)
static void waits_outside_interrupts(void) {
  if (in_interrupt())
    return;
  msleep(1);
}
static irqreturn_t bad_handler(int irq, void *data) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'helper'{{.*}}'bad_handler' is stored in 'request_threaded_irq'{{.*}}[sleep-in-atomic]
  helper();
  return 1;
}
static irqreturn_t ok_handler(int irq, void *data) {
  waits_outside_interrupts();
  return 2;
}
static irqreturn_t ok_thread(int irq, void *data) {
  helper();
  return 1;
}
void probe(struct device *d) {
  request_threaded_irq(1, bad_handler, ok_thread, 0, "", d);
  request_threaded_irq(2, ok_handler, ok_thread, 0, "", d);
}

static int in_range(struct device *d, unsigned long start, unsigned long end) {
  if (start > end)
    __builtin_trap();
  return d->mutex.owner ? 0 : -1;
}
void bad_after_a_check_of_unsigned_numbers(struct device *d) {
  spin_lock(&d->lock);
  if (in_range(d, 0, ~0ul) == 0)
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    helper();
  spin_unlock(&d->lock);
}
