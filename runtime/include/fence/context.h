/*===- fence/context.h - which context this thread is in ---------------------------------------------------------===
 *
 * A driver's code runs in a context: a task that may sleep, under a spinning lock, in an interrupt, in a fence's callback.
 * User space has no interrupts and no preemption counter, so the runtime keeps the same product of contexts per thread that
 * fencelint computes per call (docs/design.md): a thread that plays the interrupt says so with fence_hardirq_enter(), a lock
 * that spins counts itself, and whatever may sleep asks fence_might_sleep() first.
 *
 * Two things use it. What must not happen under a lock (a wake-up, a free, a work item) is put off with fence_defer() until
 * the thread has left its outermost atomic section; that works in every build. The checker (fence/check.h) looks at the
 * context, the locks and their order; with FENCE_CHECKS 0 none of its calls is compiled.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_CONTEXT_H
#define FENCE_CONTEXT_H

#include <fence/annotations.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whether the runtime checks itself and its callers. One setting per program: fencelint::runtime is built with 0,
 *  fencelint::runtime_checked with 1, and linking objects of both kinds fails with an undefined reference that says so. */
#ifndef FENCE_CHECKS
#  define FENCE_CHECKS 0
#endif

/** Timeouts of the C API are int64_t jiffies: milliseconds. */
#define FENCE_HZ 1000
/** Wait without limit. */
#define FENCE_MAX_TIMEOUT INT64_MAX
/** Like -ERESTARTSYS of the kernel: an interruptible wait was interrupted. */
#define FENCE_ERESTARTSYS 512

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#if FENCE_CHECKS
extern const char fence_built_with_checks;
#  define FENCE_DETAIL_BUILD fence_built_with_checks
#else
extern const char fence_built_without_checks;
#  define FENCE_DETAIL_BUILD fence_built_without_checks
#endif
#if defined(__GNUC__) && !defined(FENCE_DETAIL_LIBRARY)
static const char *const fence_detail_build __attribute__((used, unused)) = &FENCE_DETAIL_BUILD;
#endif

/*---- Atomic sections -------------------------------------------------------------------------------------------*/

/** Nothing may sleep until the matching fence_preempt_enable(). Nests.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_ENTERS("preempt-off") void fence_preempt_disable(void) FENCE_DETAIL_NOEXCEPT;
/** Context: any. Leaving the outermost atomic section runs what was deferred in it. */
FENCE_NONBLOCKING FENCE_LEAVES("preempt-off") void fence_preempt_enable(void) FENCE_DETAIL_NOEXCEPT;

/** The thread behaves as if interrupts were off. Returns the state to give back to fence_irq_restore(). Nests.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_ENTERS("irqs-off") unsigned long fence_irq_save(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_LEAVES("irqs-off") void fence_irq_restore(unsigned long flags) FENCE_DETAIL_NOEXCEPT;

/** The thread plays an interrupt handler until the matching exit. Nests.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_ENTERS("irqs-off") void fence_hardirq_enter(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_LEAVES("irqs-off") void fence_hardirq_exit(void) FENCE_DETAIL_NOEXCEPT;
/** The same for a softirq: a timer or an RCU callback. */
FENCE_NONBLOCKING FENCE_ENTERS("bh-off") void fence_softirq_enter(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_LEAVES("bh-off") void fence_softirq_exit(void) FENCE_DETAIL_NOEXCEPT;

/** Whether this thread may not sleep: a spinning lock, an interrupt, irqs off or preemption off. An RCU reader may
 *  not sleep either, and counts.
 *  Context: any. */
FENCE_NONBLOCKING bool fence_in_atomic(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool fence_in_interrupt(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool fence_irqs_disabled(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool fence_in_fence_callback(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool fence_in_signalling_section(void) FENCE_DETAIL_NOEXCEPT;

/** Something to run once this thread has left its outermost atomic section. Intrusive: `self` must stay alive until run()
 *  is called, run() may free it. */
struct fence_deferred {
  struct fence_deferred *next;
  void (*run)(struct fence_deferred *self);
};

/** Runs `what` as soon as this thread is not atomic: now, or when it leaves its outermost atomic section; in the order of
 *  the calls, never nested in another deferred one. Does not allocate.
 *  Context: any. Ownership: `what` belongs to the runtime until run() is called, once. */
FENCE_NONBLOCKING void fence_defer(struct fence_deferred *what) FENCE_DETAIL_NOEXCEPT;

/*---- Waking a thread -------------------------------------------------------------------------------------------*/

/** A thread that can be woken. Counted, so that a wake-up that comes late finds it although the thread has gone. */
struct fence_thread;

/** This thread. The pointer stays good while the thread lives; for longer take a reference.
 *  Context: any, but the thread's first call allocates. */
struct fence_thread *fence_thread_self(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING struct fence_thread *fence_thread_get(struct fence_thread *thread) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING void fence_thread_put(struct fence_thread *thread) FENCE_DETAIL_NOEXCEPT;

/** Lets `thread` return from fence_park(), the present call or the next one. The wake-up itself is deferred until the caller
 *  is not atomic: a thread woken under a lock that it needs would only spin.
 *  Context: any. */
FENCE_NONBLOCKING void fence_unpark(struct fence_thread *thread) FENCE_DETAIL_NOEXCEPT;
/** Like a signal's arrival: interruptible waits of `thread` end with -ERESTARTSYS until it calls
 *  fence_clear_interrupt().
 *  Context: any. */
FENCE_NONBLOCKING void fence_interrupt(struct fence_thread *thread) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool fence_clear_interrupt(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool fence_interrupted(void) FENCE_DETAIL_NOEXCEPT;

/** No deadline, for fence_park() and every wait of the runtime. */
#define FENCE_FOREVER UINT64_MAX
/** Monotonic time in nanoseconds.
 *  Context: any. */
FENCE_NONBLOCKING uint64_t fence_now(void) FENCE_DETAIL_NOEXCEPT;
/** Sleeps until somebody calls fence_unpark() for this thread, or until fence_now() reaches `deadline`. May return without
 *  reason: call it in a loop that tests what is waited for. False: the deadline has passed.
 *  Context: may sleep. */
FENCE_MAY_SLEEP bool fence_park(uint64_t deadline) FENCE_DETAIL_NOEXCEPT;

/*---- What the checker is told ----------------------------------------------------------------------------------*/

/** All locks that are taken for the same purpose: order and interrupt safety are properties of the class. `nest` of an
 *  acquisition tells apart two locks of one class held together. Static storage. */
struct fence_lock_class {
  const char *name;   /**< shown in reports */
  unsigned kind;      /**< FENCE_LOCK_SPINS, FENCE_LOCK_SLEEPS or FENCE_LOCK_SECTION */
  unsigned id;        /**< given by the checker at the first acquisition */
};
enum {
  FENCE_LOCK_SPINS,   /**< nothing may sleep while it is held */
  FENCE_LOCK_SLEEPS,  /**< taking it may sleep */
  FENCE_LOCK_SECTION, /**< not a lock: a section whose order with locks matters (signalling, reclaim) */
};
enum {
  FENCE_ACQUIRE_TRY = 1,    /**< did not wait: adds no order */
  FENCE_ACQUIRE_READ = 2,   /**< shared; may be taken again while it is held */
  FENCE_ACQUIRE_WAITING = 4, /**< waits now: with FENCE_LOCK_SECTION, for the section's end */
  FENCE_ACQUIRE_ORDERED = 8  /**< others of its class may be held: who waits for whom is decided otherwise (wound/wait) */
};
#if defined(__GNUC__)
#  define FENCE_DETAIL_UNUSED __attribute__((unused)) /* without checks nothing looks at a class but the locks of it */
#else
#  define FENCE_DETAIL_UNUSED
#endif
#define FENCE_LOCK_CLASS(variable, text, kind_of_lock)                                                                 \
  static struct fence_lock_class variable FENCE_DETAIL_UNUSED = {text, kind_of_lock, 0}

#if FENCE_CHECKS
/** Reports if this thread may not sleep here. Part of everything that may sleep, whether or not it does this time.
 *  Context: any; that is what it is for. */
#  define fence_might_sleep() fence_check_might_sleep(__FILE__, __LINE__)
/** Tells the checker that `lock` of that class is being acquired (before waiting for it) or has been released.
 *  `nest` is 0, or tells apart two locks of one class that are held together. */
#  define fence_lock_acquired(lock_class, lock, nest, how) fence_check_acquired(lock_class, lock, nest, how)
#  define fence_lock_released(lock_class, lock) fence_check_released(lock_class, lock)
/** Reports if this thread does not hold `lock`. */
#  define fence_assert_held(lock) fence_check_held(lock, __FILE__, __LINE__)
/** Reports if this thread holds a lock, is atomic or is in a signalling section: a worker between two jobs. `what` begins the
 *  message: "a work item returns". */
#  define fence_assert_idle(what) fence_check_idle(what)
#else
#  define fence_might_sleep() ((void)0)
#  define fence_lock_acquired(lock_class, lock, nest, how) ((void)(nest))
#  define fence_lock_released(lock_class, lock) ((void)0)
#  define fence_assert_held(lock) ((void)(lock))
#  define fence_assert_idle(what) ((void)(what))
#endif
FENCE_MAY_SLEEP void fence_check_might_sleep(const char *file, int line) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING void fence_check_acquired(struct fence_lock_class *lock_class, const void *lock, unsigned nest,
                                            unsigned how) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING void fence_check_released(struct fence_lock_class *lock_class, const void *lock) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING void fence_check_held(const void *lock, const char *file, int line) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING void fence_check_idle(const char *what) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_CONTEXT_H */
