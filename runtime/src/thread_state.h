//===- runtime/src/thread_state.h - what the runtime keeps per thread ----------------------------------------------===//
//
// Plain data, so that reaching it is one access relative to the thread pointer, also in a library that was loaded late.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_THREAD_STATE_H
#define FENCE_SRC_THREAD_STATE_H

#include <cstdint>
#include <fence/context.h>

namespace fence {

struct thread_state {
  /// Levels of preemption off in the lower half (spinning locks, fence_preempt_disable()) and of interrupts off in the upper one:
  /// a lock that changes both does so with one addition.
  std::uint64_t held_back;
  unsigned hardirq;
  unsigned softirq;
  unsigned rcu;
  unsigned signalling;
  unsigned callback; ///< fence callbacks that are running
  bool draining;
  bool end_is_watched; ///< end_of_thread() will be called
  fence_deferred *first_deferred, *last_deferred;
  fence_thread *self;

  static constexpr std::uint64_t preempt_level = 1, irqs_level = std::uint64_t{1} << 32;
  unsigned preempt_off() const noexcept { return static_cast<std::uint32_t>(held_back); }
  unsigned irqs_off() const noexcept { return static_cast<std::uint32_t>(held_back >> 32); }
  void set_irqs_off(unsigned long levels) noexcept { held_back = preempt_off() | levels << 32; }

  /// What is deferred has to wait.
  bool holds_back() const noexcept { return held_back != 0; }
  bool atomic() const noexcept { return held_back != 0 || (hardirq | softirq | rcu) != 0; }
};

extern __thread thread_state current __attribute__((tls_model("initial-exec")));

/// Runs what was deferred; the thread has left its outermost atomic section.
FENCE_NONBLOCKING void drain_deferred() noexcept;

/// Runs what is still deferred and gives up what the runtime keeps for the thread.
void end_of_thread() noexcept;

FENCE_NONBLOCKING inline void leave_atomic() noexcept {
  if (current.first_deferred && !current.holds_back() && !current.draining) [[unlikely]]
    drain_deferred();
}

} // namespace fence
#endif
