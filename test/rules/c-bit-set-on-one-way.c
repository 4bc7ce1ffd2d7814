// One more bit set on one of two ways: of the others nothing is forgotten, also where the flags travel in a struct of the caller's own.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

enum { ASYNC = 1, WANT_REPLY = 2, HIGH = 4 };
struct command {
  unsigned flags;
  int id;
};
static int send(struct command *c) {
  if (c->flags & ASYNC)
    return 0;
  msleep(10);
  return 1;
}
static int add_station(int id, unsigned flags) {
  struct command c = {.flags = flags, .id = id};
  if (!(flags & ASYNC))
    c.flags |= WANT_REPLY;
  if (id > 7)
    c.flags |= HIGH;
  return send(&c);
}
void ok_asynchronous(spinlock_t *lock, int id) {
  spin_lock(lock);
  add_station(id, ASYNC);
  spin_unlock(lock);
}
void bad_synchronous(spinlock_t *lock, int id) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'add_station' may sleep{{.*}}[sleep-in-atomic]
  add_station(id, HIGH);
  spin_unlock(lock);
}
static int add_maybe_asynchronous(int id, int quick) {
  struct command c = {.flags = HIGH, .id = id};
  if (quick)
    c.flags |= ASYNC;
  return send(&c);
}
void bad_on_one_way(spinlock_t *lock, int id, int quick) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'add_maybe_asynchronous' may sleep{{.*}}[sleep-in-atomic]
  add_maybe_asynchronous(id, quick);
  spin_unlock(lock);
}
