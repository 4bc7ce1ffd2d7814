/*===- fence/rcu.h - read without a lock, free after every reader has gone ----------------------------------------===
 *
 * Fences are looked at without a lock (dma_fence_get_rcu and the walks of dma_resv), so their memory is given back only after a
 * grace period. Readers and grace periods are liburcu's "bp" flavour, in which threads register themselves; what waits
 * for a grace period is ours: one intrusive list and one reclaimer thread, so that a million released fences cost a push each
 * and one grace period per batch.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_RCU_H
#define FENCE_RCU_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/** Readers nest. What was reachable at the lock stays allocated until the unlock.
 *  Context: any, interrupts too. */
FENCE_NONBLOCKING FENCE_ENTERS("rcu") void fence_rcu_read_lock(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_LEAVES("rcu") void fence_rcu_read_unlock(void) FENCE_DETAIL_NOEXCEPT;

/** Embedded in what is to be freed; 16 bytes. */
struct fence_rcu_head {
  struct fence_rcu_head *next;
  void (*func)(struct fence_rcu_head *head);
};

/** Calls func(head) after a grace period, on the reclaimer thread.
 *  Context: any; does not allocate. Ownership: `head` is the runtime's until func is called. */
FENCE_NONBLOCKING void fence_call_rcu(struct fence_rcu_head *head,
                                      FENCE_RUNS_IN("runtime-rcu-callback") void (*func)(struct fence_rcu_head *head))
    FENCE_DETAIL_NOEXCEPT;
/** Calls free() on `memory`, in which `head` lies at most 4 KiB from the start, after a grace period.
 *  Context: any; does not allocate. Ownership: `memory` is the runtime's. */
FENCE_NONBLOCKING void fence_free_rcu(void *memory, struct fence_rcu_head *head) FENCE_DETAIL_NOEXCEPT;

/** Returns when every reader that was there at the call has gone.
 *  Context: may sleep; not within a reader. */
FENCE_WAITS_FOR("grace period") void fence_synchronize_rcu(void) FENCE_DETAIL_NOEXCEPT;
/** Returns when everything given to fence_call_rcu() or fence_free_rcu() before the call has been done.
 *  Context: may sleep; not within a reader, nor on the reclaimer. */
FENCE_WAITS_FOR("grace period") void fence_rcu_barrier(void) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_RCU_H */
