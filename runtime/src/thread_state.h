//===- runtime/src/thread_state.h - what the runtime keeps per thread ----------------------------------------------===//
//
// Plain data, so that reaching it is one access relative to the thread pointer, also in a library that was loaded late.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_THREAD_STATE_H
#define FENCE_SRC_THREAD_STATE_H

#include <fence/context.h>

namespace fence {

struct thread_state {
  unsigned preempt_off; ///< spinning locks and fence_preempt_disable()
  unsigned irqs_off;
  unsigned hardirq;
  unsigned softirq;
  unsigned rcu;
  unsigned signalling;
  unsigned callback; ///< fence callbacks that are running
  bool draining;
  fence_deferred *first_deferred, *last_deferred;
  fence_thread *self;

  /// What is deferred has to wait.
  bool holds_back() const noexcept { return (preempt_off | irqs_off) != 0; }
  bool atomic() const noexcept { return (preempt_off | irqs_off | hardirq | softirq | rcu) != 0; }
};

extern __thread thread_state current __attribute__((tls_model("initial-exec")));

/// Runs what was deferred; the thread has left its outermost atomic section.
void drain_deferred() noexcept;

inline void leave_atomic() noexcept {
  if (current.first_deferred && !current.holds_back() && !current.draining) [[unlikely]]
    drain_deferred();
}

} // namespace fence
#endif
