// Interrupt handlers are threads on PREEMPT_RT, and callbacks under a fence's lock are preemptible: they may take a spinlock_t. What runs under a
// raw lock, as an irq_chip's functions do, may not.
//
// RUN: not %fencelint check %s --rt -- -std=gnu11 | FileCheck %s --implicit-check-not=warning:
// RUN: %fencelint explain take %s --rt -- -std=gnu11 | FileCheck %s --check-prefix=EXPLAIN
// EXPLAIN: take:
// EXPLAIN: may run with preemption disabled: no
// EXPLAIN: may sleep on PREEMPT_RT
// EXPLAIN: takes sleeping lock 'lock'
#include "../Inputs/kernel/locks.h"

typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int, void *);
int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn, unsigned long flags, const char *name, void *dev);
struct irq_data;
struct irq_chip {
  void (*irq_mask)(struct irq_data *data);
};
static spinlock_t lock;

static void take(void) {
  unsigned long flags;
  spin_lock_irqsave(&lock, flags);
  spin_unlock_irqrestore(&lock, flags);
}

static irqreturn_t ok_on_interrupt(int irq, void *dev) {
  take();
  return 1;
}
int register_it(void) { return request_threaded_irq(1, ok_on_interrupt, 0, 0, "device", 0); }

struct drm_crtc;
struct drm_crtc_funcs {
  int (*enable_vblank)(struct drm_crtc *crtc);
};
static int ok_under_two_spinlocks(struct drm_crtc *crtc) {
  take();
  return 0;
}
const struct drm_crtc_funcs funcs = {.enable_vblank = ok_under_two_spinlocks};

static void bad_mask(struct irq_data *data) {
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: 'take' may sleep on PREEMPT_RT (in '_raw_spin_lock_irqsave'), but 'bad_mask' is stored in 'irq_chip.irq_mask': irq_chip callbacks are called under the raw desc->lock [sleep-in-atomic]
  take();
}
const struct irq_chip chip = {.irq_mask = bad_mask};
