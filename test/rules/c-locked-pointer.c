// Where a lock is held there is an object that it is in: the pointer to it is neither NULL nor an error. So a function that returns a locked object or
// an error is told apart by its result.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

#define ERR_PTR(e) ((void *)(long)(e))
#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095)
struct dev {
  struct dev *parent;
  spinlock_t lock;
  int usable;
};
struct dev *find(struct dev *d);
static struct dev *find_locked(struct dev *from) {
  struct dev *d = find(from);
  if (!d)
    return ERR_PTR(-19);
  spin_lock(&d->lock);
  return d;
}
int bad_found(struct dev *from) {
  struct dev *d = find_locked(from);
  if (IS_ERR(d))
    return -1;
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
  return 0;
}
int ok_not_found(struct dev *from) {
  struct dev *d = find_locked(from);
  if (IS_ERR(d)) {
    msleep(1);
    return -1;
  }
  spin_unlock(&d->lock);
  return 0;
}
static struct dev *usable_parent(struct dev *from) {
  struct dev *d = from->parent;
  spin_lock(&d->lock);
  if (!d->usable) {
    spin_unlock(&d->lock);
    return ERR_PTR(-16);
  }
  return d;
}
int bad_usable(struct dev *from) {
  struct dev *d = usable_parent(from);
  if (IS_ERR(d))
    return -1;
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
  return 0;
}
int ok_unusable(struct dev *from) {
  struct dev *d = usable_parent(from);
  if (IS_ERR(d)) {
    msleep(1);
    return -1;
  }
  spin_unlock(&d->lock);
  return 0;
}
void ok_locked_or_null(struct dev *from) {
  struct dev *d = 0;
  if (from->usable) {
    d = from->parent;
    spin_lock(&d->lock);
  }
  if (d)
    spin_unlock(&d->lock);
  msleep(1);
}
// The pointer is cleared on one way, and was NULL on the other: either way it is NULL.
static struct dev *locked_if_usable(struct dev *from) {
  struct dev *d = from->parent;
  if (d) {
    spin_lock(&d->lock);
    if (!d->usable) {
      spin_unlock(&d->lock);
      d = 0;
    }
  }
  return d;
}
int bad_locked(struct dev *from) {
  struct dev *d = locked_if_usable(from);
  if (!d)
    return -1;
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
  return 0;
}
int ok_not_locked(struct dev *from) {
  struct dev *d = locked_if_usable(from);
  if (!d) {
    msleep(1);
    return -1;
  }
  spin_unlock(&d->lock);
  return 0;
}
// The pointer that was locked through is another one now.
void bad_moved_on(struct dev *d) {
  spin_lock(&d->parent->lock);
  d->parent = d->parent->parent;
  if (!d->parent)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
}
void set(struct dev **d);
void bad_set_by_callee(void) {
  struct dev *d;
  set(&d);
  spin_lock(&d->lock);
  set(&d);
  if (!d)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
}
void bad_next_one(struct dev *from) {
  for (;;) {
    struct dev *d = find(from);
    if (!d) {
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
      return;
    }
    spin_lock(&d->lock);
  }
}
