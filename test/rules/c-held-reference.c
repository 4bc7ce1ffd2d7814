// A put is not the last where the function has just taken a reference, because whoever takes one knows that another is held: by the caller, of
// what it passes; by a table, of what was found in it, as long as its lock is held. Who asks for one and gets it found another there too, and
// hardly drops the last while he keeps his locks: that much is left to --min-confidence low.
//
// RUN: %check-rule %s blocking-drop --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct object {
  struct kref ref;
  struct mutex mutex;
  struct object *next;
};
static void object_get(struct object *o) { kref_get(&o->ref); }
// Several, as four places with one cause would be one finding.
#define OBJECT_PUT(put, release)                                                                                                       \
  static void release(struct kref *ref) { mutex_lock(&((struct object *)ref)->mutex); }                                               \
  static void put(struct object *o) { kref_put(&o->ref, release); }
OBJECT_PUT(object_put, release_put)
OBJECT_PUT(object_drop, release_drop)
OBJECT_PUT(object_free, release_free)
OBJECT_PUT(object_leave, release_leave)
OBJECT_PUT(object_let_go, release_let_go)
struct object *table[16];
void use(struct object *o);

void ok_pair(spinlock_t *lock, struct object *o, int queued) {
  spin_lock(lock);
  object_get(o);
  if (!queued)
    object_put(o);
  spin_unlock(lock);
}
void ok_held_since_before(spinlock_t *lock, struct object *o) {
  object_get(o);
  spin_lock(lock);
  use(o);
  object_put(o);
  spin_unlock(lock);
}
void ok_found_under_the_lock(spinlock_t *lock, int id) {
  spin_lock(lock);
  struct object *o = table[id];
  object_get(o);
  use(o);
  object_put(o);
  spin_unlock(lock);
}
void bad_found_under_another_lock(spinlock_t *lock, spinlock_t *table_lock, int id) {
  spin_lock(table_lock);
  struct object *o = table[id];
  object_get(o);
  spin_unlock(table_lock);
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_put{{.*}}[blocking-drop]
  object_put(o);
  spin_unlock(lock);
}
void bad_second_put(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  object_get(o);
  object_put(o);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_put{{.*}}[blocking-drop]
  object_put(o);
  spin_unlock(lock);
}
void bad_another_object(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  object_get(o);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_drop{{.*}}[blocking-drop]
  object_drop(o->next);
  spin_unlock(lock);
}
void bad_another_by_then(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  object_get(o);
  o = o->next;
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_drop{{.*}}[blocking-drop]
  object_drop(o);
  spin_unlock(lock);
}
void bad_not_taken_on_every_path(spinlock_t *lock, struct object *o, int shared) {
  spin_lock(lock);
  if (shared)
    object_get(o);
  use(o);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_drop{{.*}}[blocking-drop]
  object_drop(o);
  spin_unlock(lock);
}
static bool object_get_if_any(struct object *o) { return refcount_inc_not_zero(&o->ref.refcount); }
void ok_taken_if_there_is_one(spinlock_t *lock, int id) {
  spin_lock(lock);
  struct object *o = table[id];
  if (object_get_if_any(o)) {
    use(o);
    object_leave(o);
  }
  spin_unlock(lock);
}
void ok_nobody_asks_whether_there_was_one(spinlock_t *lock, struct object *o, int queued) {
  spin_lock(lock);
  object_get_if_any(o);
  if (!queued)
    object_leave(o);
  spin_unlock(lock);
}
void bad_lock_given_back_since(spinlock_t *lock, spinlock_t *table_lock, int id) {
  spin_lock(lock);
  spin_lock(table_lock);
  struct object *o = table[id];
  bool is_there = object_get_if_any(o);
  spin_unlock(table_lock);
  if (is_there) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_leave{{.*}}[blocking-drop]
    object_leave(o);
  }
  spin_unlock(lock);
}
void bad_mutex_given_back_since(spinlock_t *lock, struct mutex *table_mutex, int id) {
  mutex_lock(table_mutex);
  struct object *o = table[id];
  bool is_there = object_get_if_any(o);
  mutex_unlock(table_mutex);
  spin_lock(lock);
  if (is_there) {
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_let_go{{.*}}[blocking-drop]
    object_let_go(o);
  }
  spin_unlock(lock);
}
void bad_second_put_of_one(spinlock_t *lock, int id) {
  spin_lock(lock);
  struct object *o = table[id];
  if (object_get_if_any(o)) {
    object_let_go(o);
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_let_go{{.*}}[blocking-drop]
    object_let_go(o);
  }
  spin_unlock(lock);
}
static void give_back(struct object *o) { object_free(o); }
void bad_given_back_by_a_callee(spinlock_t *lock, struct object *o) {
  object_get(o);
  give_back(o);
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}object_free{{.*}}[blocking-drop]
  object_free(o);
  spin_unlock(lock);
}
// One or the other: that one of them is held says nothing.
static void drop_either(struct object *a, struct object *b, spinlock_t *lock, int first) {
  struct object *o = b;
  if (first) {
    spin_lock(lock);
    o = a;
  }
  if (refcount_dec_and_test(&o->ref.refcount)) {
    if (first)
      spin_unlock(lock);
    mutex_lock(&o->mutex);
    return;
  }
  if (first)
    spin_unlock(lock);
}
void bad_holds_the_one(spinlock_t *lock, spinlock_t *other, struct object *a, struct object *b, int first) {
  object_get(a);
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}drop_either{{.*}}[blocking-drop]
  drop_either(a, b, other, first);
  spin_unlock(lock);
}
void bad_holds_the_other(spinlock_t *lock, spinlock_t *other, struct object *a, struct object *b, int first) {
  object_get(b);
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}drop_either{{.*}}[blocking-drop]
  drop_either(a, b, other, first);
  spin_unlock(lock);
}
