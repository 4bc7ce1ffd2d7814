// `if (p) get(p); ... if (p) put(p);`: where there is no object, no reference of it is missing.
//
// RUN: %check-rule %s blocking-drop --findings-only --prefix DROP -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct object {
  struct kref ref;
  struct mutex mutex;
};
struct dev {
  spinlock_t lock;
  struct object *current;
};
void use(struct object *o);
// One for each function: many ways to one cause are one finding.
#define RELEASE(name) \
  static void name(struct kref *ref) { \
    struct object *o = (struct object *)ref; \
    mutex_lock(&o->mutex); \
    mutex_unlock(&o->mutex); \
  }
RELEASE(release)
RELEASE(release_untaken)
RELEASE(release_twice)
RELEASE(release_other)
RELEASE(release_changed)
void ok_taken_if_there_is_one(struct dev *d) {
  struct object *o;
  spin_lock(&d->lock);
  o = d->current;
  if (o)
    kref_get(&o->ref);
  use(o);
  if (o)
    kref_put(&o->ref, release);
  spin_unlock(&d->lock);
}
void bad_not_taken(struct dev *d) {
  struct object *o;
  spin_lock(&d->lock);
  o = d->current;
  if (o)
    use(o);
  if (o)
    kref_put(&o->ref, release_untaken); // DROP-DAG: :[[#@LINE]]:{{.*}}[blocking-drop]
  spin_unlock(&d->lock);
}
static struct object *get_shown(struct dev *d) {
  struct object *o = d->current;
  if (o)
    kref_get(&o->ref);
  return o;
}
void ok_taken_by_callee(struct dev *d) {
  struct object *o;
  spin_lock(&d->lock);
  o = get_shown(d);
  if (o) {
    use(o);
    kref_put(&o->ref, release);
  }
  spin_unlock(&d->lock);
}
void bad_put_twice(struct dev *d) {
  struct object *o;
  spin_lock(&d->lock);
  o = get_shown(d);
  if (o) {
    kref_put(&o->ref, release_twice);
    kref_put(&o->ref, release_twice); // DROP-DAG: :[[#@LINE]]:{{.*}}[blocking-drop]
  }
  spin_unlock(&d->lock);
}
void bad_of_another(struct dev *d, struct object *other) {
  spin_lock(&d->lock);
  if (d->current)
    kref_get(&d->current->ref);
  if (other)
    kref_put(&other->ref, release_other); // DROP-DAG: :[[#@LINE]]:{{.*}}[blocking-drop]
  spin_unlock(&d->lock);
}
void set(struct object **o);
void bad_changed_since(struct dev *d) {
  struct object *o;
  set(&o);
  if (o)
    kref_get(&o->ref);
  set(&o);
  spin_lock(&d->lock);
  if (o)
    kref_put(&o->ref, release_changed); // DROP-DAG: :[[#@LINE]]:{{.*}}[blocking-drop]
  spin_unlock(&d->lock);
}
