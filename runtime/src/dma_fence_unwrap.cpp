//===- runtime/src/dma_fence_unwrap.cpp - looking into containers, and merging fences --------------------------------===//
#include "container.h"

#include <algorithm>
#include <fence/dma-fence-unwrap.h>
#include <fence/memory.h>

using fence::error_of;

namespace {

/// A fence that has signalled well adds nothing to a merge; one that has failed makes the merged fence fail.
bool matters(dma_fence *fence) noexcept { return !dma_fence_is_signaled(fence) || error_of(fence) != 0; }

/// How many fences in there matter; the time of the last that does not goes to `latest`.
unsigned count(dma_fence *head, dma_fence_unwrap *cursor, std::int64_t &latest) noexcept {
  unsigned found = 0;
  dma_fence *fence;
  dma_fence_unwrap_for_each(fence, cursor, head) {
    if (matters(fence))
      ++found;
    else
      latest = std::max(latest, dma_fence_timestamp(fence));
  }
  return found;
}

dma_fence *allocate_signalled(std::int64_t timestamp) noexcept {
  return dma_fence_allocate_private_stub(timestamp ? timestamp : static_cast<std::int64_t>(fence_now()));
}

} // namespace

extern "C" {

dma_fence *dma_fence_unwrap_first(dma_fence *head, dma_fence_unwrap *cursor) noexcept {
  cursor->chain = dma_fence_get(head);
  cursor->array = dma_fence_chain_contained(head);
  cursor->index = 0;
  return dma_fence_array_first(cursor->array);
}

dma_fence *dma_fence_unwrap_next(dma_fence_unwrap *cursor) noexcept {
  if (dma_fence *member = dma_fence_array_next(cursor->array, ++cursor->index))
    return member;
  cursor->chain = dma_fence_chain_walk(cursor->chain);
  cursor->array = dma_fence_chain_contained(cursor->chain);
  cursor->index = 0;
  return dma_fence_array_first(cursor->array);
}

void dma_fence_unwrap_end(dma_fence_unwrap *cursor) noexcept {
  dma_fence_put(cursor->chain);
  cursor->chain = cursor->array = nullptr;
}

int dma_fence_dedup_array(dma_fence **fences, int num_fences) noexcept {
  // By context alone: sequence numbers of 32 bits go round in a circle, which is no order to sort by.
  std::sort(fences, fences + num_fences, [](dma_fence *a, dma_fence *b) { return a->context < b->context; });
  int kept = 0;
  for (int i = 0; i < num_fences; ++i) {
    if (kept == 0 || fences[kept - 1]->context != fences[i]->context) {
      fences[kept++] = fences[i];
      continue;
    }
    dma_fence *&latest = fences[kept - 1];
    if (dma_fence_is_later(fences[i], latest))
      std::swap(fences[i], latest);
    dma_fence_put(fences[i]);
  }
  return kept;
}

dma_fence *__dma_fence_unwrap_merge(unsigned num_fences, dma_fence **fences, dma_fence_unwrap *cursors) noexcept {
  std::int64_t latest = 0;
  unsigned room = 0;
  for (unsigned i = 0; i < num_fences; ++i)
    room += count(fences[i], &cursors[i], latest);
  if (!room)
    return allocate_signalled(latest);

  // Meanwhile some may have signalled; none can have come.
  auto **merged = static_cast<dma_fence **>(fence_alloc(room * sizeof(dma_fence *), FENCE_GFP_KERNEL));
  if (!merged)
    return nullptr;
  unsigned found = 0;
  for (unsigned i = 0; i < num_fences; ++i) {
    dma_fence *fence;
    dma_fence_unwrap_for_each(fence, &cursors[i], fences[i]) {
      if (matters(fence))
        merged[found++] = dma_fence_get(fence);
      else
        latest = std::max(latest, dma_fence_timestamp(fence));
    }
  }
  int kept = dma_fence_dedup_array(merged, static_cast<int>(found));

  dma_fence *result = nullptr;
  if (kept == 0)
    result = allocate_signalled(latest);
  else if (kept == 1)
    result = dma_fence_get(merged[0]);
  else if (dma_fence_array *array =
               dma_fence_array_create(static_cast<std::uint32_t>(kept), merged, dma_fence_context_alloc(1), 1, false))
    return &array->base; // It owns `merged`.
  for (int i = 0; i < kept; ++i)
    dma_fence_put(merged[i]);
  fence_free(merged);
  return result;
}

} // extern "C"
