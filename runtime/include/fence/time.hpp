//===- fence/time.hpp - the clock of the runtime, and durations as the C API wants them ---------------------------------------===//
#ifndef FENCE_TIME_HPP
#define FENCE_TIME_HPP

#include <chrono>
#include <cstdint>
#include <fence/context.h>

namespace fence {

/// The clock of fence_now().
using clock = std::chrono::steady_clock;
using time_point = std::chrono::time_point<clock, std::chrono::nanoseconds>;

namespace detail {

/// A duration as the C API wants it: whole jiffies, rounded up, so that nothing ends too early.
template <class Rep, class Period> std::int64_t jiffies(std::chrono::duration<Rep, Period> timeout) noexcept {
  using jiffy = std::chrono::duration<std::int64_t, std::ratio<1, FENCE_HZ>>;
  // In floating point, because a duration::max() does not fit into anything smaller.
  auto seconds = std::chrono::duration<double>(timeout).count();
  if (!(seconds > 0))
    return 0;
  if (seconds >= 9e15 / FENCE_HZ)
    return FENCE_MAX_TIMEOUT;
  return std::chrono::ceil<jiffy>(timeout).count();
}
inline std::int64_t jiffies_until(time_point deadline) noexcept { return jiffies(deadline - clock::now()); }

} // namespace detail
} // namespace fence
#endif
