// A function that only answers a question is that question, whatever its name and however many returns it has: a test before the lock decides what a
// callee asks again, and constant arguments decide it at once. Not when the answer may have changed, or the function does more than answer.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  int type, flags, atomic;
  spinlock_t lock;
  struct dev *parent;
};
static bool needs_wait(struct dev *d) {
  if (d->type == 2)
    return 1;
  if (d->flags & 4)
    return 1;
  return 0;
}
static bool is_slow(struct dev *d) { return d->parent && needs_wait(d->parent); }
static void operate(struct dev *d) {
  if (needs_wait(d))
    msleep(1);
}
void ok_asked_before(struct dev *d) {
  if (needs_wait(d))
    return;
  spin_lock(&d->lock);
  operate(d);
  spin_unlock(&d->lock);
}
void ok_asked_under_the_lock(struct dev *d) {
  spin_lock(&d->lock);
  if (!needs_wait(d))
    operate(d);
  spin_unlock(&d->lock);
}
void ok_half_the_question(struct dev *d) {
  if (d->type == 2 || d->flags & 4)
    return;
  spin_lock(&d->lock);
  operate(d);
  spin_unlock(&d->lock);
}
void ok_question_of_a_question(struct dev *d) {
  if (!is_slow(d))
    spin_lock(&d->lock);
  if (is_slow(d))
    msleep(1);
  if (!is_slow(d))
    spin_unlock(&d->lock);
}
void bad_other_answer(struct dev *d) {
  if (!needs_wait(d))
    return;
  spin_lock(&d->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'operate' may sleep{{.*}}[sleep-in-atomic]
  operate(d);
  spin_unlock(&d->lock);
}
void bad_of_another(struct dev *d) {
  if (needs_wait(d->parent))
    return;
  spin_lock(&d->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'operate' may sleep{{.*}}[sleep-in-atomic]
  operate(d);
  spin_unlock(&d->lock);
}
void bad_changed_since(struct dev *d, int type) {
  if (needs_wait(d))
    return;
  d->type = type;
  spin_lock(&d->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'operate' may sleep{{.*}}[sleep-in-atomic]
  operate(d);
  spin_unlock(&d->lock);
}

static int mode_of(struct dev *d) {
  if (d->atomic)
    return 1;
  return 2;
}
void ok_mode(struct dev *d) {
  if (d->atomic)
    spin_lock(&d->lock);
  if (mode_of(d) == 2)
    msleep(1);
  if (d->atomic)
    spin_unlock(&d->lock);
}
static int check(int a) {
  if (a < 0)
    return -22;
  if (a > 9)
    return -22;
  return 0;
}
static void checked(int a) {
  if (check(a))
    msleep(1);
}
void ok_allowed(spinlock_t *lock) {
  spin_lock(lock);
  checked(3);
  spin_unlock(lock);
}
void bad_not_allowed(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'checked' may sleep{{.*}}[sleep-in-atomic]
  checked(12);
  spin_unlock(lock);
}
static int class_of(int type) {
  int class = 0;
  switch (type) {
  case 1:
    class = 10;
    break;
  case 2:
    class = 20;
    break;
  }
  return class;
}
static void by_class(int type) {
  switch (class_of(type)) {
  case 20:
    msleep(1);
    break;
  case 10:
    break;
  }
}
void ok_class(spinlock_t *lock, int type) {
  spin_lock(lock);
  by_class(1);
  by_class(5);
  if (type != 2)
    by_class(type);
  spin_unlock(lock);
}
void bad_class(spinlock_t *lock, int type) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'by_class' may sleep{{.*}}[sleep-in-atomic]
  by_class(2);
  spin_unlock(lock);
}
void bad_some_class(spinlock_t *lock, int type) {
  spin_lock(lock);
  if (type != 1)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'by_class' may sleep{{.*}}[sleep-in-atomic]
    by_class(type);
  spin_unlock(lock);
}

static int turns;
static bool counts(struct dev *d) {
  if (turns++ > 3)
    return 1;
  return 0;
}
void bad_does_more(struct dev *d) {
  if (counts(d))
    return;
  spin_lock(&d->lock);
  if (counts(d))
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  spin_unlock(&d->lock);
}
