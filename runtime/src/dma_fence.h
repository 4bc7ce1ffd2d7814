//===- runtime/src/dma_fence.h - what the fences of the runtime share with each other --------------------------------===//
#ifndef FENCE_SRC_DMA_FENCE_H
#define FENCE_SRC_DMA_FENCE_H

#include "check.h"
#include "realtime.h"
#include "shared_memory.h"
#include "spinlock.h"
#include "thread_state.h"
#include "trace.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fence/dma-fence.h>

namespace fence {

static_assert(sizeof(dma_fence) == 64, "a fence costs one cache line; there are millions");

constexpr std::uint64_t nanoseconds_per_jiffy = 1'000'000'000u / FENCE_HZ;

/// A registration that wakes a thread.
struct waiting : dma_fence_cb {
  fence_thread *waiter;
};

/// fence_now() + timeout, or FENCE_FOREVER.
FENCE_NONBLOCKING std::uint64_t deadline_after(std::int64_t timeout) noexcept;
/// What is left until `deadline` as a result of a wait that succeeded: at least 1.
FENCE_NONBLOCKING std::int64_t jiffies_left(std::int64_t timeout, std::uint64_t deadline) noexcept;

/// Parks until done(what), which the caller has arranged to be woken for. Results of dma_fence_wait_timeout().
FENCE_MAY_SLEEP std::int64_t park_until(bool (*done)(void *), void *what, bool intr, std::int64_t timeout) noexcept;

// A count that has reached zero or this high is wrong: it is reported and left alone, which leaks the fence and harms nobody.
constexpr std::uint32_t saturated = 0x8000'0000u;

FENCE_NONBLOCKING inline void take_reference(std::uint32_t &count, const dma_fence *fence) noexcept {
  std::uint32_t before = shared::fetch_add(count, 1u);
  if (before == 0 || before >= saturated) [[unlikely]] {
    shared::store_relaxed(count, saturated);
    report_reference_count(fence, "a reference is taken of a fence that has been released");
  }
}
FENCE_NONBLOCKING inline bool take_reference_unless_zero(std::uint32_t &count) noexcept {
  std::uint32_t seen = shared::load_relaxed(count);
  do
    if (seen == 0)
      return false;
  while (!shared::compare_exchange(count, seen, seen + 1));
  return true;
}
/// Whether it was the last.
FENCE_NONBLOCKING inline bool give_up_reference(std::uint32_t &count, const dma_fence *fence) noexcept {
  std::uint32_t before = shared::fetch_sub(count, 1u);
  if (before == 0 || before >= saturated) [[unlikely]] {
    shared::store_relaxed(count, saturated);
    report_reference_count(fence, "a reference is given up that nobody had");
    return false;
  }
  return before == 1;
}

/// Calls a fence callback in a frame that is nonblocking by attribute, so that RealtimeSanitizer watches what the driver does in it.
inline void call_nonblocking(dma_fence_func_t func, dma_fence *fence, dma_fence_cb *cb) noexcept FENCE_NONBLOCKING {
  realtime_resume resume; // A chain of fences signals from deferred work, where the sanitizer was told to look away.
  func(fence, cb);
}

} // namespace fence
#endif
