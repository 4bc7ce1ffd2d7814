//===- runtime/src/check_hang.cpp - the watchdog, and what the checker does at the process's start and end ----------------------===//
#if FENCE_CHECKS
#  include "check_fences.h"

#  include "shared_memory.h"

#  include <cerrno>
#  include <cstdlib>
#  include <cstring>
#  include <pthread.h>

namespace fence::check {

namespace {

struct {
  quiet_lock lock;
  pthread_t thread;
  bool runs;
  std::uint32_t stop; ///< futex
  std::uint64_t limit;
} watchdog;

/// Reports one fence that is too old and has not been reported. Whether there was one.
bool report_one(std::uint64_t limit) noexcept {
  finding found{.kind = FENCE_REPORT_HANG};
  bool have = false;
  std::uint64_t now = shared::now();
  fence_info about{};
  fences.for_each([&](fence_info &info) {
    // A fence may have been made after `now`.
    if (have || !info.pending || info.hang_reported || now < info.born + limit)
      return;
    have = info.hang_reported = true;
    found.message.add("a fence is pending for longer than %.3f s: ", static_cast<double>(limit) * 1e-9);
    describe_fence(found.message, info);
    about = info;
  });
  if (!have)
    return false;
  explain_owner(about, found);
  report_without_place(found);
  return true;
}

void *watch(void *) {
  entry entry(__builtin_return_address(0));
  std::uint64_t limit = __atomic_load_n(&watchdog.limit, __ATOMIC_RELAXED);
  while (!__atomic_load_n(&watchdog.stop, __ATOMIC_ACQUIRE)) {
    while (report_one(limit)) {
    }
    // Often enough that a fence is reported soon after its time.
    shared::wait(&watchdog.stop, 0, shared::now() + limit / 4 + 1'000'000);
  }
  return nullptr;
}

extern "C" void at_exit() noexcept { fence_report_leaks(0); }

[[gnu::constructor]] void start() noexcept {
  const options &options = environment();
  if (options.leaks)
    std::atexit(at_exit);
  if (options.hang_seconds > 0)
    fence_watchdog_start(options.hang_seconds);
}

} // namespace
} // namespace fence::check

using namespace fence;
using namespace fence::check;

extern "C" {

int fence_watchdog_start(double seconds) noexcept {
  guarded hold(watchdog.lock);
  if (watchdog.runs)
    return -EBUSY;
  __atomic_store_n(&watchdog.limit, static_cast<std::uint64_t>(seconds * 1e9), __ATOMIC_RELAXED);
  __atomic_store_n(&watchdog.stop, 0, __ATOMIC_RELEASE);
  int error = pthread_create(&watchdog.thread, nullptr, watch, nullptr);
  watchdog.runs = error == 0;
  return -error;
}

void fence_watchdog_stop(void) noexcept {
  fence_might_sleep();
  pthread_t thread;
  {
    guarded hold(watchdog.lock);
    if (!watchdog.runs)
      return;
    watchdog.runs = false;
    thread = watchdog.thread;
    __atomic_store_n(&watchdog.stop, 1, __ATOMIC_RELEASE);
  }
  shared::wake(&watchdog.stop, 1);
  pthread_join(thread, nullptr);
}

} // extern "C"
#endif
