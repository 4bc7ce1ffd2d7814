// Flags that were chosen on the way are as good as flags that were passed: each way allocates with its own.
//
// RUN: %check-rule %s alloc-in-atomic --findings-only --prefix ALLOC -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  spinlock_t lock;
  void *memory;
  gfp_t flags;
};
static void *allocate(struct dev *d, bool can_wait) {
  gfp_t flags = GFP_KERNEL;
  if (!can_wait)
    flags = GFP_ATOMIC;
  return __kmalloc_noprof(8, flags);
}
void ok_cannot_wait(struct dev *d) {
  spin_lock(&d->lock);
  d->memory = allocate(d, 0);
  spin_unlock(&d->lock);
}
void bad_can_wait(struct dev *d) {
  spin_lock(&d->lock);
  d->memory = allocate(d, 1); // ALLOC-DAG: :[[#@LINE]]:{{.*}}[alloc-in-atomic]
  spin_unlock(&d->lock);
}
void ok_locked_if_atomic(struct dev *d, bool atomic) {
  gfp_t flags = GFP_KERNEL;
  if (atomic) {
    spin_lock(&d->lock);
    flags = GFP_ATOMIC;
  }
  d->memory = __kmalloc_noprof(8, flags);
  if (atomic)
    spin_unlock(&d->lock);
}
// What only memory decides is not guessed.
void ok_locked_whatever_it_is(struct dev *d) {
  gfp_t flags = GFP_KERNEL;
  if (d->memory)
    flags = GFP_ATOMIC;
  spin_lock(&d->lock);
  d->memory = __kmalloc_noprof(8, flags);
  spin_unlock(&d->lock);
}
// Nobody tests the field here; whoever it is passed to does.
static void set_up(struct dev *d, gfp_t flags) { d->flags = flags; }
void ok_set_up_for_it(struct dev *d) {
  set_up(d, GFP_ATOMIC);
  spin_lock(&d->lock);
  d->memory = __kmalloc_noprof(8, d->flags);
  spin_unlock(&d->lock);
}
void bad_set_up_for_more(struct dev *d) {
  set_up(d, GFP_KERNEL);
  spin_lock(&d->lock);
  d->memory = __kmalloc_noprof(8, d->flags); // ALLOC-DAG: :[[#@LINE]]:{{.*}}[alloc-in-atomic]
  spin_unlock(&d->lock);
}
