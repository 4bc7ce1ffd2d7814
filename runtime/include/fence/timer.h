/*===- fence/timer.h - call this at that time ----------------------------------------------------------------------===
 *
 * One thread of the process sleeps until the earliest timer and calls its function in the context of a softirq. Setting, moving and
 * deleting a timer never allocate, so they may be done in an interrupt. The thread starts with the first timer that is set, after
 * the atomic section in which that happens.
 *
 * In the child of fork() timers that were set stay set; they fire once the child sets one of its own.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_TIMER_H
#define FENCE_TIMER_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct fence_timer;
/** Nothing may sleep. May free `timer` or set it again. */
typedef FENCE_RUNS_IN("runtime-softirq") void (*fence_timer_func)(struct fence_timer *timer);

/** Caller-owned memory; stays until it has fired or been deleted. The fields are the runtime's. */
struct fence_timer {
  struct fence_timer *child, *sibling,
      *parent;       /**< a pairing heap; parent is the left neighbour of all but the first child */
  uint64_t deadline; /**< nanoseconds of fence_now() */
  fence_timer_func func;
  struct fence_lock_class *lock_class; /**< what its function holds while it runs, for the checker */
  uint32_t pending;
};

/** A timer that is not set. One class per place.
 *  Context: any. */
#define fence_timer_setup(timer, func)                                                                                 \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #timer, FENCE_LOCK_SECTION);                                                  \
    fence_timer_setup_class((timer), (func), &fence_detail_class);                                                     \
  } while (0)
FENCE_NONBLOCKING void fence_timer_setup_class(struct fence_timer *timer, fence_timer_func func,
                                               struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;

/** Lets func(timer) run once when fence_now() has reached `deadline` (nanoseconds); FENCE_FOREVER: never. Moves a timer that is set. True: it was.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_timer_mod(struct fence_timer *timer, uint64_t deadline) FENCE_DETAIL_NOEXCEPT;
/** The same, `delay` jiffies from now; 0 or less: at once.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_timer_mod_after(struct fence_timer *timer, int64_t delay) FENCE_DETAIL_NOEXCEPT;
/** True: it was set and will not fire. False: it was not, or its function is running.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_timer_delete(struct fence_timer *timer) FENCE_DETAIL_NOEXCEPT;
/** Deletes, and returns when its function is not running on the timer thread any more. From its own function it is reported and does
 *  not wait.
 *  Context: may sleep; not holding what the function takes. */
FENCE_WAITS_FOR("irq") bool fence_timer_delete_sync(struct fence_timer *timer) FENCE_DETAIL_NOEXCEPT;
/** Whether it is set.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_timer_pending(const struct fence_timer *timer) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_TIMER_H */
