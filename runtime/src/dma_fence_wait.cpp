//===- runtime/src/dma_fence_wait.cpp - waiting for fences -------------------------------------------------------------------===//
//
// A waiter registers a callback that wakes it, then parks and looks at the fence, again and again. The callback runs under the fence's lock, so who
// has removed it under that lock knows that it has left the waiter's stack.
//
//===----------------------------------------------------------------------===//
#include "dma_fence.h"

#include <fence/memory.h>

namespace shared = fence::shared;

namespace {

FENCE_NONBLOCKING void wake_waiter(dma_fence *, dma_fence_cb *cb) noexcept {
  auto *registration = static_cast<fence::waiting *>(cb);
  // The waiter looks at the fence, not at the registration; once it sees the bit it may go, but not before it has taken the lock that is
  // held here.
  fence_unpark(registration->waiter);
}

} // namespace

namespace fence {

std::int64_t jiffies_left(std::int64_t timeout, std::uint64_t deadline) noexcept {
  if (timeout == FENCE_MAX_TIMEOUT)
    return timeout;
  std::uint64_t now = shared::now();
  std::uint64_t left = now < deadline ? (deadline - now) / nanoseconds_per_jiffy : 0;
  return left ? static_cast<std::int64_t>(left) : 1;
}

std::uint64_t deadline_after(std::int64_t timeout) noexcept {
  std::uint64_t now = shared::now();
  if (timeout >= static_cast<std::int64_t>((FENCE_FOREVER - now) / nanoseconds_per_jiffy))
    return FENCE_FOREVER;
  return now + static_cast<std::uint64_t>(timeout) * nanoseconds_per_jiffy;
}

std::int64_t park_until(bool (*done)(void *), void *what, bool intr, std::int64_t timeout) noexcept {
  std::uint64_t deadline = timeout == FENCE_MAX_TIMEOUT ? FENCE_FOREVER : deadline_after(timeout);
  for (bool in_time = true;;) {
    if (done(what))
      return jiffies_left(timeout, deadline);
    if (intr && fence_interrupted())
      return -FENCE_ERESTARTSYS;
    if (!in_time)
      return 0;
    in_time = fence_park(deadline);
  }
}

} // namespace fence

extern "C" {

int64_t dma_fence_default_wait(dma_fence *fence, bool intr, int64_t timeout) noexcept {
  if (dma_fence_is_signaled(fence))
    return timeout ? timeout : 1;
  if (timeout == 0)
    return 0;
  fence::waiting here{{}, fence_thread_self()};
  if (dma_fence_add_callback(fence, &here, wake_waiter) != 0)
    return timeout;
  int64_t left = fence::park_until([](void *waited_for) { return dma_fence_test_signaled_flag(static_cast<dma_fence *>(waited_for)); }, fence,
                                   intr, timeout);
  // Also when it has signalled: the lock makes sure that the callback has left our stack frame.
  dma_fence_remove_callback(fence, &here);
  return left;
}

int64_t dma_fence_wait_timeout(dma_fence *fence, bool intr, int64_t timeout) noexcept {
  if (timeout < 0)
    return -EINVAL;
  fence_check_fence_used(fence);
  fence_check_fence_wait(fence);
  // A driver that waits in its own way also says in its own way that there was nothing to wait for.
  if (dma_fence_test_signaled_flag(fence) && !fence->ops->wait) [[likely]]
    return timeout ? timeout : 1;
  fence::traced(fence::trace::wait_start, fence);
  // Asked for even with timeout 0, so that polling a fence makes it come.
  dma_fence_enable_sw_signaling(fence);
  int64_t left = fence->ops->wait ? fence->ops->wait(fence, intr, timeout) : dma_fence_default_wait(fence, intr, timeout);
  fence::traced(fence::trace::wait_end, fence);
  return left;
}

int64_t dma_fence_wait(dma_fence *fence, bool intr) noexcept {
  int64_t left = dma_fence_wait_timeout(fence, intr, FENCE_MAX_TIMEOUT);
  return left < 0 ? left : 0;
}

int64_t dma_fence_wait_any_timeout(dma_fence **fences, uint32_t count, bool intr, int64_t timeout, uint32_t *idx) noexcept {
  struct any {
    dma_fence **fences;
    std::uint32_t count, first;
    bool done() noexcept {
      for (first = 0; first < count; ++first)
        if (dma_fence_is_signaled(fences[first]))
          return true;
      return false;
    }
  };
  constexpr std::uint32_t without_allocation = 16;

  if (!fences || !count || timeout < 0)
    return -EINVAL;
  for (std::uint32_t i = 0; i < count; ++i)
    fence_check_fence_wait(fences[i]);
  any which{fences, count, 0};
  bool done = which.done();
  int64_t left = done ? (timeout ? timeout : 1) : 0;
  if (!done && timeout) {
    fence::waiting few[without_allocation];
    fence::waiting *registrations = few;
    if (count > without_allocation)
      registrations = static_cast<fence::waiting *>(fence_alloc(count * sizeof(fence::waiting), FENCE_GFP_KERNEL));
    if (!registrations)
      return -ENOMEM;
    std::uint32_t added = 0;
    for (; added < count; ++added) {
      registrations[added].waiter = fence_thread_self();
      if (dma_fence_add_callback(fences[added], &registrations[added], wake_waiter) != 0)
        break; // This one has signalled, so there is nothing to wait for.
    }
    left = fence::park_until([](void *self) { return static_cast<any *>(self)->done(); }, &which, intr, timeout);
    done = left > 0;
    while (added--)
      dma_fence_remove_callback(fences[added], &registrations[added]);
    if (registrations != few)
      fence_free(registrations);
  }
  if (done && idx)
    *idx = which.first;
  return left;
}

} // extern "C"
