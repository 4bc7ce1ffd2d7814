/*===- fence/wait_queue.h - wait until a condition of one's own holds ----------------------------------------------===
 *
 * Whoever makes a condition true calls fence_wake_up() afterwards; whoever waits looks at the condition each time it is woken. The
 * condition is ordinary data: it is read and written atomically or under the lock that guards it.
 *
 *     fence_wait_event(&ring->room, load(&ring->used) < ring->size);
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_WAIT_QUEUE_H
#define FENCE_WAIT_QUEUE_H

#include <fence/list.h>
#include <fence/spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/** Caller-owned memory; the fields are the runtime's. It outlives its waiters. */
struct fence_wait_queue {
  struct fence_spinlock lock;
  struct fence_list waiters;
};

/** One lock class per place that initialises.
 *  Context: any. */
#define fence_wait_queue_init(queue)                                                                                   \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #queue, FENCE_LOCK_SPINS);                                                    \
    fence_wait_queue_init_class((queue), &fence_detail_class);                                                         \
  } while (0)
FENCE_NONBLOCKING void fence_wait_queue_init_class(struct fence_wait_queue *queue,
                                                   struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;

/** Lets every waiter look at its condition, of the exclusive ones only the first. The wake-ups themselves come after the caller's
 *  outermost atomic section.
 *  Context: any. Does not allocate. */
FENCE_NONBLOCKING void fence_wake_up(struct fence_wait_queue *queue) FENCE_DETAIL_NOEXCEPT;
/** The exclusive ones too. */
FENCE_NONBLOCKING void fence_wake_up_all(struct fence_wait_queue *queue) FENCE_DETAIL_NOEXCEPT;
/** Whether anybody waits. Somebody may come at the same time.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_wait_queue_active(struct fence_wait_queue *queue) FENCE_DETAIL_NOEXCEPT;

/*---- Waiting ---------------------------------------------------------------------------------------------------*/

enum {
  FENCE_WAIT_EXCLUSIVE = 1,     /**< of these fence_wake_up() wakes one */
  FENCE_WAIT_INTERRUPTIBLE = 2, /**< ends with -FENCE_ERESTARTSYS when fence_interrupt() was called for this thread */
};

/** Waits until condition(data) is true; it is called on this thread, without the queue's lock. Returns what is left of `timeout`
 *  (jiffies), at least 1; 0: it has run out; -FENCE_ERESTARTSYS; -EINVAL for a negative timeout. `flags`: FENCE_WAIT_*.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int64_t fence_wait_until(struct fence_wait_queue *queue, bool (*condition)(void *data), void *data,
                                         unsigned flags, int64_t timeout) FENCE_DETAIL_NOEXCEPT;

/** The macros below are made of these: one wait, on the waiter's stack. */
struct fence_wait_entry {
  struct fence_list node;
  struct fence_wait_queue *queue;
  struct fence_thread *thread;
  uint64_t deadline;
  int64_t timeout;
  int64_t result;
  unsigned flags;
  bool looked; /**< has looked at the condition once without being on the queue */
  bool woken;  /**< at least once */
  bool in_time;
};
FENCE_MAY_SLEEP void fence_wait_begin(struct fence_wait_entry *entry, struct fence_wait_queue *queue, unsigned flags,
                                      int64_t timeout) FENCE_DETAIL_NOEXCEPT;
/** Before each look at the condition, from the second on: who makes it true from now on wakes this thread. */
FENCE_NONBLOCKING void fence_wait_prepare(struct fence_wait_entry *entry) FENCE_DETAIL_NOEXCEPT;
/** After each look. True: the wait has ended with entry->result. False: look again. */
FENCE_MAY_SLEEP bool fence_wait_over(struct fence_wait_entry *entry, bool condition) FENCE_DETAIL_NOEXCEPT;

#define FENCE_DETAIL_WAIT(queue, condition, flags, timeout)                                                            \
  __extension__({                                                                                                      \
    struct fence_wait_entry fence_detail_entry;                                                                        \
    fence_wait_begin(&fence_detail_entry, (queue), (flags), (timeout));                                                \
    do                                                                                                                 \
      fence_wait_prepare(&fence_detail_entry);                                                                         \
    while (!fence_wait_over(&fence_detail_entry, (condition)));                                                        \
    fence_detail_entry.result;                                                                                         \
  })

/** Waits until `condition`, an expression that is evaluated anew at each wake-up, is true.
 *  Context: may sleep. */
#define fence_wait_event(queue, condition) ((void)FENCE_DETAIL_WAIT(queue, condition, 0, FENCE_MAX_TIMEOUT))
/** Results as fence_wait_until(). */
#define fence_wait_event_timeout(queue, condition, timeout) FENCE_DETAIL_WAIT(queue, condition, 0, timeout)
/** 0 or -FENCE_ERESTARTSYS. */
#define fence_wait_event_interruptible(queue, condition)                                                               \
  ((int)(FENCE_DETAIL_WAIT(queue, condition, FENCE_WAIT_INTERRUPTIBLE, FENCE_MAX_TIMEOUT) < 0 ? -FENCE_ERESTARTSYS : 0))
/** Only one of those who wait so is woken by a fence_wake_up(). */
#define fence_wait_event_exclusive(queue, condition)                                                                   \
  ((void)FENCE_DETAIL_WAIT(queue, condition, FENCE_WAIT_EXCLUSIVE, FENCE_MAX_TIMEOUT))

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_WAIT_QUEUE_H */
