// What the last put runs counts, not what the put does in most cases.
//
// RUN: %check-rule %s blocking-drop --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct object {
  struct kref ref;
  struct mutex mutex;
  spinlock_t lock;
};
static void slow_release(struct kref *ref) { mutex_lock(&((struct object *)ref)->mutex); }
static void quick_release(struct kref *ref) { kfree(ref); }
static void slow_put(struct object *o) { kref_put(&o->ref, slow_release); }
static void quick_put(struct object *o) { kref_put(&o->ref, quick_release); }

void bad_put(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'slow_put' may sleep when it drops the last reference (in 'mutex_lock') while holding spinlock 'lock' [blocking-drop]
  slow_put(o);
  spin_unlock(lock);
}
void ok_quick_release(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  quick_put(o);
  spin_unlock(lock);
}
void ok_outside(spinlock_t *lock, struct object *o) {
  spin_lock(lock);
  spin_unlock(lock);
  slow_put(o);
}
static void release_unlocks(struct kref *ref) { // gives its caller's lock back first
  struct object *o = (struct object *)ref;
  spin_unlock(&o->lock);
  mutex_lock(&o->mutex);
  spin_lock(&o->lock);
}
void ok_release_drops_the_lock(struct object *o) {
  spin_lock(&o->lock);
  kref_put(&o->ref, release_unlocks);
  spin_unlock(&o->lock);
}
struct buffer { void *memory; };
static void destroy(struct buffer *b) { vfree(b->memory); }
void bad_release_that_blocks(spinlock_t *lock, struct buffer *b) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'destroy' may sleep outside interrupts (in 'vfree'){{.*}}[blocking-drop]
  destroy(b);
  spin_unlock(lock);
}
