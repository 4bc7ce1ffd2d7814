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
// What a function returns tells its callers which way it took.
static bool may_wait(int flags, struct object *o) {
  if (flags & 1)
    return 0;
  if (!o)
    return 0;
  return 1;
}
static int count;
static int kind_of(int reg) {
  int kind = 0;
  switch (reg) {
  case 4:
    kind = 1;
    break;
  case 9:
    kind = 2;
    break;
  }
  if (kind)
    count++;
  return kind;
}
static void write(int reg, int value) {
  int kind = kind_of(reg);
  if (kind)
    msleep(value);
}
static void wait_for(int flags, struct object *o) {
  if (may_wait(flags, o))
    msleep(1);
}
void ok_told(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  write(5, 1);
  wait_for(1, o);
  wait_for(0, 0);
  spin_unlock(lock);
}
void bad_register(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'write' may sleep{{.*}}[sleep-in-atomic]
  write(9, 1);
  spin_unlock(lock);
}
void bad_told_to(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait_for' may sleep{{.*}}[sleep-in-atomic]
  wait_for(2, o);
  spin_unlock(lock);
}
static void trigger(int bits) {
  if (bits & 1 || bits & 2 || bits & 0x40)
    msleep(1);
}
static void trigger_again(int bits, struct object *o) {
  if (o ? bits & 1 || bits & 2 : bits & 2)
    msleep(1);
}
void ok_other_bit(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  trigger(8);
  trigger_again(8, o);
  spin_unlock(lock);
}
void bad_one_of_the_bits(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'trigger' may sleep{{.*}}[sleep-in-atomic]
  trigger(0x40);
  spin_unlock(lock);
}
void bad_one_of_two_bits(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'trigger_again' may sleep{{.*}}[sleep-in-atomic]
  trigger_again(2, o);
  spin_unlock(lock);
}
// What is given along is one of a few values, and the callee waits for one of them.
struct task {
  int state;
};
static void clean_up(struct task *t) {
  if (t->state == 5)
    msleep(1);
}
static void end_task(struct task *t, int state) {
  t->state = state;
  clean_up(t);
}
static void fail(struct task *t, int error, int is_pending) {
  int state;
  if (is_pending)
    state = 1;
  else if (error == 14)
    state = 4;
  else
    state = 5;
  end_task(t, state);
}
void ok_other_state(spinlock_t *lock, struct task *t, int is_pending) {
  spin_lock(lock);
  fail(t, 14, is_pending);
  fail(t, 7, 1);
  spin_unlock(lock);
}
void bad_that_state(spinlock_t *lock, struct task *t) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'fail' may sleep{{.*}}[sleep-in-atomic]
  fail(t, 7, 0);
  spin_unlock(lock);
}
