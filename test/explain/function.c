// What a C function may do, under which condition on its arguments, which locks it takes, and where it is called.
#include "../Inputs/kernel/kernel.h"

struct drv {
  spinlock_t lock;
  struct mutex big;
  void *data;
};

int drv_read(struct drv *d, unsigned flags, gfp_t gfp) {
  spin_lock(&d->lock);
  spin_unlock(&d->lock);
  if (!(flags & 0x400))
    mutex_lock(&d->big);
  d->data = __kmalloc_noprof(16, gfp);
  return 0;
}

void drv_lock(struct drv *d) { spin_lock(&d->lock); }
int drv_trylock(struct drv *d) { return spin_trylock(&d->lock); }
void drv_unlock(struct drv *d) { spin_unlock(&d->lock); }

static void helper(struct drv *d) { drv_read(d, 0, GFP_KERNEL); }
void bad_under_lock(struct drv *d) {
  drv_lock(d);
  helper(d);
  drv_unlock(d);
}
void ok_in_a_task(struct drv *d) { helper(d); }

static irqreturn_t drv_irq(int irq, void *dev) { return drv_read(dev, 0x400, GFP_ATOMIC); }
int drv_probe(struct drv *d) { return request_threaded_irq(7, drv_irq, 0, 0, "drv", d); }

void drv_mystery(struct drv *d);
void drv_half_known(struct drv *d) { drv_mystery(d); }
void drv_calls(struct drv *d, void (*then)(struct drv *)) { then(d); }
void drv_fixed(void) { __kmalloc_noprof(8, GFP_ATOMIC); }

// RUN: %fencelint explain drv_read %s -- | FileCheck %s --check-prefix=READ --match-full-lines
// READ: {{.*}}function.c:10:5: drv_read: int (struct drv *, unsigned int, unsigned int) (explain)
// READ-NEXT:   may run with preemption disabled: not when !(flags & 0x400), or when gfp & 0x400
// READ-NEXT:   may run in a hard interrupt: not when !(flags & 0x400), or when gfp & 0x400
// READ-NEXT:   may run where allocating is forbidden: no
// READ-NEXT:   does
// READ-NEXT:     may sleep when !(flags & 0x400)
// READ-NEXT: {{.*}}function.c:14:5: note: 'mutex_lock' may sleep, described in linux/mutex.yaml:{{[0-9]+}}
// READ-NEXT:     may allocate with reclaim when gfp & 0x400, with flags 'gfp'
// READ-NEXT: {{.*}}note: '__kmalloc_noprof' may allocate with reclaim, described in linux/slab.yaml:{{[0-9]+}}
// READ-NEXT:     may allocate, with flags 'gfp'
// READ-NEXT: {{.*}}note: '__kmalloc_noprof' may allocate, described in linux/slab.yaml:{{[0-9]+}}
// READ-NEXT:   locks
// READ-NEXT:     takes spinlock 'drv.lock'
// READ-NEXT: {{.*}}note: calls 'spin_lock'
// READ-NEXT:     takes sleeping lock 'drv.big' when !(flags & 0x400)
// READ-NEXT: {{.*}}note: calls 'mutex_lock'
// READ-NEXT:   called
// READ-NEXT:     by name in 2 functions
// READ-NEXT:     while interrupts are disabled, in a hard interrupt, in 1 place
// READ-NEXT: {{.*}}note: 'drv_irq' is stored in 'request_threaded_irq': interrupt handlers run with interrupts off
// READ-NEXT: {{.*}}note: calls 'drv_read'
// READ-NEXT:     while preemption is disabled, in 1 place
// READ-NEXT: {{.*}}note: 'drv_lock' takes spinlock 'd->lock' here
// READ-NEXT: {{.*}}note: calls 'helper'
// READ-NEXT: {{.*}}note: calls 'drv_read'
// READ-NOT: {{.}}

// RUN: %fencelint explain drv_lock %s -- | FileCheck %s --check-prefix=LOCK
// LOCK: returns with spinlock 'd->lock' held{{$}}
// RUN: %fencelint explain drv_trylock %s -- | FileCheck %s --check-prefix=TRY
// TRY: returns with spinlock 'd->lock' held when the result is not 0
// RUN: %fencelint explain drv_unlock %s -- | FileCheck %s --check-prefix=UNLOCK
// UNLOCK: does nothing that a context may forbid
// UNLOCK: returns with its caller's level given back: spinlock 'd->lock'

// A function that is itself stored in a slot says with which contract.
// RUN: %fencelint explain drv_irq %s -- | FileCheck %s --check-prefix=IRQ
// IRQ: by name in 0 functions
// IRQ: through '{{.*}}request_threaded_irq': interrupt handlers run with interrupts off
// IRQ: while interrupts are disabled, in a hard interrupt, in 1 place

// Unknown is an answer, and says what is missing.
// RUN: %fencelint explain drv_half_known %s -- | FileCheck %s --check-prefix=HALF
// HALF: may run with preemption disabled: yes, as far as is known
// HALF: unknown, and would have to be described
// HALF-NEXT: 'drv_mystery': no body here and nothing describes it
// HALF-NEXT: function.c:{{.*}}: note: calls 'drv_mystery'
// RUN: %fencelint explain drv_mystery %s -- | FileCheck %s --check-prefix=MYSTERY
// MYSTERY: unknown: it has no body here and nothing describes it
// MYSTERY-NOT: may run
// MYSTERY: by name in 1 function

// RUN: %fencelint explain drv_calls %s -- | FileCheck %s --check-prefix=CALLS
// CALLS: may run with preemption disabled: yes, as far as is known
// CALLS: calls 'then', which it is given
// RUN: %fencelint explain drv_fixed %s -- | FileCheck %s --check-prefix=FIXED
// FIXED: may run with preemption disabled: yes
// FIXED-NOT: reclaim
// FIXED: may allocate, with flags 0x820

// A described function is explained by its description.
// RUN: %fencelint explain mutex_lock %s -- | FileCheck %s --check-prefix=MUTEX
// MUTEX: described in linux/mutex.yaml:
// MUTEX: may run with preemption disabled: no
// MUTEX: by name in 1 function
