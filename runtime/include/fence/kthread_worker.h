/*===- fence/kthread_worker.h - a thread of one's own for work items -----------------------------------------------===
 *
 * Like an ordered workqueue, with one thread that exists from the creation on, is the driver's alone and may be given a priority.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_KTHREAD_WORKER_H
#define FENCE_KTHREAD_WORKER_H

#include <fence/workqueue.h>
#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct fence_kthread_worker;
struct fence_kthread_work;
/** Runs on the worker, in task context, holding nothing. May free `work` or queue it again. */
typedef FENCE_RUNS_IN("task") void (*fence_kthread_work_func)(struct fence_kthread_work *work);

/** Caller-owned memory; stays until it has begun to run or been cancelled. The fields are the runtime's. */
struct fence_kthread_work {
  struct fence_work work;
  fence_kthread_work_func func;
};

/** An item that is not queued. One class per place that initialises.
 *  Context: any. */
#define fence_kthread_work_init(work, func)                                                                            \
  do {                                                                                                                 \
    FENCE_LOCK_CLASS(fence_detail_class, #work, FENCE_LOCK_SECTION);                                                   \
    fence_kthread_work_init_class((work), (func), &fence_detail_class);                                                \
  } while (0)
FENCE_NONBLOCKING void fence_kthread_work_init_class(struct fence_kthread_work *work, fence_kthread_work_func func,
                                                     struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;

/** A worker with its thread, or null: no memory or no thread. `name` is copied; its first 15 bytes name the thread.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). Ownership: the caller's, for fence_kthread_worker_destroy(). */
FENCE_ALLOCATES struct fence_kthread_worker *
fence_kthread_worker_create_class(const char *name, struct fence_lock_class *lock_class) FENCE_DETAIL_NOEXCEPT;
#define fence_kthread_worker_create(name)                                                                              \
  __extension__({                                                                                                      \
    FENCE_LOCK_CLASS(fence_detail_class, #name, FENCE_LOCK_SECTION);                                                   \
    fence_kthread_worker_create_class((name), &fence_detail_class);                                                    \
  })
/** What is pending runs, what is queued from now on is refused; then the thread ends. Null is allowed. From its own item it is reported and
 *  does nothing.
 *  Context: may sleep; not holding what an item takes. */
FENCE_WAITS_FOR("work") void fence_kthread_worker_destroy(struct fence_kthread_worker *worker) FENCE_DETAIL_NOEXCEPT;
/** The thread, for its priority and processors.
 *  Context: any. Ownership: the worker's. */
FENCE_NONBLOCKING pthread_t fence_kthread_worker_thread(struct fence_kthread_worker *worker) FENCE_DETAIL_NOEXCEPT;

/** True: queued by this call. False: it was pending already, is being cancelled, or the worker is being destroyed.
 *  Context: any. Does not allocate. Ownership: `work` is the worker's until it begins to run or is cancelled. */
FENCE_NONBLOCKING bool fence_kthread_queue_work(struct fence_kthread_worker *worker,
                                                struct fence_kthread_work *work) FENCE_DETAIL_NOEXCEPT;
/** As fence_flush_work(). */
FENCE_WAITS_FOR("work") bool fence_kthread_flush_work(struct fence_kthread_work *work) FENCE_DETAIL_NOEXCEPT;
/** As fence_flush_workqueue(). */
FENCE_WAITS_FOR("work") void fence_kthread_flush_worker(struct fence_kthread_worker *worker) FENCE_DETAIL_NOEXCEPT;
/** As fence_cancel_work(). */
FENCE_NONBLOCKING bool fence_kthread_cancel_work(struct fence_kthread_work *work) FENCE_DETAIL_NOEXCEPT;
/** As fence_cancel_work_sync(). */
FENCE_WAITS_FOR("work") bool fence_kthread_cancel_work_sync(struct fence_kthread_work *work) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_KTHREAD_WORKER_H */
