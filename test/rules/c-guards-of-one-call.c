// A function sleeps in more places than are told apart: what is told of a call is what all the ways to that call have in common, and not what other calls want.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct spec {
  int kind;
};
struct flow {
  int state;
};
static int build(struct flow *f, struct spec *spec, int old, int wanted) {
  switch (old) {
  case 0:
    if (wanted == 1)
      msleep(1);
    else if (spec && spec->kind == 1)
      msleep(2);
    break;
  case 1:
    if (spec) {
      switch (spec->kind) {
      case 1:
        msleep(3);
        break;
      case 2:
        msleep(4);
        break;
      case 3:
        msleep(5);
        break;
      }
    }
    break;
  case 2:
    if (spec && wanted == 3)
      msleep(6);
    break;
  }
  return 0;
}
void ok_without_a_spec(spinlock_t *lock, struct flow *f) {
  spin_lock(lock);
  build(f, 0, f->state, 2);
  spin_unlock(lock);
}
void bad_with_a_spec(spinlock_t *lock, struct flow *f, struct spec *spec) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'build' may sleep{{.*}}[sleep-in-atomic]
  build(f, spec, f->state, 2);
  spin_unlock(lock);
}
void bad_wanted(spinlock_t *lock, struct flow *f) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'build' may sleep{{.*}}[sleep-in-atomic]
  build(f, 0, f->state, 1);
  spin_unlock(lock);
}
