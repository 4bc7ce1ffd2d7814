//===- runtime/src/shared_memory.cpp - futex and clock ----------------------------------------------------------------------===//
#include "shared_memory.h"

#include "realtime.h"

#include <cerrno>
#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace fence::shared {

std::uint64_t now() noexcept {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_nsec);
}

FENCE_AUDITED("a lock that spins gives way to a holder that is not running; who may not sleep here is told by fence_might_sleep()")
bool wait(std::uint32_t *word, std::uint32_t expected, std::uint64_t deadline) noexcept {
  realtime_pause pause;
  int saved = errno;
  timespec until{static_cast<time_t>(deadline / 1'000'000'000u), static_cast<long>(deadline % 1'000'000'000u)};
  // The bitset form takes the deadline as a point in time, so an early return needs no arithmetic.
  long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline == UINT64_MAX ? nullptr : &until, nullptr,
                        FUTEX_BITSET_MATCH_ANY);
  bool in_time = result == 0 || errno != ETIMEDOUT;
  errno = saved;
  return in_time;
}

FENCE_AUDITED("a futex wake takes time but does not wait; it comes after every lock is given back")
void wake(std::uint32_t *word, int count) noexcept {
  realtime_pause pause;
  int saved = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
  errno = saved;
}

} // namespace fence::shared
