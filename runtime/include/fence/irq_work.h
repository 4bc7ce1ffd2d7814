/*===- fence/irq_work.h - run this as soon as no lock is held any more ---------------------------------------------===
 *
 * For what must not happen under the lock that is held here but cannot wait for a thread: signalling another fence, putting a
 * reference. The function runs on the thread that queued it, in interrupt context, as soon as that thread leaves its outermost atomic
 * section; a function that queues the next one does not nest, so a chain of any length needs no stack.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_IRQ_WORK_H
#define FENCE_IRQ_WORK_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct fence_irq_work;
/** Runs in an interrupt's context: nothing may sleep. May free `work`, or queue it again. */
typedef FENCE_RUNS_IN("runtime-interrupt") void (*fence_irq_work_func)(struct fence_irq_work *work);

/** Caller-owned memory; stays until it has run. The fields are the runtime's. */
struct fence_irq_work {
  struct fence_deferred deferred;
  fence_irq_work_func func;
  uint32_t pending;
};

/** Context: any. */
FENCE_NONBLOCKING void fence_irq_work_init(struct fence_irq_work *work, fence_irq_work_func func) FENCE_DETAIL_NOEXCEPT;
/** Lets func(work) run once, before this call returns if nothing is atomic here. False: it is queued already, perhaps by another
 *  thread; it will run after this call all the same.
 *  Context: any. Ownership: `work` is the runtime's until func is called. Does not allocate. */
FENCE_NONBLOCKING bool fence_irq_work_queue(struct fence_irq_work *work) FENCE_DETAIL_NOEXCEPT;
/** Whether it is queued and has not begun.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_irq_work_pending(const struct fence_irq_work *work) FENCE_DETAIL_NOEXCEPT;
/** Returns when it is neither queued nor running. Then its memory may go, if nobody queues it again.
 *  Context: may sleep. */
FENCE_WAITS_FOR("irq") void fence_irq_work_sync(struct fence_irq_work *work) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_IRQ_WORK_H */
