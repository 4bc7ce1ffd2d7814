/*===- fence/drm-syncobj.h - a place for a fence, and a timeline of points -------------------------------------------===
 *
 * A fence exists once its work has been submitted; a sync object exists before. It holds at most one fence, which is replaced over
 * time, or a chain of them (dma-fence-chain.h) whose numbers are the points of a timeline. Whoever waits may begin before there is
 * anything to wait for.
 *
 * The binary object is point 0: the fence as it is. A point is reached when every fence up to it has signalled.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DRM_SYNCOBJ_H
#define FENCE_DRM_SYNCOBJ_H

#include <fence/dma-fence-chain.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#  pragma GCC visibility push(default)
#endif

/** Counted. Made by drm_syncobj_create(); the fields are the runtime's. */
struct drm_syncobj {
  uint32_t refcount;
  struct dma_fence *fence;   /**< read with drm_syncobj_fence_get() */
  struct fence_list waiters; /**< threads that wait for a submission; under `lock` */
  struct fence_spinlock lock;
};

#define DRM_SYNCOBJ_CREATE_SIGNALED 0x1u
/** For all of them instead of one. */
#define DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL 0x1u
/** What has not been submitted yet is waited for instead of being an error. */
#define DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT 0x2u
/** Only until it has been submitted. Implies WAIT_FOR_SUBMIT. */
#define DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE 0x4u
/** The last point submitted instead of the last point reached. */
#define DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED 0x1u

/** Stores a new object with one reference in *out: empty, with that fence (of which it takes a reference of its own), or signalled.
 *  Returns 0; -ENOMEM; -EINVAL for unknown flags or no `out`.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). */
FENCE_ALLOCATES int drm_syncobj_create(struct drm_syncobj **out, uint32_t flags, struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** Context: any. Returns `syncobj`. */
FENCE_NONBLOCKING struct drm_syncobj *drm_syncobj_get(struct drm_syncobj *syncobj) FENCE_DETAIL_NOEXCEPT;
/** Null is allowed.
 *  Context: any but a fence callback; the last reference frees. */
FENCE_FREES void drm_syncobj_put(struct drm_syncobj *syncobj) FENCE_DETAIL_NOEXCEPT;

/** A reference to the present fence, or null.
 *  Context: any. */
FENCE_NONBLOCKING struct dma_fence *drm_syncobj_fence_get(struct drm_syncobj *syncobj) FENCE_DETAIL_NOEXCEPT;
/** Puts `fence`, null for none, in the place of the present one; wakes whoever waits for a submission. Takes a reference of its own.
 *  Who waits for the old fence goes on doing so.
 *  Context: any; takes a spinning lock. */
FENCE_NONBLOCKING void drm_syncobj_replace_fence(struct drm_syncobj *syncobj, struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** Adds `point`, reached when `fence` and all earlier points have. Points come in increasing order; one that does not begins a
 *  new timeline, as dma_fence_chain_init() says. `chain` is from dma_fence_chain_alloc().
 *  Context: any; does not allocate. Ownership: takes `chain`; takes a reference of its own of `fence`. */
FENCE_NONBLOCKING void drm_syncobj_add_point(struct drm_syncobj *syncobj, struct dma_fence_chain *chain, struct dma_fence *fence,
                                             uint64_t point) FENCE_DETAIL_NOEXCEPT;
/** Empties it.
 *  Context: any. */
FENCE_NONBLOCKING void drm_syncobj_reset(struct drm_syncobj *syncobj) FENCE_DETAIL_NOEXCEPT;
/** Puts a signalled fence in.
 *  Context: any. */
FENCE_NONBLOCKING void drm_syncobj_signal(struct drm_syncobj *syncobj) FENCE_DETAIL_NOEXCEPT;
/** Adds a point without work: reached when the earlier ones are. 0, or -ENOMEM.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). */
FENCE_ALLOCATES int drm_syncobj_timeline_signal(struct drm_syncobj *syncobj, uint64_t point) FENCE_DETAIL_NOEXCEPT;
/** The last point that has been reached, or with DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED the last submitted. 0 for an empty or binary
 *  object.
 *  Context: any. O(links that have signalled since the last walk). */
FENCE_NONBLOCKING uint64_t drm_syncobj_query(struct drm_syncobj *syncobj, uint32_t flags) FENCE_DETAIL_NOEXCEPT;

/** Stores in *fence a reference to what has to signal for `point`; a signalled fence if it has been reached. With WAIT_FOR_SUBMIT it waits
 *  up to `timeout` for the submission, else nothing is waited for. Returns 0; -EINVAL if the point has not been submitted; -ETIME;
 *  -FENCE_ERESTARTSYS.
 *  Context: may sleep with WAIT_FOR_SUBMIT, else any. */
FENCE_MAY_SLEEP_WHEN("arg2 != 0")
int drm_syncobj_find_fence(struct drm_syncobj *syncobj, uint64_t point, uint32_t flags, int64_t timeout, struct dma_fence **fence)
    FENCE_DETAIL_NOEXCEPT;

/** Waits, interruptibly, for points[i] of syncobjs[i]; null `points` means 0 everywhere. Returns what is left of `timeout`, at least 1; -ETIME;
 *  -EINVAL for a point that has not been submitted unless WAIT_FOR_SUBMIT, no objects, unknown flags or a negative timeout; -ENOMEM;
 *  -FENCE_ERESTARTSYS. Stores in *first, if not null, the index of the first that was found done. `timeout` 0 only looks.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL); not in a signalling section. The caller holds a reference of each. */
FENCE_WAITS_FOR("fence") int64_t drm_syncobj_wait(struct drm_syncobj **syncobjs, const uint64_t *points, uint32_t count, uint32_t flags,
                                                  int64_t timeout, uint32_t *first) FENCE_DETAIL_NOEXCEPT;

#if defined(__GNUC__)
#  pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DRM_SYNCOBJ_H */
