//===- runtime/src/drm_syncobj.cpp - sync objects: what they hold, and their points ----------------------------------===//
//
// The fence is read without the lock, as in dma_resv; the lock orders replacements, and a replacement with the look of a thread that is about
// to wait for it (drm_syncobj_wait.cpp).
//
//===----------------------------------------------------------------------===//
#include "drm_syncobj.h"

#include <fence/memory.h>

namespace shared = fence::shared;

namespace {
FENCE_LOCK_CLASS(syncobj_lock_class, "drm_syncobj", FENCE_LOCK_SPINS);

/// Under the lock. Takes the caller's reference of `fence`, returns the old one.
dma_fence *exchange_locked(drm_syncobj *syncobj, dma_fence *fence) noexcept {
  dma_fence *old = shared::exchange(syncobj->fence, fence);
  if (fence)
    for (fence_list *node = syncobj->waiters.next; node != &syncobj->waiters; node = node->next)
      fence_unpark(reinterpret_cast<fence::submission_waiter *>(node)->waiter);
  return old;
}
} // namespace

extern "C" {

int drm_syncobj_create(drm_syncobj **out, uint32_t flags, dma_fence *fence) noexcept {
  if (!out || flags & ~DRM_SYNCOBJ_CREATE_SIGNALED)
    return -EINVAL;
  auto *syncobj = static_cast<drm_syncobj *>(fence_alloc(sizeof(drm_syncobj), FENCE_GFP_KERNEL));
  if (!syncobj)
    return -ENOMEM;
  syncobj->refcount = 1;
  fence_list_init(&syncobj->waiters);
  fence_spin_lock_init_class(&syncobj->lock, &syncobj_lock_class);
  syncobj->fence = fence ? dma_fence_get(fence) : flags & DRM_SYNCOBJ_CREATE_SIGNALED ? dma_fence_get_stub() : nullptr;
  *out = syncobj;
  return 0;
}

drm_syncobj *drm_syncobj_get(drm_syncobj *syncobj) noexcept {
  shared::fetch_add(syncobj->refcount, 1u);
  return syncobj;
}

void drm_syncobj_put(drm_syncobj *syncobj) noexcept {
  if (!syncobj || shared::fetch_sub(syncobj->refcount, 1u) != 1)
    return;
  dma_fence_put(shared::load_relaxed(syncobj->fence));
  fence_free(syncobj);
}

dma_fence *drm_syncobj_fence_get(drm_syncobj *syncobj) noexcept {
  fence_rcu_read_lock();
  dma_fence *fence = dma_fence_get_rcu_safe(&syncobj->fence);
  fence_rcu_read_unlock();
  return fence;
}

void drm_syncobj_replace_fence(drm_syncobj *syncobj, dma_fence *fence) noexcept {
  dma_fence_get(fence);
  unsigned long irq = fence::lock_irqsave(&syncobj->lock, 0);
  dma_fence *old = exchange_locked(syncobj, fence);
  fence::unlock_irqrestore(&syncobj->lock, irq);
  dma_fence_put(old);
}

void drm_syncobj_add_point(drm_syncobj *syncobj, dma_fence_chain *chain, dma_fence *fence, uint64_t point) noexcept {
  dma_fence_get(fence);
  unsigned long irq = fence::lock_irqsave(&syncobj->lock, 0);
  // The link takes over the reference that the object had.
  dma_fence *prev = shared::load_relaxed(syncobj->fence);
  dma_fence_chain_init(chain, prev, fence, point);
  dma_fence *head = dma_fence_get(&chain->base);
  exchange_locked(syncobj, head);
  fence::unlock_irqrestore(&syncobj->lock, irq);
  // A timeline that nobody looks at must not grow for ever: take out what has signalled.
  dma_fence_put(dma_fence_chain_walk(head));
}

void drm_syncobj_reset(drm_syncobj *syncobj) noexcept { drm_syncobj_replace_fence(syncobj, nullptr); }

void drm_syncobj_signal(drm_syncobj *syncobj) noexcept {
  dma_fence *stub = dma_fence_get_stub();
  drm_syncobj_replace_fence(syncobj, stub);
  dma_fence_put(stub);
}

int drm_syncobj_timeline_signal(drm_syncobj *syncobj, uint64_t point) noexcept {
  dma_fence_chain *chain = dma_fence_chain_alloc();
  if (!chain)
    return -ENOMEM;
  dma_fence *stub = dma_fence_get_stub();
  drm_syncobj_add_point(syncobj, chain, stub, point);
  dma_fence_put(stub);
  return 0;
}

uint64_t drm_syncobj_query(drm_syncobj *syncobj, uint32_t flags) noexcept {
  dma_fence *head = drm_syncobj_fence_get(syncobj);
  std::uint64_t reached = 0;
  if (flags & DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED || !head || dma_fence_is_signaled(head)) {
    reached = dma_fence_is_chain(head) ? head->seqno : 0;
  } else {
    // Every point before the oldest pending link of this timeline has been reached.
    dma_fence *link;
    dma_fence_chain_for_each(link, head) {
      if (!dma_fence_is_chain(link) || link->context != head->context) {
        dma_fence_put(link);
        reached = 0;
        break;
      }
      reached = dma_fence_is_signaled(dma_fence_chain_contained(link)) ? link->seqno : to_dma_fence_chain(link)->prev_seqno;
    }
  }
  dma_fence_put(head);
  return reached;
}

} // extern "C"
