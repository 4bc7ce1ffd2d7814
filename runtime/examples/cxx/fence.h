// The part of a fence library that the example drivers see: a spinlock, a fence, and what is called when it signals.
#ifndef EXAMPLE_FENCE_H
#define EXAMPLE_FENCE_H

#include <atomic>
#include <fence/annotations.h>

namespace gpu {

/// Usable with std::lock_guard. While it is held nothing may sleep.
class spin_lock {
public:
  FENCE_TAKES_SPINNING(this) void lock() noexcept {
    while (Busy.test_and_set(std::memory_order_acquire))
      ;
  }
  FENCE_RELEASES_SPINNING(this) void unlock() noexcept { Busy.clear(std::memory_order_release); }

private:
  std::atomic_flag Busy = ATOMIC_FLAG_INIT;
};

/// Called once, when the fence signals: under the fence's lock and perhaps in an interrupt. So `called` neither sleeps
/// nor allocates, and nor does anything that it calls.
class fence_callback {
public:
  FENCE_RUNS_IN("runtime-fence-callback") virtual void called(int Error) noexcept = 0;

protected:
  ~fence_callback() = default;
};

class fence {
public:
  void set_callback(fence_callback &Callback) noexcept { Waiting = &Callback; }
  void signal(int Error) noexcept {
    if (fence_callback *Callback = Waiting.exchange(nullptr))
      Callback->called(Error);
  }

private:
  std::atomic<fence_callback *> Waiting = nullptr;
};

} // namespace gpu
#endif
