// What scenarios share: a fence in the scenario's heap, a callback that notes when it ran.
#ifndef FENCE_EXPLORE_SCENARIOS_H
#define FENCE_EXPLORE_SCENARIOS_H

#include "explorer.h"
#include "prelude.h"

#include <cerrno>
#include <cstdlib>
#include <fence/dma-fence.h>
#include <gtest/gtest.h>

namespace shared = fence::shared;

inline constexpr dma_fence_ops explored_ops = [] {
  dma_fence_ops ops = {};
  ops.get_driver_name = ops.get_timeline_name = [](dma_fence *) noexcept { return "explored"; };
  return ops;
}();

/// The driver's lock, outside of its fences.
inline fence_spinlock driver_lock;

inline dma_fence *make_fence(const dma_fence_ops &ops = explored_ops) {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  driver_lock = {};
  dma_fence_init(fence, &ops, &driver_lock, 1, 1);
  return fence;
}

struct noted : dma_fence_cb {
  std::uint32_t calls = 0;
  static void called(dma_fence *fence, dma_fence_cb *cb) noexcept {
    EXPLORE_CHECK(dma_fence_test_signaled_flag(fence));
    shared::fetch_add(static_cast<noted *>(cb)->calls, 1u);
  }
};

#endif
