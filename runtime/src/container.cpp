//===- runtime/src/container.cpp - lock classes of containers, one per depth ------------------------------------------===//
#include "container.h"

namespace fence {

namespace {
// What is deeper than this shares the last class; only polling such a thing under its own lock would then look like recursion.
constexpr unsigned deepest = 8;
fence_lock_class classes[deepest] = {
    {"dma_fence_container", FENCE_LOCK_SPINS, 0},        {"dma_fence_container, depth 2", FENCE_LOCK_SPINS, 0},
    {"dma_fence_container, depth 3", FENCE_LOCK_SPINS, 0}, {"dma_fence_container, depth 4", FENCE_LOCK_SPINS, 0},
    {"dma_fence_container, depth 5", FENCE_LOCK_SPINS, 0}, {"dma_fence_container, depth 6", FENCE_LOCK_SPINS, 0},
    {"dma_fence_container, depth 7", FENCE_LOCK_SPINS, 0}, {"dma_fence_container, depth 8", FENCE_LOCK_SPINS, 0},
};
} // namespace

unsigned depth_of(const ::dma_fence *fence) noexcept {
  if (!dma_fence_is_container(fence))
    return 0;
  return static_cast<unsigned>(fence->lock->lock_class - classes) + 1;
}

fence_lock_class *container_lock_class(unsigned depth) noexcept { return &classes[(depth < deepest ? depth : deepest) - 1]; }

} // namespace fence
