/*===- fence/ww_mutex.h - locking many objects in any order -------------------------------------------------------===
 *
 * A submission locks all buffers it uses, in the order in which user space names them; two submissions with the same buffers in another order
 * would deadlock. So each acquisition has an age, and one of two that block each other is told to give back what it has and begin
 * again (-EDEADLK): with wound-wait the younger one that holds a lock which an older one wants, with wait-die the younger one that
 * would have to wait for an older one. Starting again keeps the age, so each acquisition becomes the oldest in the end.
 *
 *     struct fence_ww_acquire_ctx ctx;
 *     fence_ww_acquire_init(&ctx, &class);
 *     while ((error = lock_all(&ctx, &contended)) == -EDEADLK) {
 *       unlock_all();
 *       fence_ww_mutex_lock_slow(contended, &ctx);   // the one that was refused comes first now
 *     }
 *     fence_ww_acquire_done(&ctx);
 *     ...
 *     unlock_all();
 *     fence_ww_acquire_fini(&ctx);
 *
 * One thread uses a context. Without a context (null) it is an ordinary mutex.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_WW_MUTEX_H
#define FENCE_WW_MUTEX_H

#include <fence/list.h>
#include <fence/spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct fence_ww_mutex;

/** Mutexes that are locked together. Static storage. */
struct fence_ww_class {
  struct fence_lock_class mutex_class;   /**< of the mutexes */
  struct fence_lock_class acquire_class; /**< of the acquisitions: a section from init to fini */
  uint64_t last_stamp;
  bool wait_die; /**< else wound-wait */
};
#define FENCE_WW_CLASS_INIT(name, waits_or_dies)                                                                       \
  {{name, FENCE_LOCK_SLEEPS, 0}, {name "_acquire", FENCE_LOCK_SECTION, 0}, 0, waits_or_dies}

/** One acquisition of many mutexes, on the stack of the thread that makes it. */
struct fence_ww_acquire_ctx {
  struct fence_ww_class *ww_class;
  struct fence_thread *thread;
  uint64_t stamp;    /**< its age: less is older */
  uint32_t acquired; /**< mutexes it holds */
  uint32_t wounded;  /**< an older one waits for what it holds */
  bool done;         /**< all are locked */
  struct fence_ww_mutex *refused; /**< the last one that was answered with -EDEADLK */
};

/** Caller-owned memory. */
struct fence_ww_mutex {
  struct fence_spinlock lock; /**< guards the rest */
  struct fence_ww_class *ww_class;
  struct fence_thread *owner; /**< null when free */
  struct fence_ww_acquire_ctx *ctx;
  struct fence_list waiters; /**< oldest first */
};

/** Context: any. */
FENCE_NONBLOCKING void fence_ww_mutex_init(struct fence_ww_mutex *mutex, struct fence_ww_class *ww_class)
    FENCE_DETAIL_NOEXCEPT;
/** Nobody holds it or waits for it. Context: any. */
FENCE_NONBLOCKING void fence_ww_mutex_destroy(struct fence_ww_mutex *mutex) FENCE_DETAIL_NOEXCEPT;

/** Begins an acquisition; from now on it gets older. Context: task. */
void fence_ww_acquire_init(struct fence_ww_acquire_ctx *ctx, struct fence_ww_class *ww_class) FENCE_DETAIL_NOEXCEPT;
/** All mutexes are locked; no other will be. Optional: it makes a later mistake visible. */
FENCE_NONBLOCKING void fence_ww_acquire_done(struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;
/** Ends it; all mutexes are unlocked. */
FENCE_NONBLOCKING void fence_ww_acquire_fini(struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;

/** 0; -EDEADLK: unlock everything and begin again with fence_ww_mutex_lock_slow() on this one; -EALREADY: ctx holds it already.
 *  With ctx null always 0.
 *  Context: may sleep. */
FENCE_TAKES_SLEEPING(arg0) int fence_ww_mutex_lock(struct fence_ww_mutex *mutex, struct fence_ww_acquire_ctx *ctx)
    FENCE_DETAIL_NOEXCEPT;
/** Also -EINTR, after fence_interrupt(). */
FENCE_MAY_SLEEP FENCE_DOES("takes sleeping arg0 when result == 0")
int fence_ww_mutex_lock_interruptible(struct fence_ww_mutex *mutex, struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;
/** After -EDEADLK, with nothing held: waits for the mutex however long it takes.
 *  Context: may sleep. */
FENCE_TAKES_SLEEPING(arg0) void fence_ww_mutex_lock_slow(struct fence_ww_mutex *mutex, struct fence_ww_acquire_ctx *ctx)
    FENCE_DETAIL_NOEXCEPT;
FENCE_MAY_SLEEP FENCE_DOES("takes sleeping arg0 when result == 0")
int fence_ww_mutex_lock_slow_interruptible(struct fence_ww_mutex *mutex, struct fence_ww_acquire_ctx *ctx)
    FENCE_DETAIL_NOEXCEPT;
/** True if it was free. Context: any but an interrupt. */
FENCE_NONBLOCKING FENCE_TRY_TAKES_SLEEPING(arg0)
bool fence_ww_mutex_trylock(struct fence_ww_mutex *mutex, struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;
/** By the thread that locked it; hands it to the oldest that waits. Context: any but an interrupt. */
FENCE_NONBLOCKING FENCE_RELEASES_SLEEPING(arg0) void fence_ww_mutex_unlock(struct fence_ww_mutex *mutex)
    FENCE_DETAIL_NOEXCEPT;
/** Whether anybody holds it. Context: any. */
FENCE_NONBLOCKING bool fence_ww_mutex_is_locked(struct fence_ww_mutex *mutex) FENCE_DETAIL_NOEXCEPT;
/** Whether this thread holds it. Context: any. */
FENCE_NONBLOCKING bool fence_ww_mutex_is_held(struct fence_ww_mutex *mutex) FENCE_DETAIL_NOEXCEPT;

/** Fault injection: each `every`th lock of a context that holds something is answered with -EDEADLK although nobody contends, but no acquisition
 *  more than once. 0: none.
 *  Context: any; for tests. */
FENCE_NONBLOCKING void fence_ww_inject_deadlock(uint32_t every) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_WW_MUTEX_H */
