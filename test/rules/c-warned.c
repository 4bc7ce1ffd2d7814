// What only happens after a warning that it should never happen is of low confidence: who wrote it says that it does not. Where nothing was warned of, the
// condition of the warning is false.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
// RUN: not %fencelint check --quiet --min-confidence low %s -- -std=gnu11 | FileCheck %s --check-prefix=LOW
#include "../Inputs/kernel/kernel.h"

// As the kernel writes them: with a trap in between, and in C only.
#define unlikely(x) __builtin_expect(!!(x), 0)
#define WARN_ON(condition) \
  ({ \
    int bad = !!(condition); \
    if (unlikely(bad)) \
      __asm__ volatile("ud2"); \
    unlikely(bad); \
  })
void print(const char *text);
#define WARN(condition, text) \
  ({ \
    int bad = !!(condition); \
    if (unlikely(bad)) \
      print(text); \
    unlikely(bad); \
  })
#define FIRST_TIME(condition) \
  ({ \
    static bool done; \
    bool now = !!(condition), first = 0; \
    if (unlikely(now && !done)) { \
      done = 1; \
      first = 1; \
    } \
    unlikely(first); \
  })
#define WARN_ONCE(condition, text) \
  ({ \
    bool once = !!(condition); \
    if (FIRST_TIME(once)) \
      WARN(1, text); \
    unlikely(once); \
  })
#define own_WARN(o, condition) WARN(condition, (o)->name)
// Not a warning: what it acts on may well be so.
#define COUNT_IF(condition) \
  ({ \
    int bad = !!(condition); \
    if (bad) \
      print("counted"); \
    bad; \
  })

struct object {
  spinlock_t lock;
  const char *name;
  int is_slow, users;
};
#define in_interrupt() (preempt_count() & 0xffff00)

static void wait_for(struct object *o) {
  if (o->is_slow)
    msleep(1);
}
void ok_warned_of(struct object *o) {
  spin_lock(&o->lock);
  WARN_ON(o->is_slow);
  wait_for(o); // LOW-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void bad_warned_of_the_opposite(struct object *o) {
  spin_lock(&o->lock);
  WARN_ON(!o->is_slow);
  if (o->is_slow)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void bad_warned_of_another(struct object *o, struct object *other) {
  spin_lock(&o->lock);
  WARN_ON(other->is_slow);
  if (o->is_slow)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void bad_written_since(struct object *o) {
  spin_lock(&o->lock);
  WARN_ON(o->is_slow);
  o->is_slow = 1;
  if (o->is_slow)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}

void ok_always_warned_of(struct object *o) {
  if (o->users) {
    WARN_ONCE(1, "still in use");
    spin_lock(&o->lock);
    msleep(1); // LOW-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
    spin_unlock(&o->lock);
  }
  msleep(1);
}
void bad_when_it_is_not(struct object *o) {
  spin_lock(&o->lock);
  if (o->users)
    WARN_ONCE(1, "still in use");
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
// What is done then was written for it.
void bad_only_after_it(struct object *o) {
  spin_lock(&o->lock);
  if (WARN_ON(o->users))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void bad_only_after_another(struct object *o) {
  spin_lock(&o->lock);
  if (own_WARN(o, o->users > 3))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void ok_under_another_name(struct object *o) {
  spin_lock(&o->lock);
  own_WARN(o, o->is_slow);
  wait_for(o); // LOW-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void bad_only_without_it(struct object *o) {
  spin_lock(&o->lock);
  if (!WARN_ON(o->users))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void bad_no_warning(struct object *o) {
  spin_lock(&o->lock);
  if (COUNT_IF(o->users))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}

// Behind a call: a caller that goes on after the error does not know more than that there was one.
static int start(struct object *o) {
  if (WARN_ON(o->users))
    return -22;
  return 0;
}
void bad_after_an_error(struct object *o) {
  spin_lock(&o->lock);
  if (start(o))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
static void lock_unless_busy(struct object *o) {
  spin_lock(&o->lock);
  if (WARN_ON(o->users))
    spin_unlock(&o->lock);
}
void bad_locked_mostly(struct object *o) {
  lock_unless_busy(o);
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
void ok_interrupts_are_asked_for(struct object *o) {
  if (WARN_ON(in_interrupt()))
    return;
  msleep(1);
}
void bad_where_ways_meet(struct object *o) {
  int failed = 0;
  spin_lock(&o->lock);
  switch (o->users) {
  case 1:
    break;
  default:
    WARN_ON(1);
    failed = 1;
  }
  if (failed)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&o->lock);
}
