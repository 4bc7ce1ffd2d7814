// test_bit(), atomic_read() and static branches ask what memory holds: asked twice they answer the same, unless somebody who is given its address may
// have written it in between.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

typedef struct {
  int counter;
} atomic_t;
bool _test_bit(unsigned long nr, const volatile unsigned long *addr);
void arch_set_bit(unsigned long nr, volatile unsigned long *addr);
static inline int arch_atomic_read(const atomic_t *v) { return *(volatile int *)&v->counter; }
static inline void arch_atomic_set(atomic_t *v, int i) { *(volatile int *)&v->counter = i; }
void arch_atomic_inc(atomic_t *v);
struct static_key;
bool arch_static_branch(struct static_key *key, bool branch);
extern struct static_key fast_key, other_key;

struct dev {
  spinlock_t lock;
  unsigned long flags;
  atomic_t users;
};
static void wait_if_bit(struct dev *d) {
  if (_test_bit(5, &d->flags))
    msleep(1);
}
void ok_bit_is_clear(struct dev *d) {
  spin_lock(&d->lock);
  if (!_test_bit(5, &d->flags))
    wait_if_bit(d);
  spin_unlock(&d->lock);
}
void bad_bit_is_set(struct dev *d) {
  spin_lock(&d->lock);
  if (_test_bit(5, &d->flags))
    wait_if_bit(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_another_bit(struct dev *d) {
  spin_lock(&d->lock);
  if (!_test_bit(6, &d->flags))
    wait_if_bit(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_bit_was_clear(struct dev *d) {
  spin_lock(&d->lock);
  if (!_test_bit(5, &d->flags)) {
    arch_set_bit(5, &d->flags);
    wait_if_bit(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void bad_bit_behind_a_pointer(struct dev *d, unsigned long *flags) {
  spin_lock(&d->lock);
  if (!_test_bit(1, flags)) {
    arch_set_bit(1, flags);
    if (_test_bit(1, flags))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
static void start(struct dev *d) { arch_set_bit(1, &d->flags); }
void bad_bit_set_by_callee(struct dev *d) {
  spin_lock(&d->lock);
  if (!_test_bit(1, &d->flags)) {
    start(d);
    if (_test_bit(1, &d->flags))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void ok_bit_by_number(struct dev *d, int n) {
  if (_test_bit(n, &d->flags))
    spin_lock(&d->lock);
  if (!_test_bit(n, &d->flags))
    msleep(1);
  if (_test_bit(n, &d->flags))
    spin_unlock(&d->lock);
}
void ok_unused(struct dev *d) {
  spin_lock(&d->lock);
  if (!arch_atomic_read(&d->users))
    if (arch_atomic_read(&d->users))
      msleep(1);
  spin_unlock(&d->lock);
}
void ok_set_to_zero(struct dev *d) {
  spin_lock(&d->lock);
  arch_atomic_set(&d->users, 0);
  if (arch_atomic_read(&d->users))
    msleep(1);
  spin_unlock(&d->lock);
}
void bad_set_to_one(struct dev *d) {
  spin_lock(&d->lock);
  arch_atomic_set(&d->users, 1);
  if (arch_atomic_read(&d->users))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_counted_since(struct dev *d) {
  spin_lock(&d->lock);
  if (!arch_atomic_read(&d->users)) {
    arch_atomic_inc(&d->users);
    if (arch_atomic_read(&d->users))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void ok_same_branch(struct dev *d) {
  if (arch_static_branch(&fast_key, 0))
    spin_lock(&d->lock);
  if (!arch_static_branch(&fast_key, 0))
    msleep(1);
  if (arch_static_branch(&fast_key, 0))
    spin_unlock(&d->lock);
}
void bad_another_branch(struct dev *d) {
  if (arch_static_branch(&fast_key, 0))
    spin_lock(&d->lock);
  if (!arch_static_branch(&other_key, 0))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  if (arch_static_branch(&fast_key, 0))
    spin_unlock(&d->lock);
}
