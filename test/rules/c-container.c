// A pointer to a member and a pointer to the struct around it lead to the same fields.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

#define container_of(ptr, type, member) ({ void *mptr = (void *)(ptr); ((type *)(mptr - __builtin_offsetof(type, member))); })

struct base {
  int kind;
};
struct inner {
  int pad;
  struct base base;
};
struct chip {
  struct base first;
  int waits;
  struct inner inner;
  struct base last;
  struct chip *next;
  spinlock_t lock;
};
static void stop_first(struct base *b) {
  struct chip *c = container_of(b, struct chip, first);
  if (c->waits)
    msleep(1);
}
static void stop_last(struct base *b) {
  if (container_of(b, struct chip, last)->waits)
    msleep(1);
}
static void stop_inner(struct base *b) {
  if (container_of(b, struct chip, inner.base)->waits)
    msleep(1);
}
void ok_does_not_wait(struct chip *c) {
  if (c->waits)
    return;
  spin_lock(&c->lock);
  stop_first(&c->first);
  stop_last(&c->last);
  stop_inner(&c->inner.base);
  spin_unlock(&c->lock);
}
void bad_waits(struct chip *c) {
  if (!c->waits)
    return;
  spin_lock(&c->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'stop_last' may sleep{{.*}}[sleep-in-atomic]
  stop_last(&c->last);
  spin_unlock(&c->lock);
}
void bad_the_next_waits(struct chip *c) {
  if (c->waits)
    return;
  spin_lock(&c->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'stop_first' may sleep{{.*}}[sleep-in-atomic]
  stop_first(&c->next->first);
  spin_unlock(&c->lock);
}
