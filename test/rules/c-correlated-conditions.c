// The same test twice is one decision: of a parameter, of a field nobody writes, of a function whose result repeats.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

int strcmp(const char *a, const char *b);
struct phase {
  const char *name;
  int flag;
};

void bad_one_branch(struct spin_lock *lock, struct phase *p) {
  if (strcmp(p->name, "softirq"))
    spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
  if (strcmp(p->name, "softirq"))
    spin_unlock(lock);
}
void ok_repeated_call(struct spin_lock *lock, struct phase *p) {
  if (strcmp(p->name, "softirq"))
    spin_lock(lock);
  if (strcmp(p->name, "softirq"))
    spin_unlock(lock);
  wait_for_device();
}
void ok_field(struct spin_lock *lock, struct phase *p) {
  if (p->flag)
    spin_lock(lock);
  if (p->flag)
    spin_unlock(lock);
  wait_for_device();
}
void bad_another_name(struct spin_lock *lock, struct phase *p) {
  if (strcmp(p->name, "softirq"))
    spin_lock(lock);
  if (strcmp(p->name, "hardirq"))
    spin_unlock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  wait_for_device();
}
void ok_in_a_loop(struct spin_lock *lock, struct phase *p) {
  for (; p->name; p++) {
    if (strcmp(p->name, "softirq"))
      spin_lock(lock);
    if (strcmp(p->name, "softirq"))
      spin_unlock(lock);
  }
  wait_for_device();
}
