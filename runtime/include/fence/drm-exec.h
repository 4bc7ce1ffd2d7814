/*===- fence/drm-exec.h - locking all buffers of a submission ------------------------------------------------------===
 *
 * The loop that ww_mutex.h describes, written once: it remembers which reservations are locked, gives all of them back when one is refused,
 * and begins again with that one.
 *
 *     struct drm_exec exec;
 *     drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, count);
 *     drm_exec_until_all_locked(&exec) {
 *       for (i = 0; i < count; i++) {
 *         error = drm_exec_prepare_obj(&exec, buffers[i]->resv, 1);
 *         drm_exec_retry_on_contention(&exec);
 *         if (error)
 *           goto out;
 *       }
 *     }
 *     ... dma_resv_add_fence() ...
 *   out:
 *     drm_exec_fini(&exec);
 *
 * One thread uses it. It locks reservations and does not keep them alive: the caller's references of the buffers last until drm_exec_fini().
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DRM_EXEC_H
#define FENCE_DRM_EXEC_H

#include <fence/dma-resv.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum {
  DRM_EXEC_INTERRUPTIBLE_WAIT = 1, /**< waits for locks end with -EINTR when fence_interrupt() was called for this thread */
  DRM_EXEC_IGNORE_DUPLICATES = 2,  /**< to lock one a second time is no error */
};

/** On the stack. Read `objects` and `num_objects`; the rest is the runtime's. */
struct drm_exec {
  struct fence_ww_acquire_ctx ticket;
  struct dma_resv **objects; /**< those that are locked */
  unsigned num_objects, max_objects;
  struct dma_resv *contended; /**< was refused; once all others are given back it is locked first */
  struct dma_resv *prelocked; /**< was locked first and has not been asked for since */
  uint32_t flags;
  bool begun; /**< the loop is in its first turn, or a later one */
};

/** Begins an acquisition; nothing is locked yet. `expected` is how many reservations the caller thinks to lock, 0 if it does not know: room for them is allocated
 *  here, and later if there are more.
 *  Context: may sleep (allocates); never fails. */
FENCE_ALLOCATES void drm_exec_init(struct drm_exec *exec, uint32_t flags, unsigned expected) FENCE_DETAIL_NOEXCEPT;
/** Unlocks everything and ends the acquisition.
 *  Context: task. */
void drm_exec_fini(struct drm_exec *exec) FENCE_DETAIL_NOEXCEPT;

/** Whether a reservation was refused since the loop's last turn: the turn has to be given up. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool drm_exec_is_contended(const struct drm_exec *exec) FENCE_DETAIL_NOEXCEPT {
  return exec->contended != (struct dma_resv *)0;
}
/** The condition of the loop: true for its first turn, and for another one after a refusal, for which it unlocks everything.
 *  Context: task. */
bool drm_exec_cleanup(struct drm_exec *exec) FENCE_DETAIL_NOEXCEPT;

/** Locks a reservation. 0; -EDEADLK: refused, drm_exec_is_contended() is true from now on; -EALREADY: locked already, without
 *  DRM_EXEC_IGNORE_DUPLICATES; -ENOMEM; -EINTR with DRM_EXEC_INTERRUPTIBLE_WAIT. What was locked before stays locked.
 *  Context: may sleep (allocates). Ownership: `obj` stays until it is unlocked. */
FENCE_ALLOCATES FENCE_MAY_SLEEP int drm_exec_lock_obj(struct drm_exec *exec, struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;
/** Gives one back before the others. It is locked.
 *  Context: task. */
void drm_exec_unlock_obj(struct drm_exec *exec, struct dma_resv *obj) FENCE_DETAIL_NOEXCEPT;
/** Locks, and reserves room for `num_fences`. If there is no room, this call's lock is given back. Results as drm_exec_lock_obj(). */
FENCE_ALLOCATES FENCE_MAY_SLEEP int drm_exec_prepare_obj(struct drm_exec *exec, struct dma_resv *obj,
                                                         unsigned num_fences) FENCE_DETAIL_NOEXCEPT;
/** drm_exec_prepare_obj() for each of several, up to the first error. */
FENCE_ALLOCATES FENCE_MAY_SLEEP int drm_exec_prepare_array(struct drm_exec *exec, struct dma_resv **objects, unsigned count,
                                                           unsigned num_fences) FENCE_DETAIL_NOEXCEPT;

/* The address of a label, so that a retry leaves loops within the loop as well. In C++ there is fence/drm_exec.hpp. */
#define FENCE_DETAIL_JOIN(a, b) FENCE_DETAIL_JOIN2(a, b)
#define FENCE_DETAIL_JOIN2(a, b) a##b
/** A loop whose turns are repeated until none of its locks is refused. One per function and line. */
#define drm_exec_until_all_locked(exec)                                                                                \
  FENCE_DETAIL_JOIN(fence_detail_turn_, __LINE__)                                                                      \
      : for (void *const fence_detail_turn = __extension__ && FENCE_DETAIL_JOIN(fence_detail_turn_, __LINE__);         \
             (void)fence_detail_turn, drm_exec_cleanup(exec);)
/** Within it, after each lock: begins another turn if it was refused. */
#define drm_exec_retry_on_contention(exec)                                                                             \
  do {                                                                                                                 \
    if (drm_exec_is_contended(exec))                                                                                   \
      goto *fence_detail_turn;                                                                                         \
  } while (0)
/** Every reservation that is locked, in the order of locking. */
#define drm_exec_for_each_locked_object(exec, index, obj)                                                              \
  for ((index) = 0; (index) < (exec)->num_objects && ((obj) = (exec)->objects[index], true); ++(index))

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DRM_EXEC_H */
