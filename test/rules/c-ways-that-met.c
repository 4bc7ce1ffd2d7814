// A value that differs on two ways tells later which of them was taken, and so what else was true there.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct object {
  struct object *parent;
  int quirks;
};
static void set_state(struct object *o, int state) {
  int wakeup = -1;
  if (state != 0) {
    if (o->parent) {
      if (state == 1)
        ; // as it was
      else if (state == 2)
        wakeup = o->quirks & 4 ? 0 : o->quirks & 8;
      else
        wakeup = 0;
    }
  }
  if (wakeup >= 0)
    msleep(1);
}
static void wait(bool may_sleep, int timeout) {
  if (timeout < 0) {
    may_sleep = 0;
    timeout = -timeout;
  }
  if (may_sleep)
    msleep(timeout);
}
static int lookup(int key, int flags) {
  int error = 0;
  if (flags & 1)
    error = -5;
  else if (key > 3)
    error = -22;
  if (!error)
    msleep(1);
  return error;
}
static void until_found(int how) {
  int found = 0;
  for (int i = 0; i < 10; i++) {
    if (how == 2)
      found = 1;
  }
  if (found)
    msleep(1);
}
void ok(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  set_state(o, 0);
  wait(1, -300);
  lookup(1, 1);
  until_found(1);
  spin_unlock(lock);
}
void bad_state(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'set_state' may sleep{{.*}}[sleep-in-atomic]
  set_state(o, 2);
  spin_unlock(lock);
}
void bad_time(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait' may sleep{{.*}}[sleep-in-atomic]
  wait(1, 300);
  spin_unlock(lock);
}
void bad_lookup(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'lookup' may sleep{{.*}}[sleep-in-atomic]
  lookup(1, 2);
  spin_unlock(lock);
}
void bad_loop(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'until_found' may sleep{{.*}}[sleep-in-atomic]
  until_found(2);
  spin_unlock(lock);
}
void fill(int *);
void bad_filled(spinlock_t *lock, int how) {
  int state = 0;
  if (how == 2)
    state = 1;
  fill(&state);
  spin_lock(lock);
  if (state && how != 2) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  }
  spin_unlock(lock);
}
void bad_written_since(spinlock_t *lock, struct object *o) {
  int wakeup = 0;
  if (o->quirks == 2)
    wakeup = 1;
  o->quirks = 3;
  spin_lock(lock);
  if (wakeup) {
    if (o->quirks == 3) {
      // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
      msleep(1);
    }
  }
  spin_unlock(lock);
}
