// What the calls of calls.def work on.
#ifndef FENCE_CONTRACTS_BENCH_H
#define FENCE_CONTRACTS_BENCH_H

#include <fence/completion.h>
#include <fence/dma-fence.h>
#include <fence/dma-resv.h>
#include <fence/drm-gem.h>
#include <fence/memory.h>
#include <fence/mutex.h>
#include <utility>

/// New for each cell of the table, made and ended in a task.
struct bench {
  fence_spinlock lock;
  dma_fence *fence, *other, *signalled, *result = nullptr;
  dma_fence_cb cb, late;
  dma_resv resv;
  fence_mutex mutex;
  fence_completion completion;
  fence_deferred deferred = {nullptr, [](fence_deferred *) {}};
  void *memory, *fresh = nullptr;
  struct freed {
    fence_rcu_head head;
  } *head;
  fence_spinlock spin;
  drm_device gem;
  drm_gem_object object;
  drm_file file;
  drm_gem_object *found = nullptr;
  fence_device bus;
  sg_table mapped, unmapped;
  alignas(FENCE_PAGE_SIZE) char page[FENCE_PAGE_SIZE];
};
inline bench *b;

const dma_fence_ops &releases();
inline void nothing(dma_fence *, dma_fence_cb *) noexcept {}

#endif
