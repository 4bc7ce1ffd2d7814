/*===- fence/workqueue.h - do this later, where it may sleep -------------------------------------------------------===
 *
 * A fence's callback may not sleep, allocate or free; what has to be done that way is queued here and runs on a worker thread. A
 * work item lies in the caller's struct, so queueing it never allocates and may be done in any context.
 *
 * An item runs at most once at a time on its queue; queued again while it runs, it runs again afterwards. Its function may free it. An item belongs to one
 * queue at a time.
 *
 * Threads: a queue starts a worker when an item waits, none is idle and fewer than `max_active` run. That happens after the
 * atomic section of whoever queued. Should the system refuse a thread, the item waits for the next attempt: another item queued, or a
 * flush. FENCE_WQ_MEM_RECLAIM starts the first worker at the allocation, so that the queue always makes progress.
 *
 * In the child of fork() a queue has no workers and starts them anew; what waited in the parent runs in the child as well, and what was
 * running counts as done.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_WORKQUEUE_H
#define FENCE_WORKQUEUE_H

#include <fence/list.h>
#include <fence/timer.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct fence_workqueue;
struct fence_work;
/** Runs on a worker, in task context, holding nothing. May free `work` or queue it again. Locks it has taken it gives back. */
typedef FENCE_RUNS_IN("task") void (*fence_work_func)(struct fence_work *work);

/** Caller-owned memory; stays until it has begun to run or been cancelled. The fields are the runtime's. */
struct fence_work {
  struct fence_list node;
  fence_work_func func;
  struct fence_workqueue *queue;       /**< where it was queued last */
  struct fence_lock_class *lock_class; /**< what it holds while it runs, for the checker: a flush depends on it */
  uint64_t ticket;                     /**< which of the queue's items it is */
  uint32_t state;                      /**< bits: pending, delayed, being cancelled */
};

/** Queued when a time has come. */
struct fence_delayed_work {
  struct fence_work work;
  struct fence_timer timer;
};

/** An item that is not queued. One class per place that initialises.
 *  Context: any. */
#define fence_work_init(work, func)                                                                                    \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #work, FENCE_LOCK_SECTION);                                                   \
    fence_work_init_class((work), (func), &fence_detail_class);                                                        \
  } while (0)
FENCE_NONBLOCKING void fence_work_init_class(struct fence_work *work, fence_work_func func,
                                             struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;
/** `func` is given &delayed->work. */
#define fence_delayed_work_init(delayed, func)                                                                         \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #delayed, FENCE_LOCK_SECTION);                                                \
    fence_delayed_work_init_class((delayed), (func), &fence_detail_class);                                             \
  } while (0)
FENCE_NONBLOCKING void fence_delayed_work_init_class(struct fence_delayed_work *delayed, fence_work_func func,
                                                     struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;

/*---- Queues ----------------------------------------------------------------------------------------------------*/

enum {
  FENCE_WQ_ORDERED = 1,     /**< one item at a time, in the order of queueing */
  FENCE_WQ_MEM_RECLAIM = 2, /**< memory may depend on its items: the first worker starts now */
};
/** `max_active` 0: this many items at a time. */
#define FENCE_WQ_DEFAULT_ACTIVE 16
#define FENCE_WQ_MAX_ACTIVE 512

/** A queue whose items run on up to `max_active` threads (0: FENCE_WQ_DEFAULT_ACTIVE). `name` is copied; its first 15 bytes name the threads. Null: no
 *  memory, or with FENCE_WQ_MEM_RECLAIM no thread.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). Ownership: the caller's, for fence_workqueue_destroy(). */
FENCE_ALLOCATES struct fence_workqueue *
fence_workqueue_alloc_class(const char *name, unsigned flags, unsigned max_active,
                            struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;
/** One class per place that allocates. */
#define fence_workqueue_alloc(name, flags, max_active)                                                                 \
  __extension__({                                                                                                      \
    FENCE_LOCK_CLASS(fence_detail_class, #name, FENCE_LOCK_SECTION);                                                   \
    fence_workqueue_alloc_class((name), (flags), (max_active), &fence_detail_class);                                   \
  })
/** Ends the queue: what is pending runs first, delayed items without delay; what is queued from now on is refused. Then its threads
 *  end and its memory goes. Items may still be flushed and cancelled afterwards, which does nothing. Null is allowed. From an item of this
 *  queue it is reported and does nothing.
 *  Context: may sleep; not holding what an item takes. */
FENCE_WAITS_FOR("work") void fence_workqueue_destroy(struct fence_workqueue *queue) FENCE_DETAIL_NOEXCEPT;
/** The process's own queue, which is never destroyed. For items that do not run long.
 *  Context: any. */
FENCE_NONBLOCKING struct fence_workqueue *fence_system_workqueue(void) FENCE_DETAIL_NOEXCEPT;

/** Returns when every item that was queued before the call, and is not delayed, has run. From an item of this queue it is reported
 *  and does nothing.
 *  Context: may sleep; not holding what an item takes. */
FENCE_WAITS_FOR("work") void fence_flush_workqueue(struct fence_workqueue *queue) FENCE_DETAIL_NOEXCEPT;

/*---- Items -----------------------------------------------------------------------------------------------------*/

/** Lets work->func run soon. True: queued by this call. False: it was pending already (it runs after this call all the same), or it is being
 *  cancelled, or the queue is being destroyed.
 *  Context: any. Does not allocate. Ownership: `work` is the queue's until it begins to run or is cancelled. */
FENCE_NONBLOCKING bool fence_queue_work(struct fence_workqueue *queue, struct fence_work *work) FENCE_DETAIL_NOEXCEPT;
/** On the system's queue. */
FENCE_NONBLOCKING bool fence_schedule_work(struct fence_work *work) FENCE_DETAIL_NOEXCEPT;
/** Whether it is queued or waits for its time, and has not begun.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_work_pending(const struct fence_work *work) FENCE_DETAIL_NOEXCEPT;
/** Returns when the item's last queueing before the call has run. True: there was something to wait for. From the item itself it is
 *  reported and returns false.
 *  Context: may sleep; not holding what the item takes. */
FENCE_WAITS_FOR("work") bool fence_flush_work(struct fence_work *work) FENCE_DETAIL_NOEXCEPT;
/** True: it was pending and will not run. Does not wait for one that runs.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_cancel_work(struct fence_work *work) FENCE_DETAIL_NOEXCEPT;
/** Cancels, and returns when the item does not run any more. Until then it cannot be queued, not even by itself. True: it was
 *  pending. From the item itself it is reported and does not wait.
 *  Context: may sleep; not holding what the item takes. */
FENCE_WAITS_FOR("work") bool fence_cancel_work_sync(struct fence_work *work) FENCE_DETAIL_NOEXCEPT;

/** Queues the item after `delay` jiffies; 0: at once. Result as fence_queue_work().
 *  Context: any. Does not allocate. */
FENCE_NONBLOCKING bool fence_queue_delayed_work(struct fence_workqueue *queue, struct fence_delayed_work *delayed,
                                                int64_t delay) FENCE_DETAIL_NOEXCEPT;
/** Moves it to `delay` jiffies from now, whether or not it is pending. True: it was.
 *  Context: any. Does not allocate. */
FENCE_NONBLOCKING bool fence_mod_delayed_work(struct fence_workqueue *queue, struct fence_delayed_work *delayed,
                                              int64_t delay) FENCE_DETAIL_NOEXCEPT;
/** Queues it now if it waits for its time, and flushes it.
 *  Context: may sleep; not holding what the item takes. */
FENCE_WAITS_FOR("work") bool fence_flush_delayed_work(struct fence_delayed_work *delayed) FENCE_DETAIL_NOEXCEPT;
/** As fence_cancel_work(); its timer's function may still be running afterwards.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_cancel_delayed_work(struct fence_delayed_work *delayed) FENCE_DETAIL_NOEXCEPT;
/** As fence_cancel_work_sync(); afterwards its memory may go.
 *  Context: may sleep; not holding what the item takes. */
FENCE_WAITS_FOR("work") bool fence_cancel_delayed_work_sync(struct fence_delayed_work *delayed) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_WORKQUEUE_H */
