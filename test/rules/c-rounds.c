// What is known of one element of a list is not known of each, but in each round of the loop it is known of that round's element: a test in the body
// holds in the body, whatever the loop has gone through before.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
// RUN: %check-rule %s blocking-drop --findings-only --prefix DROP -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct object {
  struct object *next;
  struct kref ref;
  struct mutex mutex;
  spinlock_t lock;
  int is_shared, can_wait;
};
struct object *first(void);
struct object *after(struct object *o);
void use(struct object *o);
static void wait_for(struct object *o) {
  if (o->can_wait)
    msleep(1);
}

void ok_tested_in_each_round(struct object *list) {
  for (struct object *o = list; o; o = o->next) {
    if (o->is_shared)
      spin_lock(&o->lock);
    use(o);
    if (!o->is_shared)
      msleep(1);
    if (o->is_shared)
      spin_unlock(&o->lock);
  }
  msleep(1);
}
void bad_not_tested(struct object *list) {
  for (struct object *o = list; o; o = o->next) {
    if (o->is_shared)
      spin_lock(&o->lock);
    use(o);
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
    if (o->is_shared)
      spin_unlock(&o->lock);
  }
}
void ok_left_out(spinlock_t *lock) {
  spin_lock(lock);
  for (struct object *o = first(); o; o = after(o)) {
    if (o->can_wait)
      continue;
    wait_for(o);
  }
  spin_unlock(lock);
}
void ok_loops_in_loops(spinlock_t *lock, int n) {
  spin_lock(lock);
  for (struct object *o = first(); o; o = after(o)) {
    for (int i = 0; i < n; i++)
      for (struct object *inner = o->next; inner; inner = inner->next) {
        if (inner->can_wait)
          break;
        wait_for(inner);
      }
    if (!o->can_wait)
      wait_for(o);
  }
  spin_unlock(lock);
}
void ok_found(spinlock_t *lock, int n) {
  struct object *o = first();
  while (o && n--)
    o = after(o);
  spin_lock(lock);
  if (o && !o->can_wait)
    wait_for(o);
  spin_unlock(lock);
}
void bad_the_next_one(spinlock_t *lock) {
  spin_lock(lock);
  for (struct object *o = first(); o; o = after(o)) {
    if (o->can_wait)
      continue;
    o = after(o);
    wait_for(o); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(lock);
}
void bad_one_round_later(spinlock_t *lock) {
  struct object *before = first();
  spin_lock(lock);
  for (struct object *o = first(); o; o = after(o)) {
    wait_for(before); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
    if (o->can_wait)
      break;
    before = o;
  }
  spin_unlock(lock);
}
// A way into the middle of a loop: it is not gone round from its head alone.
void bad_by_a_side_entry(struct object *o, spinlock_t *lock, int resumes) {
  spin_lock(lock);
  if (resumes)
    goto middle;
  for (; o; o = after(o)) {
    if (o->can_wait)
      continue;
  middle:
    wait_for(o); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(lock);
}
void bad_after_the_loop(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  for (; o; o = after(o))
    if (o->is_shared) {
      spin_unlock(lock);
      return;
    }
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}
// What is found may be NULL, though the loop follows it.
static struct object *find(struct object *list) {
  struct object *o = list;
  while (o) {
    if (o->is_shared)
      break;
    o = o->next;
  }
  return o;
}
void bad_not_found(spinlock_t *lock, struct object *list) {
  if (find(list))
    return;
  spin_lock(lock);
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}
static bool is_missing(struct object *o) { return !o || o == (struct object *)5; }
static struct object *check(struct object *o) {
  if (is_missing(o))
    return o;
  use(o->next);
  return o;
}
void bad_missing(spinlock_t *lock, struct object *o) {
  if (check(o))
    return;
  spin_lock(lock);
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}

// Each option is a way back to the head, and each value that is new there another round.
int next_option(void);
void use_all(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j);
static void parse(spinlock_t *lock) {
  int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0;
  for (;;)
    switch (next_option()) {
    case 1: a = 1; break;
    case 2: b = 1; break;
    case 3: c = 1; break;
    case 4: d = 1; break;
    case 5: e = 1; break;
    case 6: f = 1; break;
    case 7: g = 1; break;
    case 8: h = 1; break;
    case 9: i = 1; break;
    case 10: j = 1; break;
    case 11:
      spin_lock(lock);
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
      spin_unlock(lock);
      break;
    case 0: return use_all(a, b, c, d, e, f, g, h, i, j);
    }
}
void bad_after_many_rounds(spinlock_t *lock) {
  parse(lock);
  spin_lock(lock);
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}

static void release(struct kref *ref) { mutex_lock(&((struct object *)ref)->mutex); }
void ok_a_reference_in_each_round(spinlock_t *lock) {
  spin_lock(lock);
  for (struct object *o = first(); o; o = after(o)) {
    kref_get(&o->ref);
    if (o->is_shared)
      use(o);
    kref_put(&o->ref, release);
  }
  spin_unlock(lock);
}
void bad_another_s(spinlock_t *lock) {
  spin_lock(lock);
  for (struct object *o = first(); o; o = after(o)) {
    kref_get(&o->ref);
    use(o);
    kref_put(&o->next->ref, release); // DROP: :[[#@LINE]]:{{.*}}[blocking-drop]
  }
  spin_unlock(lock);
}
