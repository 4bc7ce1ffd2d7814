// What a callee stores in an object decides what the next one does with it: an object that was given, or one that was made and is returned.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct request {
  int state;
  bool waits;
};
static void init(struct request *r, bool waits) {
  r->state = 1;
  r->waits = waits;
}
static void run(struct request *r) {
  if (r->waits)
    msleep(1);
}
static void go(struct request *r) {
  if (r->waits)
    msleep(2);
}
static void finish(struct request *r) {
  if (r->state == 2)
    msleep(1);
}
static void submit(bool waits) {
  struct request r;
  init(&r, waits);
  run(&r);
}
static struct request *make(bool waits) {
  struct request *r = __kmalloc_noprof(sizeof *r, GFP_ATOMIC);
  if (!r)
    return 0;
  r->waits = waits;
  return r;
}
static void wrap(struct request *r) { init(r, 0); }
static void maybe(struct request *r, int how) {
  if (how)
    r->waits = 0;
}
void ok_given(spinlock_t *lock, struct request *r) {
  spin_lock(lock);
  init(r, 0);
  run(r);
  go(r);
  finish(r);
  submit(0);
  wrap(r);
  run(r);
  spin_unlock(lock);
}
void ok_made(spinlock_t *lock) {
  spin_lock(lock);
  struct request *r = make(0);
  if (r)
    run(r);
  spin_unlock(lock);
}
void bad_given(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'submit' may sleep{{.*}}[sleep-in-atomic]
  submit(1);
  spin_unlock(lock);
}
void bad_made(spinlock_t *lock) {
  spin_lock(lock);
  struct request *r = make(1);
  if (r)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'run' may sleep{{.*}}[sleep-in-atomic]
    run(r);
  spin_unlock(lock);
}
void bad_no_longer_true(spinlock_t *lock, struct request *r) {
  if (r->waits)
    return;
  spin_lock(lock);
  init(r, 1);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'go' may sleep{{.*}}[sleep-in-atomic]
  go(r);
  spin_unlock(lock);
}
void bad_on_one_way(spinlock_t *lock, struct request *r, int how) {
  spin_lock(lock);
  maybe(r, how);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'go' may sleep{{.*}}[sleep-in-atomic]
  go(r);
  spin_unlock(lock);
}
void bad_another(spinlock_t *lock, struct request *r, struct request *other) {
  spin_lock(lock);
  init(other, 0);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'go' may sleep{{.*}}[sleep-in-atomic]
  go(r);
  spin_unlock(lock);
}
