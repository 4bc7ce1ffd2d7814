// Flags that are changed bit by bit: what was set on the way is set, what was cleared is cleared, and what is known of the others stays known.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
// RUN: %check-rule %s alloc-in-atomic --findings-only --prefix NONE -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

enum { NOWAIT = 1, BUSY = 2, URGENT = 4 };
#define GFP_KERNEL 0xcc0u
#define GFP_ATOMIC 0x820u
#define NOWARN 0x2000u
struct request {
  unsigned flags;
};
static void submit(struct request *r) {
  if (!(r->flags & NOWAIT))
    msleep(1);
}
static void send(struct request *r) {
  if (!(r->flags & NOWAIT))
    msleep(1);
}
void use(void *p);

void ok_one_after_the_other(spinlock_t *lock, int busy) {
  struct request r;
  unsigned flags = 0;
  if (busy)
    flags |= BUSY;
  flags |= NOWAIT;
  r.flags = flags;
  spin_lock(lock);
  submit(&r);
  spin_unlock(lock);
}
void bad_cleared_again(spinlock_t *lock, int busy) {
  unsigned flags = 0;
  if (busy)
    flags |= BUSY;
  flags |= NOWAIT;
  flags &= ~NOWAIT;
  struct request r = {flags};
  spin_lock(lock);
  submit(&r); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}
void bad_only_sometimes(spinlock_t *lock, int busy) {
  unsigned flags = 0;
  if (busy)
    flags |= NOWAIT;
  flags |= URGENT;
  struct request r = {flags};
  spin_lock(lock);
  submit(&r); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}
// In memory others change them, bit by bit too.
static void acknowledge(struct request *r) { r->flags &= ~BUSY; }
void bad_changed_by_another(spinlock_t *lock, struct request *r) {
  r->flags |= BUSY;
  spin_lock(lock);
  acknowledge(r);
  if (!(r->flags & BUSY))
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}
void ok_two_numbers_with_the_same_bit(spinlock_t *lock, int mode) {
  switch (mode) {
  case 1:
  case 5:
    break;
  default:
    return;
  }
  spin_lock(lock);
  if ((mode & 3) != 1)
    msleep(1);
  spin_unlock(lock);
}
void ok_tested_before(spinlock_t *lock, unsigned flags) {
  if (!(flags & NOWAIT))
    return;
  flags |= URGENT;
  struct request r = {flags};
  spin_lock(lock);
  submit(&r);
  spin_unlock(lock);
}
void bad_not_in_the_last_round(spinlock_t *lock, int n) {
  unsigned flags = NOWAIT;
  for (int i = 0; i < n; i++) {
    flags |= NOWAIT;
    use(&i);
    flags &= URGENT;
  }
  struct request r = {flags};
  spin_lock(lock);
  send(&r); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(lock);
}
void ok_chosen_then_more(spinlock_t *lock, bool is_atomic) {
  gfp_t gfp = GFP_KERNEL;
  if (is_atomic)
    spin_lock(lock);
  if (is_atomic)
    gfp = GFP_ATOMIC;
  gfp |= NOWARN;
  use(__kmalloc_noprof(8, gfp));
  if (is_atomic)
    spin_unlock(lock);
}
