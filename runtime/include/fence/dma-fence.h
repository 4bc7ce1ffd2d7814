/*===- fence/dma-fence.h - a promise that some work of a device will be done --------------------------------------===
 *
 * The C API of the fence, with the kernel's names and conventions, so that driver code reads the same here and there. The
 * struct comes first: its layout is ABI, its memory and its lock belong to the driver. C++ classes over it: dma_fence.hpp.
 *
 * Life of a fence: dma_fence_init() in the driver's memory (reference count 1), published, dma_fence_signal() once from
 * wherever the device reports completion, dma_fence_put(). When the last reference goes the driver's `release` runs, or the
 * memory is given to free() after an RCU grace period.
 *
 * Errors are negative errno values. Timeouts are jiffies of FENCE_HZ, which is 1000: a jiffy is a millisecond.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_FENCE_H
#define FENCE_DMA_FENCE_H

#include <fence/list.h>
#include <fence/rcu.h>
#include <fence/spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct dma_fence;
struct dma_fence_cb;

/** What a driver says about its fences. One constant table per kind of fence; unset members have a default. */
struct dma_fence_ops {
  /** Says which struct a fence of this table lies in. Compared instead of the table's address, which differs when two shared
   *  objects each have a copy. 0: nobody asks. */
  uint64_t kind;
  /** Sequence numbers are compared with all 64 bits instead of wrapping at 32. */
  bool use_64bit_seqno;
  /** Names for people; the strings outlive every fence. Required. */
  FENCE_NONBLOCKING const char *(*get_driver_name)(struct dma_fence *fence);
  FENCE_NONBLOCKING const char *(*get_timeline_name)(struct dma_fence *fence);
  /** Somebody wants to be told: make the device report completion. Runs under fence->lock. False: it is done already, and the
   *  fence is signalled at once. Default: true. */
  FENCE_RUNS_IN("runtime-fence-callback") bool (*enable_signaling)(struct dma_fence *fence);
  /** Whether the work is done, by looking. May run with or without fence->lock. Default: no. */
  FENCE_NONBLOCKING bool (*signaled)(struct dma_fence *fence);
  /** Waits in the driver's own way; returns what is left of `timeout`, 0, or a negative errno. Default: dma_fence_default_wait. */
  FENCE_MAY_SLEEP int64_t (*wait)(struct dma_fence *fence, bool intr, int64_t timeout);
  /** The last reference has gone. Frees the fence, after a grace period (fence_call_rcu). Default: fence_free_rcu(). */
  FENCE_RUNS_IN("runtime-fence-release") void (*release)(struct dma_fence *fence);
  /** Text for dma_fence_describe(): at most `size` bytes with the final 0. Default: the sequence number. */
  FENCE_NONBLOCKING void (*fence_value_str)(struct dma_fence *fence, char *text, int size);
  FENCE_NONBLOCKING void (*timeline_value_str)(struct dma_fence *fence, char *text, int size);
  /** Somebody would like it done by then (nanoseconds of fence_now()). A hint. Default: ignored. */
  FENCE_RUNS_IN("runtime-atomic") void (*set_deadline)(struct dma_fence *fence, int64_t deadline);
};

/** Bits of dma_fence.flags. */
enum dma_fence_flag_bits {
  DMA_FENCE_FLAG_SIGNALED_BIT,
  DMA_FENCE_FLAG_TIMESTAMP_BIT,
  DMA_FENCE_FLAG_ENABLE_SIGNAL_BIT,
  DMA_FENCE_FLAG_USER_BITS /**< the driver's bits start here */
};

/** 64 bytes, in the driver's memory. Read `lock`, `flags`, `context`, `seqno`; write none. */
struct dma_fence {
  struct fence_spinlock *lock; /**< the driver's; guards cb_list, and the callbacks run under it */
  const struct dma_fence_ops *ops;
  union {
    struct fence_list cb_list; /**< while it waits */
    int64_t timestamp;         /**< once it has signalled: nanoseconds of fence_now() */
    struct fence_rcu_head rcu; /**< once its last reference has gone */
  };
  uint64_t context; /**< fences of one context signal in the order of their seqno */
  uint64_t seqno;
  unsigned long flags; /**< enum dma_fence_flag_bits */
  uint32_t refcount;
  int32_t error; /**< 0, or why the work failed; set before it signals */
};

/** Called once when the fence signals, under fence->lock, perhaps in an interrupt; `cb` is no longer linked then. */
typedef FENCE_RUNS_IN("runtime-fence-callback") void (*dma_fence_func_t)(struct dma_fence *fence, struct dma_fence_cb *cb);

/** A registration, in the caller's memory; stays there until it has been called or removed. */
struct dma_fence_cb {
  struct fence_list node;
  dma_fence_func_t func;
};

/*---- Making and counting ---------------------------------------------------------------------------------------*/

/** Makes a fence with one reference, which is the caller's. `lock` and `ops` outlive it.
 *  Context: any. */
FENCE_NONBLOCKING void dma_fence_init(struct dma_fence *fence, const struct dma_fence_ops *ops, struct fence_spinlock *lock,
                                      uint64_t context, uint64_t seqno) FENCE_DETAIL_NOEXCEPT;

/** Reserves `num` consecutive context numbers and returns the first. Never 0.
 *  Context: any. */
FENCE_NONBLOCKING uint64_t dma_fence_context_alloc(unsigned num) FENCE_DETAIL_NOEXCEPT;

/** Null is allowed. Returns `fence`.
 *  Context: any. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_get(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** Null is allowed. With the last reference the driver's release runs. A fence that goes with callbacks waiting is signalled with
 *  -EDEADLK first, and reported.
 *  Context: any. */
FENCE_NONBLOCKING void dma_fence_put(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** A reference if it is not the end already, else null.
 *  Context: an RCU reader. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_get_rcu(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** A reference to the fence that *slot points to, or null if the slot is empty. Safe against a slot that changes, and against
 *  memory that is used anew for another fence (type-stable slabs).
 *  Context: an RCU reader. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_get_rcu_safe(struct dma_fence **slot) FENCE_DETAIL_NOEXCEPT;
/** Gives a fence's memory to free() after a grace period: what happens without ops->release. */
FENCE_NONBLOCKING void dma_fence_free(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;

/*---- Signalling ------------------------------------------------------------------------------------------------*/

/** The work is done: runs the callbacks in the order of their registration. Returns 0, or -EINVAL if it had signalled before.
 *  Context: any; takes fence->lock. */
FENCE_NONBLOCKING FENCE_DOES("signals fence") int dma_fence_signal(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** The caller holds fence->lock. */
FENCE_NONBLOCKING FENCE_REQUIRES("preempt-off") FENCE_DOES("signals fence")
int dma_fence_signal_locked(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** With a time that the device took, in nanoseconds of fence_now().
 *  Context: any; takes fence->lock. The caller of the second holds it. */
FENCE_NONBLOCKING FENCE_DOES("signals fence")
int dma_fence_signal_timestamp(struct dma_fence *fence, int64_t timestamp) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_REQUIRES("preempt-off") FENCE_DOES("signals fence")
int dma_fence_signal_timestamp_locked(struct dma_fence *fence, int64_t timestamp) FENCE_DETAIL_NOEXCEPT;
/** Why the work failed; before it signals, after that only the same again. `error` is a negative errno.
 *  Context: any. */
FENCE_NONBLOCKING void dma_fence_set_error(struct dma_fence *fence, int error) FENCE_DETAIL_NOEXCEPT;

/** From here to the end a fence that somebody waits for depends on this thread: it may not wait for fences, reclaim memory, or
 *  take a lock that is held elsewhere while waiting for one. Give the cookie to the end. Nests.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_ENTERS("signalling") bool dma_fence_begin_signalling(void) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_LEAVES("signalling") void dma_fence_end_signalling(bool cookie) FENCE_DETAIL_NOEXCEPT;

/*---- Asking ----------------------------------------------------------------------------------------------------*/

/** Whether it has signalled, without looking at the device.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool dma_fence_test_signaled_flag(const struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return (__atomic_load_n(&fence->flags, __ATOMIC_ACQUIRE) >> DMA_FENCE_FLAG_SIGNALED_BIT & 1) != 0;
}
/** Whether the work is done; signals the fence if ops->signaled says so.
 *  Context: any; may take fence->lock. */
FENCE_NONBLOCKING bool dma_fence_is_signaled_slow(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool dma_fence_is_signaled(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return dma_fence_test_signaled_flag(fence) || dma_fence_is_signaled_slow(fence);
}
/** The caller holds fence->lock. */
FENCE_NONBLOCKING bool dma_fence_is_signaled_locked(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** 0 not yet, 1 done, or the negative errno it failed with.
 *  Context: any. */
FENCE_NONBLOCKING int dma_fence_get_status(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING int dma_fence_get_status_locked(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** When it signalled. Context: any; only once it has. */
FENCE_NONBLOCKING int64_t dma_fence_timestamp(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** Whether sequence number a comes after b on that fence's timeline. */
FENCE_NONBLOCKING bool __dma_fence_is_later(uint64_t a, uint64_t b, const struct dma_fence_ops *ops) FENCE_DETAIL_NOEXCEPT;
/** Both of one context. */
FENCE_NONBLOCKING bool dma_fence_is_later(struct dma_fence *a, struct dma_fence *b) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING bool dma_fence_is_later_or_same(struct dma_fence *a, struct dma_fence *b) FENCE_DETAIL_NOEXCEPT;
/** The one that signals last; null if both have. Both of one context. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_later(struct dma_fence *a, struct dma_fence *b) FENCE_DETAIL_NOEXCEPT;
/** One line about the fence, for people: at most `size` bytes with the final 0. Returns its whole length.
 *  Context: any. */
FENCE_NONBLOCKING int dma_fence_describe(struct dma_fence *fence, char *text, size_t size) FENCE_DETAIL_NOEXCEPT;
/** Tells the driver by when it is wanted, in nanoseconds of fence_now().
 *  Context: any. */
FENCE_NONBLOCKING void dma_fence_set_deadline(struct dma_fence *fence, int64_t deadline) FENCE_DETAIL_NOEXCEPT;

/*---- Being told ------------------------------------------------------------------------------------------------*/

/** Lets `func` be called when the fence signals. Returns 0; -ENOENT if it has (func is not called then, the registration is as
 *  after a removal); -EINVAL on null.
 *  Context: any; takes fence->lock. Ownership: `cb` stays the caller's and must outlive its call or removal. */
FENCE_NONBLOCKING int dma_fence_add_callback(struct dma_fence *fence, struct dma_fence_cb *cb, dma_fence_func_t func)
    FENCE_DETAIL_NOEXCEPT;
/** True: func will not be called. False: it has been; its call has returned.
 *  Context: any but a callback of this fence; takes fence->lock. */
FENCE_NONBLOCKING bool dma_fence_remove_callback(struct dma_fence *fence, struct dma_fence_cb *cb) FENCE_DETAIL_NOEXCEPT;
/** Asks the driver to report completion although nobody has registered.
 *  Context: any; takes fence->lock. */
FENCE_NONBLOCKING void dma_fence_enable_sw_signaling(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;

/*---- Waiting ---------------------------------------------------------------------------------------------------*/

/** Waits until the fence has signalled. Returns what is left of `timeout` (at least 1), 0 when it ran out, or, if `intr`,
 *  -FENCE_ERESTARTSYS. `timeout` 0 only looks, but is checked like a wait.
 *  Context: may sleep; not in a signalling section. The caller holds a reference. */
FENCE_WAITS_FOR("fence") int64_t dma_fence_wait_timeout(struct dma_fence *fence, bool intr, int64_t timeout)
    FENCE_DETAIL_NOEXCEPT;
/** Without limit: 0 or -FENCE_ERESTARTSYS.
 *  Context: may sleep; not in a signalling section. */
FENCE_WAITS_FOR("fence") int64_t dma_fence_wait(struct dma_fence *fence, bool intr) FENCE_DETAIL_NOEXCEPT;
/** What ops->wait does by default. */
FENCE_WAITS_FOR("fence") int64_t dma_fence_default_wait(struct dma_fence *fence, bool intr, int64_t timeout)
    FENCE_DETAIL_NOEXCEPT;
/** Waits for one of `count` fences; stores its index in *idx if idx is not null. Results as dma_fence_wait_timeout(), and -EINVAL
 *  without fences. Does not allocate for up to 16 fences; -ENOMEM is possible beyond.
 *  Context: may sleep; not in a signalling section. */
FENCE_WAITS_FOR("fence") int64_t dma_fence_wait_any_timeout(struct dma_fence **fences, uint32_t count, bool intr,
                                                             int64_t timeout, uint32_t *idx) FENCE_DETAIL_NOEXCEPT;

/*---- The stub --------------------------------------------------------------------------------------------------*/

/** A reference to a fence that has signalled long ago; always the same one.
 *  Context: any. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_get_stub(void) FENCE_DETAIL_NOEXCEPT;
/** A new one that has signalled at that time, or null without memory.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). */
FENCE_ALLOCATES struct dma_fence *dma_fence_allocate_private_stub(int64_t timestamp) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_FENCE_H */
