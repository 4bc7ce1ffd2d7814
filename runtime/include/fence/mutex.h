/*===- fence/mutex.h - a lock whose waiters sleep -----------------------------------------------------------------===
 *
 * The kernel's struct mutex for user space: 24 bytes, no allocation, no destruction. Free it is one compare-and-swap; waiters
 * spin for as long as a short section takes and then sleep in a queue. A waiter that was overtaken once is handed the lock, so
 * nobody starves. The holder's unlock is the last access: whoever gets the lock next may free the memory it lies in.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_MUTEX_H
#define FENCE_MUTEX_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct fence_mutex_waiter;

/** Caller-owned memory; the fields are the runtime's. */
struct fence_mutex {
  uint32_t word;                       /**< bits: held, waited for, queue in use */
  uint32_t owner;                      /**< thread id of the holder; only kept with FENCE_CHECKS */
  struct fence_lock_class *lock_class; /**< null: of no class, so its order is not checked */
  struct fence_mutex_waiter *waiters;  /**< oldest first */
};

#define FENCE_MUTEX_INIT(lock_class_pointer) {0, 0, lock_class_pointer, 0}

/** One class per place that initialises: `mutex` is what reports show.
 *  Context: any. */
#define fence_mutex_init(mutex)                                                                                        \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #mutex, FENCE_LOCK_SLEEPS);                                                   \
    fence_mutex_init_class((mutex), &fence_detail_class);                                                              \
  } while (0)
FENCE_NONBLOCKING void fence_mutex_init_class(struct fence_mutex *mutex,
                                              struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;

/** Context: may sleep; not recursive. The thread that locks unlocks. */
FENCE_TAKES_SLEEPING(arg0) void fence_mutex_lock(struct fence_mutex *mutex) FENCE_DETAIL_NOEXCEPT;
/** For a second mutex of the same class: `nest` says which of the two it is, 1 for the inner one.
 *  Context: may sleep. */
FENCE_TAKES_SLEEPING(arg0) void fence_mutex_lock_nested(struct fence_mutex *mutex, unsigned nest) FENCE_DETAIL_NOEXCEPT;
/** Returns 0 with the mutex held, or -FENCE_ERESTARTSYS without it, when fence_interrupt() was called for this thread.
 *  Context: may sleep. */
FENCE_MAY_SLEEP FENCE_DOES("takes sleeping arg0 when result == 0") int fence_mutex_lock_interruptible(
    struct fence_mutex *mutex) FENCE_DETAIL_NOEXCEPT;
/** Never waits. True: held.
 *  Context: any but an interrupt, whose thread may hold it. */
FENCE_NONBLOCKING
    FENCE_TRY_TAKES_SLEEPING(arg0) bool fence_mutex_trylock(struct fence_mutex *mutex) FENCE_DETAIL_NOEXCEPT;
/** Wakes the first waiter, after the caller's outermost atomic section if it is in one.
 *  Context: any but an interrupt; the holder. */
FENCE_NONBLOCKING
    FENCE_RELEASES_SLEEPING(arg0) void fence_mutex_unlock(struct fence_mutex *mutex) FENCE_DETAIL_NOEXCEPT;
/** Whether anybody holds it.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_mutex_is_locked(const struct fence_mutex *mutex) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_MUTEX_H */
