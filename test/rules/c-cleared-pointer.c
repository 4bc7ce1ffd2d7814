// A pointer or an answer that some way may have cleared: where it is called or looked behind, it is what it was before; where it is zero, nothing is
// known of what it was.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct object {
  spinlock_t lock;
  struct mutex mutex;
};
static void slow(void) { msleep(1); }
static void call(void (*function)(void)) { function(); }
static void call_if_there(void (*function)(void), int no) {
  if (no)
    function = 0;
  if (function)
    function();
}
void bad_chosen(spinlock_t *lock, int x) {
  void (*function)(void) = 0;
  if (x)
    function = slow;
  spin_lock(lock);
  if (function) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'function' may sleep{{.*}}[sleep-in-atomic]
    function();
  }
  spin_unlock(lock);
}
void bad_given_along(spinlock_t *lock, int x) {
  void (*function)(void) = 0;
  if (x)
    function = slow;
  spin_lock(lock);
  if (function) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'call' may sleep{{.*}}[sleep-in-atomic]
    call(function);
  }
  spin_unlock(lock);
}
void bad_cleared_on_the_way(spinlock_t *lock, int x) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'call_if_there' may sleep{{.*}}[sleep-in-atomic]
  call_if_there(slow, x);
  spin_unlock(lock);
}
static void lock_if_there(struct object *o) {
  if (o)
    spin_lock(&o->lock);
}
static void unlock_if_there(struct object *o) {
  if (o)
    spin_unlock(&o->lock);
}
void ok_given_back(struct object *given, int no) {
  struct object *o = given;
  if (no)
    o = 0;
  lock_if_there(o);
  unlock_if_there(o);
  if (o) {
    spin_lock(&o->lock);
    spin_unlock(&o->lock);
    mutex_lock(&o->mutex);
  }
}
void bad_answer_that_was_cleared(spinlock_t *lock, int x) {
  spin_lock(lock);
  int atomic = preempt_count();
  if (x)
    atomic = 0;
  if (!atomic) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  }
  spin_unlock(lock);
}
