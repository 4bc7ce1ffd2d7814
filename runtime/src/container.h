//===- runtime/src/container.h - what arrays and chains have in common -----------------------------------------------===//
//
// A container's result is decided once, in one word: whoever brings the first error, or finds that all is done, wins; everybody else reads
// what was decided. So two threads that find out at the same time, one by a callback and one by polling, report the same.
//
// Nothing is done in a callback but counting: a member's lock is held there. What follows (signalling the container, waiting for
// the next member, giving up references) is deferred until the thread holds no lock, and run in a loop.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CONTAINER_H
#define FENCE_SRC_CONTAINER_H

#include "dma_fence.h"

#include <fence/dma-fence-array.h>
#include <fence/dma-fence-chain.h>

namespace fence {

constexpr std::int32_t undecided = 1;

/// The first decision stays; 0 is success.
inline void decide(std::int32_t &result, std::int32_t decision) noexcept {
  std::int32_t seen = undecided;
  shared::compare_exchange(result, seen, decision);
}

/// How `fence`, which has signalled, ended: 0 or its error.
inline std::int32_t error_of(const ::dma_fence *fence) noexcept { return shared::load_acquire(fence->error); }

/// The container is done: its result becomes its error, unless it has signalled already, with that very result.
inline void settle(::dma_fence &container, std::int32_t &result) noexcept {
  decide(result, 0);
  if (std::int32_t error = shared::load_acquire(result); error && !dma_fence_test_signaled_flag(&container))
    shared::store_release(container.error, error);
}

/// 0 for a fence that holds none; a container's depth is larger than that of what it may poll under its lock.
FENCE_NONBLOCKING unsigned depth_of(const ::dma_fence *fence) noexcept;
/// The class of the locks of all containers of that depth.
FENCE_NONBLOCKING fence_lock_class *container_lock_class(unsigned depth) noexcept;

inline void defer(fence_deferred &work, void (*run)(fence_deferred *)) noexcept {
  work.run = run;
  fence_defer(&work);
}

} // namespace fence
#endif
