//===- fence/wait.hpp - waiting for fences, with clocks and stop tokens ----------------------------------------------------------===//
//
// All of these sleep, so none may be called where nothing may sleep, nor in a signalling section. They say whether the wait was successful; how
// the work ended is asked of the fence: fence.error().
//
//     if (fence::result<void> waited = fence::wait_for(*job, 100ms); !waited)
//       return waited.error();       // ETIMEDOUT
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_WAIT_HPP
#define FENCE_WAIT_HPP

#include <fence/any_fence.hpp>
#include <fence/memory.h>
#include <fence/time.hpp>
#include <span>
#include <stop_token>

namespace fence {

namespace detail {

/// What a wait of C returned: at least 1, 0 for the timeout, or a negative errno.
inline result<void> waited(std::int64_t left) noexcept {
  if (left > 0)
    return {};
  return left == 0 ? error(ETIMEDOUT) : left == -FENCE_ERESTARTSYS ? error(EINTR) : error(static_cast<int>(left));
}

/// For the time of a wait a stop request interrupts this thread, in the words of fence_interrupt(). When the wait is over the interruption is
/// taken back, so that it does not end the next one.
class stoppable {
public:
  explicit stoppable(const std::stop_token &token) noexcept { callback_.emplace(token, interrupt{fence_thread_self(), this}); }
  stoppable(const stoppable &) = delete;
  stoppable &operator=(const stoppable &) = delete;

  /// What the wait returned, in which EINTR may have been us.
  template <class Result> Result end(Result waited) noexcept {
    callback_.reset(); // Waits for the callback if it is running.
    bool ours = interrupted_ && fence_clear_interrupt();
    if (!waited && waited.error().code() == EINTR && ours)
      return error(ECANCELED);
    return waited;
  }

private:
  struct interrupt {
    fence_thread *thread;
    stoppable *self;
    void operator()() const noexcept {
      self->interrupted_ = true;
      fence_interrupt(thread);
    }
  };
  bool interrupted_ = false; ///< written by the callback, read once it has been removed
  std::optional<std::stop_callback<interrupt>> callback_;
};

FENCE_WAITS_FOR("fence") inline result<void> wait(any_fence &fence, bool interruptible, std::int64_t timeout) noexcept {
  return waited(dma_fence_wait_timeout(fence.raw(), interruptible, timeout));
}

FENCE_WAITS_FOR("fence")
inline result<std::size_t> wait_any(std::span<any_fence *const> fences, bool interruptible, std::int64_t timeout) noexcept {
  constexpr std::size_t without_allocation = 16;
  ::dma_fence *few[without_allocation];
  ::dma_fence **all = few;
  if (fences.empty() || fences.size() > UINT32_MAX)
    return error(EINVAL);
  if (fences.size() > without_allocation)
    all = static_cast<::dma_fence **>(fence_alloc(fences.size() * sizeof *all, FENCE_GFP_KERNEL));
  if (!all)
    return error(ENOMEM);
  for (std::size_t i = 0; i < fences.size(); ++i)
    all[i] = fences[i]->raw();
  std::uint32_t which = 0;
  result<void> done =
      waited(dma_fence_wait_any_timeout(all, static_cast<std::uint32_t>(fences.size()), interruptible, timeout, &which));
  if (all != few)
    fence_free(all);
  if (!done)
    return done.error();
  return std::size_t{which};
}

/// One after the other: the last to signal decides how long it takes.
FENCE_WAITS_FOR("fence")
inline result<void> wait_all(std::span<any_fence *const> fences, bool interruptible, std::optional<time_point> deadline) noexcept {
  for (any_fence *fence : fences)
    if (result<void> done = wait(*fence, interruptible, deadline ? jiffies_until(*deadline) : FENCE_MAX_TIMEOUT); !done)
      return done;
  return {};
}

template <class Rep, class Period>
std::optional<time_point> deadline_in(std::chrono::duration<Rep, Period> timeout) noexcept {
  std::int64_t whole = jiffies(timeout);
  if (whole >= (time_point::max() - time_point(clock::now())) / std::chrono::milliseconds(1))
    return std::nullopt;
  return time_point(clock::now()) + std::chrono::milliseconds(whole);
}

} // namespace detail

/// Returns when the fence has signalled. Context: may sleep; not in a signalling section. The caller holds a reference.
template <fence_like F> FENCE_WAITS_FOR("fence") void wait(F &fence) noexcept {
  static_cast<void>(detail::wait(as_fence(fence), false, FENCE_MAX_TIMEOUT));
}
/// The same, until somebody asks to stop. Errors: ECANCELED, that; EINTR, fence_interrupt() was called for this thread. A fence that
/// has signalled goes before both.
template <fence_like F> FENCE_WAITS_FOR("fence") result<void> wait(F &fence, const std::stop_token &stop) noexcept {
  detail::stoppable until_stopped(stop);
  return until_stopped.end(detail::wait(as_fence(fence), true, FENCE_MAX_TIMEOUT));
}

/// For at most that long, rounded up to jiffies of a millisecond; 0 or less only looks. Errors: ETIMEDOUT; with a stop token also those
/// of wait().
template <fence_like F, class Rep, class Period>
FENCE_WAITS_FOR("fence") result<void> wait_for(F &fence, std::chrono::duration<Rep, Period> timeout) noexcept {
  return detail::wait(as_fence(fence), false, detail::jiffies(timeout));
}
template <fence_like F, class Rep, class Period>
FENCE_WAITS_FOR("fence")
result<void> wait_for(F &fence, std::chrono::duration<Rep, Period> timeout, const std::stop_token &stop) noexcept {
  detail::stoppable until_stopped(stop);
  return until_stopped.end(detail::wait(as_fence(fence), true, detail::jiffies(timeout)));
}
/// Until that time of fence::clock, which the driver is not told; hint_deadline() does that.
template <fence_like F> FENCE_WAITS_FOR("fence") result<void> wait_until(F &fence, time_point deadline) noexcept {
  return detail::wait(as_fence(fence), false, detail::jiffies_until(deadline));
}

/// Returns the index of a fence that has signalled. Does not allocate for up to 16. Errors: ETIMEDOUT; EINVAL without fences; ENOMEM;
/// with a stop token also those of wait().
FENCE_WAITS_FOR("fence") inline result<std::size_t> wait_any(std::span<any_fence *const> fences) noexcept {
  return detail::wait_any(fences, false, FENCE_MAX_TIMEOUT);
}
FENCE_WAITS_FOR("fence")
inline result<std::size_t> wait_any(std::span<any_fence *const> fences, const std::stop_token &stop) noexcept {
  detail::stoppable until_stopped(stop);
  return until_stopped.end(detail::wait_any(fences, true, FENCE_MAX_TIMEOUT));
}
template <class Rep, class Period>
FENCE_WAITS_FOR("fence")
result<std::size_t> wait_any_for(std::span<any_fence *const> fences, std::chrono::duration<Rep, Period> timeout) noexcept {
  return detail::wait_any(fences, false, detail::jiffies(timeout));
}

/// Returns when all have signalled; of none, at once. Errors: ETIMEDOUT; with a stop token also those of wait().
FENCE_WAITS_FOR("fence") inline result<void> wait_all(std::span<any_fence *const> fences) noexcept {
  return detail::wait_all(fences, false, std::nullopt);
}
FENCE_WAITS_FOR("fence")
inline result<void> wait_all(std::span<any_fence *const> fences, const std::stop_token &stop) noexcept {
  detail::stoppable until_stopped(stop);
  return until_stopped.end(detail::wait_all(fences, true, std::nullopt));
}
/// All of them together have that long.
template <class Rep, class Period>
FENCE_WAITS_FOR("fence")
result<void> wait_all_for(std::span<any_fence *const> fences, std::chrono::duration<Rep, Period> timeout) noexcept {
  return detail::wait_all(fences, false, detail::deadline_in(timeout));
}

} // namespace fence
#endif
