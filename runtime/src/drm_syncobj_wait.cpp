//===- runtime/src/drm_syncobj_wait.cpp - waiting for points, submitted or not ---------------------------------------===//
//
// Per object a thread waits first for the submission and then for the fence. It is only ever woken, by either; then it looks through its
// list again. So nothing but a wake-up happens in a callback, and a list of any mixture of both needs no state machine.
//
//===----------------------------------------------------------------------===//
#include "drm_syncobj.h"

#include <fence/memory.h>

namespace shared = fence::shared;

namespace {

constexpr std::uint32_t wait_flags =
    DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL | DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT | DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE;
constexpr std::uint32_t submission_flags = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT | DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE;

/// A reference to what has to signal for that point, a signalled fence if it has been reached, null if it has not been submitted.
dma_fence *find(drm_syncobj *syncobj, std::uint64_t point) noexcept {
  dma_fence *fence = drm_syncobj_fence_get(syncobj);
  if (!fence)
    return nullptr;
  if (dma_fence_chain_find_seqno(&fence, point) != 0) {
    dma_fence_put(fence);
    return nullptr;
  }
  return fence ? fence : dma_fence_get_stub();
}

/// One object of a list that is waited for.
struct entry {
  fence::submission_waiter submission;
  fence::waiting signal;
  drm_syncobj *syncobj;
  dma_fence *fence; ///< null until it has been submitted
  std::uint64_t point;
  bool listed;     ///< `submission` is linked
  bool registered; ///< `signal` was given to the fence
  bool done;
};

void wake_waiter(dma_fence *, dma_fence_cb *cb) noexcept { fence_unpark(static_cast<fence::waiting *>(cb)->waiter); }

struct wait_list {
  entry *entries;
  std::uint32_t count, flags;
  std::uint32_t first; ///< that was found done, or `count`
  std::uint32_t number_done = 0;

  void begin(entry &each) noexcept {
    unsigned long irq = fence::lock_irqsave(&each.syncobj->lock, 0);
    fence_list_append(&each.syncobj->waiters, &each.submission.node);
    fence::unlock_irqrestore(&each.syncobj->lock, irq);
    each.listed = true;
  }

  void look(entry &each) noexcept {
    if (!each.fence && !(each.fence = find(each.syncobj, each.point)))
      return;
    if (flags & DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE) {
      each.done = true;
      return;
    }
    if (!each.registered) {
      each.registered = true;
      each.signal.waiter = fence_thread_self();
      fence_check_fence_wait(each.fence);
      dma_fence_add_callback(each.fence, &each.signal, wake_waiter);
    }
    each.done = dma_fence_is_signaled(each.fence);
  }

  bool done() noexcept {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (entries[i].done)
        continue;
      look(entries[i]);
      if (!entries[i].done)
        continue;
      ++number_done;
      if (first == count)
        first = i;
      if (!(flags & DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL))
        return true;
    }
    return number_done == count;
  }

  void end(entry &each) noexcept {
    if (each.listed) {
      unsigned long irq = fence::lock_irqsave(&each.syncobj->lock, 0);
      fence_list_unlink(&each.submission.node);
      fence::unlock_irqrestore(&each.syncobj->lock, irq);
    }
    if (each.registered)
      dma_fence_remove_callback(each.fence, &each.signal);
    dma_fence_put(each.fence);
  }
};

/// Results of drm_syncobj_wait(). Entries have their object and point; their fence is a reference in the end, or null.
std::int64_t wait_for(wait_list &list, std::int64_t timeout) noexcept {
  for (std::uint32_t i = 0; i < list.count; ++i) {
    entry &each = list.entries[i];
    each.submission.waiter = fence_thread_self();
    // Listed before the first look: a submission after it wakes us.
    if (list.flags & submission_flags)
      list.begin(each);
    else if (!(each.fence = find(each.syncobj, each.point)))
      return -EINVAL;
  }
  std::int64_t left = fence::park_until([](void *self) { return static_cast<wait_list *>(self)->done(); }, &list, true, timeout);
  return left ? left : -ETIME;
}

} // namespace

extern "C" {

int drm_syncobj_find_fence(drm_syncobj *syncobj, uint64_t point, uint32_t flags, int64_t timeout, dma_fence **fence) noexcept {
  if (flags & ~submission_flags || timeout < 0)
    return -EINVAL;
  *fence = find(syncobj, point);
  if (*fence)
    return 0;
  if (!(flags & submission_flags))
    return -EINVAL;
  entry one{};
  one.syncobj = syncobj;
  one.point = point;
  wait_list list{&one, 1, DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE, 1};
  std::int64_t left = wait_for(list, timeout);
  *fence = dma_fence_get(one.fence);
  list.end(one);
  return left > 0 ? 0 : static_cast<int>(left);
}

int64_t drm_syncobj_wait(drm_syncobj **syncobjs, const uint64_t *points, uint32_t count, uint32_t flags, int64_t timeout,
                         uint32_t *first) noexcept {
  constexpr std::uint32_t without_allocation = 4;
  if (!syncobjs || !count || flags & ~wait_flags || timeout < 0)
    return -EINVAL;
  fence_might_sleep();
  entry few[without_allocation] = {};
  entry *entries = few;
  if (count > without_allocation)
    entries = static_cast<entry *>(fence_alloc(count * sizeof(entry), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
  if (!entries)
    return -ENOMEM;
  for (std::uint32_t i = 0; i < count; ++i) {
    entries[i].syncobj = syncobjs[i];
    entries[i].point = points ? points[i] : 0;
  }
  wait_list list{entries, count, flags, count};
  std::int64_t left = wait_for(list, timeout);
  for (std::uint32_t i = 0; i < count; ++i)
    list.end(entries[i]);
  if (entries != few)
    fence_free(entries);
  if (left > 0 && first)
    *first = list.first;
  return left;
}

} // extern "C"
