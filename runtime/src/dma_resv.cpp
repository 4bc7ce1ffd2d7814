//===- runtime/src/dma_resv.cpp - the fences of a buffer -------------------------------------------------------------===//
//
// The list is an array that only grows at its end while it is published; readers see it under RCU, and a full one is replaced as a whole. An entry is a
// fence with its usage in the low bits of the pointer, so that both change together.
//
//===----------------------------------------------------------------------===//
#include "misuse.h"
#include "shared_memory.h"

#include <algorithm>
#include <cstdlib>
#include <fence/dma-fence-array.h>
#include <fence/dma-resv.h>
#include <fence/memory.h>

namespace shared = fence::shared;

fence_ww_class dma_resv_ww_class = FENCE_WW_CLASS_INIT("reservation", false);

/// Entries up to `count` are set. Counts are read by those who do not hold the lock.
struct dma_resv_list {
  fence_rcu_head rcu;
  std::uint64_t serial; ///< tells it from an earlier list that lay at the same address
  std::uint32_t count, room;
  std::uintptr_t entries[];
};

namespace {

constexpr std::uintptr_t usage_mask = 3;
constexpr std::uint32_t least_room = 4;
std::uint64_t last_serial;

std::uintptr_t entry_of(dma_fence *fence, dma_resv_usage usage) noexcept { return reinterpret_cast<std::uintptr_t>(fence) | usage; }
dma_fence *fence_of(std::uintptr_t entry) noexcept { return reinterpret_cast<dma_fence *>(entry & ~usage_mask); }
dma_resv_usage usage_of(std::uintptr_t entry) noexcept { return static_cast<dma_resv_usage>(entry & usage_mask); }
static_assert(alignof(dma_fence) > usage_mask);

dma_resv_list *allocate(std::uint32_t room) noexcept {
  auto *list = static_cast<dma_resv_list *>(fence_alloc(sizeof(dma_resv_list) + room * sizeof(std::uintptr_t), FENCE_GFP_KERNEL));
  if (list) {
    list->serial = shared::fetch_add(last_serial, 1) + 1;
    list->count = 0;
    list->room = room;
  }
  return list;
}

std::uint32_t count_of(const dma_resv_list *list) noexcept { return list ? shared::load_acquire(list->count) : 0; }

void append(dma_resv_list *list, std::uintptr_t entry) noexcept {
  shared::store_release(list->entries[list->count], entry);
  shared::store_release(list->count, list->count + 1);
}

/// The list goes when its readers have gone, and with it the references of its fences that the caller has not moved.
void retire(dma_resv_list *list) noexcept {
  if (list)
    fence_free_rcu(list, &list->rcu);
}

//===- Walks ---------------------------------------------------------------===//

void start(dma_resv_iter *cursor) noexcept {
  cursor->index = 0;
  cursor->fences = shared::load_acquire(cursor->obj->fences);
  cursor->serial = cursor->fences ? cursor->fences->serial : 0;
  cursor->num_fences = count_of(cursor->fences);
  cursor->is_restarted = true;
}

/// The caller is an RCU reader.
bool has_changed(const dma_resv_iter *cursor) noexcept {
  const dma_resv_list *list = shared::load_acquire(cursor->obj->fences);
  return list != cursor->fences || (list && list->serial != cursor->serial);
}

/// On to the next fence that has not signalled. False: one was about to go, so the list must be read anew.
bool advance_unlocked(dma_resv_iter *cursor) noexcept {
  dma_fence_put(cursor->fence);
  cursor->fence = nullptr;
  while (cursor->index < cursor->num_fences) {
    std::uintptr_t entry = shared::load_acquire(cursor->fences->entries[cursor->index++]);
    if (usage_of(entry) > cursor->usage)
      continue;
    dma_fence *fence = dma_fence_get_rcu(fence_of(entry));
    if (!fence)
      return false;
    if (dma_fence_is_signaled(fence)) {
      dma_fence_put(fence);
      continue;
    }
    cursor->fence = fence;
    cursor->fence_usage = usage_of(entry);
    return true;
  }
  return true;
}

dma_fence *walk_unlocked(dma_resv_iter *cursor, bool restart) noexcept {
  fence_rcu_read_lock();
  cursor->is_restarted = false;
  for (restart = restart || has_changed(cursor);; restart = true) {
    if (restart)
      start(cursor);
    if (advance_unlocked(cursor) && !has_changed(cursor))
      break;
  }
  fence_rcu_read_unlock();
  return cursor->fence;
}

dma_fence *advance_locked(dma_resv_iter *cursor) noexcept {
  while (cursor->index < cursor->num_fences) {
    std::uintptr_t entry = cursor->fences->entries[cursor->index++];
    if (usage_of(entry) <= cursor->usage) {
      cursor->fence_usage = usage_of(entry);
      return cursor->fence = fence_of(entry);
    }
  }
  return cursor->fence = nullptr;
}

/// For a scope that walks without the lock.
struct walk : dma_resv_iter {
  walk(dma_resv *obj, dma_resv_usage usage) noexcept { dma_resv_iter_begin(this, obj, usage); }
  ~walk() { dma_resv_iter_end(this); }
  walk(const walk &) = delete;
};

} // namespace

extern "C" {

void dma_resv_init(dma_resv *obj) noexcept {
  fence_ww_mutex_init(&obj->lock, &dma_resv_ww_class);
  shared::store_relaxed(obj->fences, nullptr);
}

void dma_resv_fini(dma_resv *obj) noexcept {
  if (dma_resv_list *list = obj->fences) {
    for (std::uint32_t i = 0; i < list->count; ++i)
      dma_fence_put(fence_of(list->entries[i]));
    fence_free(list);
  }
  obj->fences = nullptr;
  fence_ww_mutex_destroy(&obj->lock);
}

//===- The lock --------------------------------------------------------------===//

int dma_resv_lock(dma_resv *obj, fence_ww_acquire_ctx *ctx) noexcept { return fence_ww_mutex_lock(&obj->lock, ctx); }
int dma_resv_lock_interruptible(dma_resv *obj, fence_ww_acquire_ctx *ctx) noexcept {
  return fence_ww_mutex_lock_interruptible(&obj->lock, ctx);
}
void dma_resv_lock_slow(dma_resv *obj, fence_ww_acquire_ctx *ctx) noexcept { fence_ww_mutex_lock_slow(&obj->lock, ctx); }
int dma_resv_lock_slow_interruptible(dma_resv *obj, fence_ww_acquire_ctx *ctx) noexcept {
  return fence_ww_mutex_lock_slow_interruptible(&obj->lock, ctx);
}
bool dma_resv_trylock(dma_resv *obj) noexcept { return fence_ww_mutex_trylock(&obj->lock, nullptr); }
void dma_resv_unlock(dma_resv *obj) noexcept {
  // Room that was reserved and not used is not promised to the next owner.
  fence_ww_mutex_unlock(&obj->lock);
}
bool dma_resv_is_locked(dma_resv *obj) noexcept { return fence_ww_mutex_is_locked(&obj->lock); }
void dma_resv_assert_held(dma_resv *obj) noexcept { fence_assert_held(&obj->lock); }

//===- Changing the list -----------------------------------------------------===//

int dma_resv_reserve_fences(dma_resv *obj, unsigned num_fences) noexcept {
  dma_resv_assert_held(obj);
  fence_might_sleep();
  dma_resv_list *old = obj->fences;
  std::uint32_t count = count_of(old);
  if (old && count + num_fences <= old->room)
    return 0;
  dma_resv_list *list = allocate(std::max({least_room, count + num_fences, old ? old->room * 2 : 0}));
  if (!list)
    return -ENOMEM;
  // What has signalled is left behind; its references go after the list is no longer to be seen.
  for (std::uint32_t i = 0; i < count; ++i)
    if (!dma_fence_is_signaled(fence_of(old->entries[i])))
      append(list, old->entries[i]);
  shared::store_release(obj->fences, list);
  for (std::uint32_t i = 0, kept = 0; i < count; ++i)
    if (kept < list->count && old->entries[i] == list->entries[kept])
      ++kept;
    else
      dma_fence_put(fence_of(old->entries[i]));
  retire(old);
  return 0;
}

void dma_resv_add_fence(dma_resv *obj, dma_fence *fence, dma_resv_usage usage) noexcept {
  dma_resv_assert_held(obj);
  dma_resv_list *list = obj->fences;
  std::uint32_t count = count_of(list);
  dma_fence_get(fence);
  for (std::uint32_t i = 0; i < count; ++i) {
    dma_fence *old = fence_of(list->entries[i]);
    bool replaces = old->context == fence->context && usage_of(list->entries[i]) >= usage && dma_fence_is_later_or_same(fence, old);
    if (replaces || dma_fence_is_signaled(old)) {
      shared::store_release(list->entries[i], entry_of(fence, usage));
      dma_fence_put(old);
      return;
    }
  }
  if (!list || count == list->room) {
    fence::report_misuse(obj, "dma_resv_add_fence() without dma_resv_reserve_fences() before it");
    std::abort();
  }
  append(list, entry_of(fence, usage));
}

void dma_resv_replace_fences(dma_resv *obj, uint64_t context, dma_fence *replacement, dma_resv_usage usage) noexcept {
  dma_resv_assert_held(obj);
  dma_resv_list *list = obj->fences;
  for (std::uint32_t i = 0, count = count_of(list); i < count; ++i) {
    dma_fence *old = fence_of(list->entries[i]);
    if (old->context != context)
      continue;
    shared::store_release(list->entries[i], entry_of(dma_fence_get(replacement), usage));
    dma_fence_put(old);
  }
}

int dma_resv_copy_fences(dma_resv *dst, dma_resv *src) noexcept {
  dma_resv_assert_held(dst);
  dma_resv_list *list = nullptr;
  auto give_up = [&] {
    for (std::uint32_t i = 0; i < count_of(list); ++i)
      dma_fence_put(fence_of(list->entries[i]));
    fence_free(list);
    list = nullptr;
  };
  walk all(src, DMA_RESV_USAGE_BOOKKEEP);
  dma_fence *fence;
  dma_resv_for_each_fence_unlocked(&all, fence) {
    if (dma_resv_iter_is_restarted(&all)) {
      give_up();
      list = allocate(std::max(all.num_fences, least_room));
      if (!list)
        return -ENOMEM;
    }
    if (list->count < list->room)
      append(list, entry_of(dma_fence_get(fence), dma_resv_iter_usage(&all)));
  }
  // A walk that restarted and then found nothing leaves what it gathered before; that has signalled meanwhile and does no harm.
  dma_resv_list *old = dst->fences;
  shared::store_release(dst->fences, list);
  for (std::uint32_t i = 0; i < count_of(old); ++i)
    dma_fence_put(fence_of(old->entries[i]));
  retire(old);
  return 0;
}

//===- Asking ----------------------------------------------------------------===//

int dma_resv_get_fences(dma_resv *obj, dma_resv_usage usage, unsigned *num_fences, dma_fence ***fences) noexcept {
  *num_fences = 0;
  *fences = nullptr;
  unsigned room = 0;
  auto give_up = [&] {
    while (*num_fences)
      dma_fence_put((*fences)[--*num_fences]);
    fence_free(*fences);
    *fences = nullptr;
  };
  walk of_usage(obj, usage);
  dma_fence *fence;
  dma_resv_for_each_fence_unlocked(&of_usage, fence) {
    if (dma_resv_iter_is_restarted(&of_usage)) {
      give_up();
      room = of_usage.num_fences;
      *fences = static_cast<dma_fence **>(fence_alloc(room * sizeof(dma_fence *), FENCE_GFP_KERNEL));
      if (!*fences)
        return -ENOMEM;
    }
    if (*num_fences < room)
      (*fences)[(*num_fences)++] = dma_fence_get(fence);
  }
  return 0;
}

int dma_resv_get_singleton(dma_resv *obj, dma_resv_usage usage, dma_fence **fence) noexcept {
  *fence = nullptr;
  unsigned count;
  dma_fence **fences;
  if (int error = dma_resv_get_fences(obj, usage, &count, &fences))
    return error;
  if (count < 2) {
    *fence = count ? fences[0] : nullptr;
    fence_free(fences);
    return 0;
  }
  if (dma_fence_array *array = dma_fence_array_create(count, fences, dma_fence_context_alloc(1), 1, false)) {
    *fence = &array->base;
    return 0;
  }
  while (count)
    dma_fence_put(fences[--count]);
  fence_free(fences);
  return -ENOMEM;
}

int64_t dma_resv_wait_timeout(dma_resv *obj, dma_resv_usage usage, bool intr, int64_t timeout) noexcept {
  int64_t left = timeout ? timeout : 1;
  walk of_usage(obj, usage);
  dma_fence *fence;
  dma_resv_for_each_fence_unlocked(&of_usage, fence) {
    left = dma_fence_wait_timeout(fence, intr, timeout);
    if (left <= 0)
      return left;
    if (timeout && timeout != FENCE_MAX_TIMEOUT)
      timeout = left;
  }
  return left;
}

bool dma_resv_test_signaled(dma_resv *obj, dma_resv_usage usage) noexcept {
  walk of_usage(obj, usage);
  return !dma_resv_iter_first_unlocked(&of_usage);
}

void dma_resv_set_deadline(dma_resv *obj, dma_resv_usage usage, int64_t deadline) noexcept {
  walk of_usage(obj, usage);
  dma_fence *fence;
  dma_resv_for_each_fence_unlocked(&of_usage, fence)
    dma_fence_set_deadline(fence, deadline);
}

size_t dma_resv_describe(dma_resv *obj, char *text, size_t size) noexcept {
  static const char *const names[] = {"kernel", "write", "read", "bookkeep"};
  size_t length = 0;
  if (size)
    *text = 0;
  auto add = [&](auto write) {
    length += static_cast<size_t>(write(length < size ? text + length : nullptr, length < size ? size - length : 0));
  };
  dma_resv_iter all;
  dma_fence *fence;
  dma_resv_for_each_fence(&all, obj, DMA_RESV_USAGE_BOOKKEEP, fence) {
    add([&](char *at, size_t room) { return std::snprintf(at, room, "%s fence: ", names[dma_resv_iter_usage(&all)]); });
    add([&](char *at, size_t room) { return dma_fence_describe(fence, at, room); });
    add([&](char *at, size_t room) { return std::snprintf(at, room, "\n"); });
  }
  return length;
}

//===- Walking ---------------------------------------------------------------===//

void dma_resv_iter_begin(dma_resv_iter *cursor, dma_resv *obj, dma_resv_usage usage) noexcept {
  *cursor = {obj, usage, nullptr, DMA_RESV_USAGE_KERNEL, 0, nullptr, 0, 0, false};
}
void dma_resv_iter_end(dma_resv_iter *cursor) noexcept {
  dma_fence_put(cursor->fence);
  cursor->fence = nullptr;
}

dma_fence *dma_resv_iter_first(dma_resv_iter *cursor) noexcept {
  dma_resv_assert_held(cursor->obj);
  start(cursor);
  return advance_locked(cursor);
}
dma_fence *dma_resv_iter_next(dma_resv_iter *cursor) noexcept {
  dma_resv_assert_held(cursor->obj);
  cursor->is_restarted = false;
  return advance_locked(cursor);
}

dma_fence *dma_resv_iter_first_unlocked(dma_resv_iter *cursor) noexcept { return walk_unlocked(cursor, true); }
dma_fence *dma_resv_iter_next_unlocked(dma_resv_iter *cursor) noexcept { return walk_unlocked(cursor, false); }

} // extern "C"
