// What code is told when it asks where it runs. `in_interrupt()` says nothing of a lock that its caller holds; what is locked after the question counts; and
// where this function itself has made it so, the answer is known.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
// RUN: %check-rule %s alloc-in-atomic --findings-only --prefix ALLOC -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

#define in_interrupt() (preempt_count() & 0xffff00)
#define in_atomic() (preempt_count() != 0)
unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
bool arch_irqs_disabled(void);
bool oops_in_progress(void);

struct dev {
  spinlock_t lock;
  void *memory;
};
void bad_no_interrupt_but_a_lock(struct dev *d) {
  spin_lock(&d->lock);
  if (!in_interrupt())
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_locked_since(struct dev *d) {
  if (in_atomic())
    return;
  spin_lock(&d->lock);
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_asked_under_the_lock(struct dev *d) {
  spin_lock(&d->lock);
  if (!in_atomic())
    msleep(1);
  spin_unlock(&d->lock);
}
void ok_unlocked_since(struct dev *d) {
  if (in_atomic())
    return;
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  msleep(1);
}
void bad_flags_of_another_question(struct dev *d) {
  spin_lock(&d->lock);
  d->memory = __kmalloc_noprof(8, in_interrupt() ? GFP_ATOMIC : GFP_KERNEL); // ALLOC-DAG: :[[#@LINE]]:{{.*}}[alloc-in-atomic]
  spin_unlock(&d->lock);
}
void ok_flags_of_this_question(struct dev *d) {
  spin_lock(&d->lock);
  d->memory = __kmalloc_noprof(8, in_atomic() ? GFP_ATOMIC : GFP_KERNEL);
  spin_unlock(&d->lock);
}
// Interrupts are off here, so the second half of the question is answered.
void ok_interrupts_are_off(struct dev *d) {
  unsigned long flags = _raw_spin_lock_irqsave(&d->lock);
  if (!arch_irqs_disabled())
    msleep(1);
  spin_unlock_irqrestore(&d->lock, flags);
}
void bad_interrupts_are_on(struct dev *d) {
  spin_lock(&d->lock);
  if (!arch_irqs_disabled())
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// As drm_can_sleep() is written.
static bool can_sleep(void) {
  if (in_atomic() || oops_in_progress() || arch_irqs_disabled())
    return 0;
  return 1;
}
void ok_can_sleep(struct dev *d) {
  spin_lock(&d->lock);
  if (can_sleep())
    msleep(1);
  spin_unlock(&d->lock);
}
void bad_cannot_sleep(struct dev *d) {
  spin_lock(&d->lock);
  if (!can_sleep())
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
