/*===- fence/completion.h - wait until something has been done ----------------------------------------------------===
 *
 * A counter with waiters: fence_complete() lets one thread pass, now or later; fence_complete_all() lets everybody pass from then on.
 * It may lie on the stack of the waiter: once a wait has returned, nobody touches it any more.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_COMPLETION_H
#define FENCE_COMPLETION_H

#include <fence/list.h>
#include <fence/spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/** Caller-owned memory; the fields are the runtime's. */
struct fence_completion {
  struct fence_spinlock lock;
  struct fence_list waiters; /**< first come, first served */
  uint32_t done;             /**< how many may still pass without waiting; UINT32_MAX: everybody */
};

/** Nothing done yet. One lock class per place that initialises.
 *  Context: any. */
#define fence_completion_init(completion)                                                                              \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #completion, FENCE_LOCK_SPINS);                                               \
    fence_completion_init_class((completion), &fence_detail_class);                                                    \
  } while (0)
FENCE_NONBLOCKING void fence_completion_init_class(struct fence_completion *completion,
                                                   struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;
/** Takes back what has been completed, for another use. Nobody may wait at that time.
 *  Context: any. */
FENCE_NONBLOCKING void fence_completion_reinit(struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;

/** Lets the thread that has waited longest pass, or the next one that comes. The wake-up itself comes after the caller's outermost
 *  atomic section.
 *  Context: any. Does not allocate. */
FENCE_NONBLOCKING void fence_complete(struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;
/** Lets everybody pass, until fence_completion_reinit().
 *  Context: any. Does not allocate. */
FENCE_NONBLOCKING void fence_complete_all(struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;
/** Whether a wait would return at once.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_completion_done(const struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;
/** Passes if that needs no wait. True: passed.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_completion_try_wait(struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;

/** Context: may sleep. */
FENCE_MAY_SLEEP void fence_completion_wait(struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;
/** Returns what is left of `timeout` (jiffies), at least 1; 0: it has run out.
 *  Context: may sleep. Errors: -EINVAL for a negative timeout. */
FENCE_MAY_SLEEP int64_t fence_completion_wait_timeout(struct fence_completion *completion,
                                                      int64_t timeout) FENCE_DETAIL_NOEXCEPT;
/** Returns 0, or -FENCE_ERESTARTSYS when fence_interrupt() was called for this thread.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int fence_completion_wait_interruptible(struct fence_completion *completion) FENCE_DETAIL_NOEXCEPT;
/** Both.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int64_t fence_completion_wait_interruptible_timeout(struct fence_completion *completion,
                                                                    int64_t timeout) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_COMPLETION_H */
