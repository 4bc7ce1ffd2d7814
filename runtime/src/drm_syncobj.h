//===- runtime/src/drm_syncobj.h - what a thread that waits for a submission leaves at the object --------------------===//
#ifndef FENCE_SRC_DRM_SYNCOBJ_H
#define FENCE_SRC_DRM_SYNCOBJ_H

#include "dma_fence.h"

#include <fence/drm-syncobj.h>

namespace fence {

/// Linked in drm_syncobj.waiters, on the waiting thread's own terms: it looks again by itself when it is woken.
struct submission_waiter {
  fence_list node;
  fence_thread *waiter;
};
static_assert(offsetof(submission_waiter, node) == 0);

} // namespace fence
#endif
