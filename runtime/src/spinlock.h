//===- runtime/src/spinlock.h - the spinning lock's fast path, inline for the runtime itself --------------------------===//
//
// A fence takes its lock for a few nanoseconds each time, so the calls around it would cost as much as the lock.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_SPINLOCK_H
#define FENCE_SRC_SPINLOCK_H

#include "check.h"
#include "shared_memory.h"
#include "thread_state.h"

#include <fence/spinlock.h>

namespace fence {

/// Values of fence_spinlock.word.
enum : std::uint32_t { spin_free, spin_held, spin_waited_for };

/// Takes a lock that is held, when it is given back.
[[gnu::noinline, gnu::cold]] FENCE_NONBLOCKING void wait_for(fence_spinlock *lock) noexcept;
[[gnu::noinline, gnu::cold]] FENCE_NONBLOCKING void wake_waiter_of(fence_spinlock *lock) noexcept;

FENCE_NONBLOCKING inline void acquire(fence_spinlock *lock, unsigned nest) noexcept {
  fence_lock_acquired(lock->lock_class, lock, nest, 0);
  std::uint32_t seen = spin_free;
  if (!shared::compare_exchange(lock->word, seen, spin_held)) [[unlikely]]
    wait_for(lock);
}
FENCE_NONBLOCKING inline void release(fence_spinlock *lock) noexcept {
  fence_lock_released(lock->lock_class, lock);
  // From the exchange on the lock may be gone with what it lies in; a wake-up only compares addresses.
  if (shared::exchange(lock->word, spin_free) == spin_waited_for) [[unlikely]]
    wake_waiter_of(lock);
}

FENCE_NONBLOCKING inline void lock_nested(fence_spinlock *lock, unsigned nest) noexcept {
  current.held_back += current.preempt_level;
  acquire(lock, nest);
}
FENCE_NONBLOCKING inline void unlock(fence_spinlock *lock) noexcept {
  release(lock);
  if (!fence_check_was_held())
    return;
  current.held_back -= current.preempt_level;
  leave_atomic();
}

FENCE_NONBLOCKING inline unsigned long lock_irqsave(fence_spinlock *lock, unsigned nest) noexcept {
  unsigned long flags = current.irqs_off();
  current.held_back += current.irqs_level + current.preempt_level;
  acquire(lock, nest);
  return flags;
}
FENCE_NONBLOCKING inline void unlock_irqrestore(fence_spinlock *lock, unsigned long flags) noexcept {
  release(lock);
  if (!fence_check_was_held())
    return;
  current.held_back -= current.preempt_level;
  if (!fence_check_irq_restore(flags))
    return;
  current.set_irqs_off(flags);
  leave_atomic();
}

} // namespace fence
#endif
