// An assertion that leaves no code is what its author relies on. Its condition is not computed: a call in it does not happen.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

#define BUILD_BUG_ON_INVALID(e) ((void)(sizeof((long)(e))))
#define VM_BUG_ON(condition) BUILD_BUG_ON_INVALID(condition)
#define VM_WARN_ON(condition) BUILD_BUG_ON_INVALID(condition)

struct pool {
  int reserved;
  spinlock_t lock;
};
static void refill(struct pool *p) {
  if (!p->reserved)
    msleep(1);
}
static int slow_check(struct pool *p) {
  msleep(1);
  return p->reserved;
}
void ok_asserted(struct pool *p) {
  spin_lock(&p->lock);
  VM_BUG_ON(!p->reserved);
  refill(p);
  spin_unlock(&p->lock);
}
void ok_not_computed(struct pool *p) {
  spin_lock(&p->lock);
  VM_BUG_ON(slow_check(p));
  spin_unlock(&p->lock);
}
void bad_asserted_otherwise(struct pool *p) {
  spin_lock(&p->lock);
  VM_BUG_ON(p->reserved);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'refill' may sleep{{.*}}[sleep-in-atomic]
  refill(p);
  spin_unlock(&p->lock);
}
void bad_only_warned(struct pool *p) {
  spin_lock(&p->lock);
  VM_WARN_ON(!p->reserved);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'refill' may sleep{{.*}}[sleep-in-atomic]
  refill(p);
  spin_unlock(&p->lock);
}
void bad_asserted_of_another(struct pool *p, struct pool *other) {
  spin_lock(&p->lock);
  VM_BUG_ON(!other->reserved);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'refill' may sleep{{.*}}[sleep-in-atomic]
  refill(p);
  spin_unlock(&p->lock);
}
