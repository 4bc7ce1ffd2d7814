// A spinlock_t sleeps on PREEMPT_RT: not under a raw lock, nor with interrupts or preemption off by themselves. What takes it so leaves the same
// call behind as what takes a raw lock, and is told apart by what it passes.
//
// RUN: not %fencelint check %s --rt -- -std=gnu11 | FileCheck %s --implicit-check-not=warning:
// RUN: %fencelint check %s -- -std=gnu11 | FileCheck %s --check-prefix=WITHOUT
// WITHOUT: 0 findings
#include "../Inputs/kernel/locks.h"

struct device {
  raw_spinlock_t raw;
  spinlock_t lock, inner;
  rwlock_t table;
};

void bad_under_raw(struct device *d) {
  raw_spin_lock(&d->raw);
  // CHECK: :[[#@LINE+2]]:{{.*}}warning: 'spin_lock' may sleep on PREEMPT_RT while holding raw spinlock 'd->raw' [sleep-in-atomic]
  // CHECK: note: 'spin_lock' may sleep on PREEMPT_RT, described in linux-rt/spinlock.yaml
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  raw_spin_unlock(&d->raw);
}

void bad_saving_under_raw(struct device *d) {
  unsigned long flags, more;
  raw_spin_lock_irqsave(&d->raw, flags);
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: '_raw_spin_lock_irqsave' may sleep on PREEMPT_RT while holding raw spinlock 'd->raw' [sleep-in-atomic]
  spin_lock_irqsave(&d->lock, more);
  spin_unlock_irqrestore(&d->lock, more);
  raw_spin_unlock_irqrestore(&d->raw, flags);
}

void bad_interrupts_off(struct device *d) {
  unsigned long flags;
  local_irq_save(flags);
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: 'spin_lock' may sleep on PREEMPT_RT while interrupts are disabled [sleep-in-atomic]
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  local_irq_restore(flags);
}

void bad_preemption_off(struct device *d) {
  preempt_disable();
  rcu_read_lock();
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: '_raw_read_lock' may sleep on PREEMPT_RT while preemption is disabled [sleep-in-atomic]
  read_lock(&d->table);
  read_unlock(&d->table);
  rcu_read_unlock();
  preempt_enable();
}

void ok_nested(struct device *d) {
  unsigned long flags, more;
  spin_lock_irqsave(&d->lock, flags);
  spin_lock(&d->inner);
  spin_unlock(&d->inner);
  spin_lock_irqsave(&d->inner, more);
  spin_unlock_irqrestore(&d->inner, more);
  raw_spin_lock(&d->raw);
  raw_spin_unlock(&d->raw);
  spin_lock(&d->inner);
  spin_unlock(&d->inner);
  spin_unlock_irqrestore(&d->lock, flags);
}

void ok_reader(struct device *d) {
  rcu_read_lock();
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  rcu_read_unlock();
}

void ok_bottom_halves_off(struct device *d) {
  local_bh_disable();
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  local_bh_enable();
}

void ok_raw_under_raw(struct device *d, raw_spinlock_t *other) {
  unsigned long flags;
  raw_spin_lock(&d->raw);
  raw_spin_lock_irqsave(other, flags);
  raw_spin_unlock_irqrestore(other, flags);
  raw_spin_unlock(&d->raw);
}

void ok_after_trylock(struct device *d) {
  unsigned long flags;
  if (!spin_trylock_irqsave(&d->lock, flags))
    return;
  spin_lock(&d->inner);
  spin_unlock(&d->inner);
  spin_unlock_irqrestore(&d->lock, flags);
  spin_lock(&d->inner);
  spin_unlock(&d->inner);
}
