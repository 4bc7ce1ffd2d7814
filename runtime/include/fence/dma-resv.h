/*===- fence/dma-resv.h - which fences a buffer has to wait for ---------------------------------------------------===
 *
 * A reservation hangs at each buffer and holds the fences of all who use it, each with a usage. Whoever wants to add one locks it (a ww_mutex: buffers
 * are locked many at a time), reserves room, which may fail, and adds, which cannot fail any more: by then the job has been
 * given to the device. Whoever only looks does so without the lock and starts again when the list has changed meanwhile.
 *
 * Usages are ordered: asking for one gives all fences of it and of those before it.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_RESV_H
#define FENCE_DMA_RESV_H

#include <fence/dma-fence.h>
#include <fence/ww_mutex.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct dma_resv_list;

enum dma_resv_usage {
  DMA_RESV_USAGE_KERNEL,  /**< moving or clearing the buffer: everybody waits */
  DMA_RESV_USAGE_WRITE,   /**< a writer, for implicit synchronisation */
  DMA_RESV_USAGE_READ,    /**< a reader, for implicit synchronisation */
  DMA_RESV_USAGE_BOOKKEEP /**< keeps the buffer where it is; nobody else waits */
};

/** Caller-owned memory, usually in a GEM object. */
struct dma_resv {
  struct fence_ww_mutex lock;
  struct dma_resv_list *fences; /**< read under RCU; null while there were none */
};

/** A walk over the fences of a reservation. On the stack. `fences` is what the walk began with: a walk without the lock starts again when the
 *  reservation has another list. */
struct dma_resv_iter {
  struct dma_resv *obj;
  enum dma_resv_usage usage;
  struct dma_fence *fence;
  enum dma_resv_usage fence_usage;
  unsigned index;
  struct dma_resv_list *fences;
  uint64_t serial;
  unsigned num_fences;
  bool is_restarted;
};

/** The class of every reservation's lock. */
extern struct fence_ww_class dma_resv_ww_class;

/** What a writer or a reader has to wait for: a reader for writers, a writer for readers as well. */
FENCE_DETAIL_FUNCTION enum dma_resv_usage dma_resv_usage_rw(bool write) FENCE_DETAIL_NOEXCEPT {
  return write ? DMA_RESV_USAGE_READ : DMA_RESV_USAGE_WRITE;
}

/** Context: any. */
FENCE_NONBLOCKING void dma_resv_init(struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;
/** Gives up all fences. Nobody uses it any more.
 *  Context: any but a fence callback. */
FENCE_FREES void dma_resv_fini(struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;

/** As fence_ww_mutex_lock() and its kin; without a context it cannot fail.
 *  Context: may sleep; not in a signalling section, whose end may be waited for with it held. */
FENCE_TAKES_SLEEPING(arg0) int dma_resv_lock(struct dma_resv *obj, struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;
FENCE_MAY_SLEEP FENCE_DOES("takes sleeping arg0 when result == 0")
int dma_resv_lock_interruptible(struct dma_resv *obj, struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;
FENCE_TAKES_SLEEPING(arg0) void dma_resv_lock_slow(struct dma_resv *obj, struct fence_ww_acquire_ctx *ctx)
    FENCE_DETAIL_NOEXCEPT;
FENCE_MAY_SLEEP FENCE_DOES("takes sleeping arg0 when result == 0")
int dma_resv_lock_slow_interruptible(struct dma_resv *obj, struct fence_ww_acquire_ctx *ctx) FENCE_DETAIL_NOEXCEPT;
/** True if it was free. Context: any but an interrupt. */
FENCE_NONBLOCKING FENCE_TRY_TAKES_SLEEPING(arg0) bool dma_resv_trylock(struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;
/** By the thread that locked it. Context: any but an interrupt. */
FENCE_NONBLOCKING FENCE_RELEASES_SLEEPING(arg0) void dma_resv_unlock(struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;
/** Whether anybody holds it. Context: any. */
FENCE_NONBLOCKING bool dma_resv_is_locked(struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;
/** Reports in the checked build if this thread does not hold the lock. */
FENCE_NONBLOCKING void dma_resv_assert_held(struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;

/** Makes room for `num_fences` more. 0, or -ENOMEM with nothing changed. The room lasts until the lock is given back.
 *  Context: may sleep (allocates); holds the lock. */
FENCE_ALLOCATES int dma_resv_reserve_fences(struct dma_resv *obj, unsigned num_fences) FENCE_DETAIL_NOEXCEPT;
/** Adds a fence for which room was reserved, and takes a reference of it. It takes the place of an earlier fence of its context with the
 *  same or a later usage, or of one that has signalled. Without room the process ends: the job is with the device already.
 *  Context: any but a fence callback; holds the lock. */
FENCE_NONBLOCKING void dma_resv_add_fence(struct dma_resv *obj, struct dma_fence *fence, enum dma_resv_usage usage)
    FENCE_DETAIL_NOEXCEPT;
/** Puts `replacement` in the place of every fence of `context`: for a context that is being evicted and whose fences mean something else now.
 *  Context: as dma_resv_add_fence(). */
FENCE_NONBLOCKING void dma_resv_replace_fences(struct dma_resv *obj, uint64_t context, struct dma_fence *replacement,
                                               enum dma_resv_usage usage) FENCE_DETAIL_NOEXCEPT;

/** References to the fences of a usage that have not signalled: *fences is an array of *num_fences, given back with fence_free() (null if there are none).
 *  0 or -ENOMEM.
 *  Context: may sleep (allocates); with or without the lock. */
FENCE_ALLOCATES int dma_resv_get_fences(struct dma_resv *obj, enum dma_resv_usage usage, unsigned *num_fences,
                                        struct dma_fence ***fences) FENCE_DETAIL_NOEXCEPT;
/** One fence for all of a usage that have not signalled: *fence is null if there are none, the one if there is one, else an array of them in a
 *  context of its own. A reference, the caller's. 0 or -ENOMEM.
 *  Context: may sleep (allocates); with or without the lock. */
FENCE_ALLOCATES int dma_resv_get_singleton(struct dma_resv *obj, enum dma_resv_usage usage,
                                           struct dma_fence **fence) FENCE_DETAIL_NOEXCEPT;
/** Makes dst's fences those of src that have not signalled. 0 or -ENOMEM.
 *  Context: may sleep (allocates); holds dst's lock. */
FENCE_ALLOCATES int dma_resv_copy_fences(struct dma_resv *dst, struct dma_resv *src) FENCE_DETAIL_NOEXCEPT;
/** Waits until all fences of a usage have signalled. Results as dma_fence_wait_timeout().
 *  Context: may sleep; with or without the lock. */
FENCE_WAITS_FOR("fence") int64_t dma_resv_wait_timeout(struct dma_resv *obj, enum dma_resv_usage usage, bool intr,
                                                       int64_t timeout) FENCE_DETAIL_NOEXCEPT;
/** Whether all fences of a usage have signalled. Context: any. */
FENCE_NONBLOCKING bool dma_resv_test_signaled(struct dma_resv *obj, enum dma_resv_usage usage) FENCE_DETAIL_NOEXCEPT;
/** dma_fence_set_deadline() for each. Context: any. */
FENCE_NONBLOCKING void dma_resv_set_deadline(struct dma_resv *obj, enum dma_resv_usage usage, int64_t deadline)
    FENCE_DETAIL_NOEXCEPT;
/** A line per fence, for people: at most `size` bytes with the final 0. Returns the whole length.
 *  Context: holds the lock. */
FENCE_NONBLOCKING size_t dma_resv_describe(struct dma_resv *obj, char *text, size_t size) FENCE_DETAIL_NOEXCEPT;

/*---- Walking ---------------------------------------------------------------------------------------------------*/

FENCE_NONBLOCKING void dma_resv_iter_begin(struct dma_resv_iter *cursor, struct dma_resv *obj, enum dma_resv_usage usage)
    FENCE_DETAIL_NOEXCEPT;
/** Gives up the reference that a walk without the lock holds. */
FENCE_NONBLOCKING void dma_resv_iter_end(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT;
/** With the lock: all fences, those that have signalled too. The fence is good while the lock is held. */
FENCE_NONBLOCKING struct dma_fence *dma_resv_iter_first(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING struct dma_fence *dma_resv_iter_next(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT;
/** Without the lock: fences that have not signalled; each is good until the next call. Look at dma_resv_iter_is_restarted() before using
 *  a fence: what was gathered so far is void then. */
FENCE_NONBLOCKING struct dma_fence *dma_resv_iter_first_unlocked(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING struct dma_fence *dma_resv_iter_next_unlocked(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT;
FENCE_DETAIL_FUNCTION enum dma_resv_usage dma_resv_iter_usage(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT {
  return cursor->fence_usage;
}
FENCE_DETAIL_FUNCTION bool dma_resv_iter_is_restarted(struct dma_resv_iter *cursor) FENCE_DETAIL_NOEXCEPT {
  return cursor->is_restarted;
}

#define dma_resv_for_each_fence_unlocked(cursor, fence)                                                                \
  for ((fence) = dma_resv_iter_first_unlocked(cursor); (fence); (fence) = dma_resv_iter_next_unlocked(cursor))
#define dma_resv_for_each_fence(cursor, obj, usage, fence)                                                             \
  for (dma_resv_iter_begin(cursor, obj, usage), (fence) = dma_resv_iter_first(cursor); (fence);                        \
       (fence) = dma_resv_iter_next(cursor))

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_RESV_H */
