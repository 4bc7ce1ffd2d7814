//===- runtime/src/spinlock.cpp - a spinning lock that gives way when its holder is not running --------------------===//
//
// In user space the holder can lose its processor, and a waiter that only spins would burn its time slice for nothing. So it spins for
// about as long as a short critical section takes and then sleeps on the lock's word. Whoever unlocks wakes one.
//
//===----------------------------------------------------------------------===//
#include "spinlock.h"

using fence::current;
namespace shared = fence::shared;

namespace fence {

void wait_for(fence_spinlock *lock) noexcept {
  for (int i = 0; i < shared::spins_before_sleeping; ++i) {
    std::uint32_t seen = spin_free;
    if (shared::load_relaxed(lock->word) == spin_free && shared::compare_exchange(lock->word, seen, spin_held))
      return;
    shared::relax();
  }
  while (shared::exchange(lock->word, spin_waited_for) != spin_free)
    shared::wait(&lock->word, spin_waited_for, FENCE_FOREVER);
}

void wake_waiter_of(fence_spinlock *lock) noexcept { shared::wake(&lock->word, 1); }

} // namespace fence

extern "C" {

void fence_spin_lock_init_class(fence_spinlock *lock, fence_lock_class *lock_class) noexcept { *lock = {fence::spin_free, 0, lock_class}; }

void fence_spin_lock(fence_spinlock *lock) noexcept { fence::lock_nested(lock, 0); }
void fence_spin_lock_nested(fence_spinlock *lock, unsigned nest) noexcept { fence::lock_nested(lock, nest); }

bool fence_spin_trylock(fence_spinlock *lock) noexcept {
  std::uint32_t seen = fence::spin_free;
  if (!shared::compare_exchange(lock->word, seen, fence::spin_held))
    return false;
  current.held_back += current.preempt_level;
  fence_lock_acquired(lock->lock_class, lock, 0, FENCE_ACQUIRE_TRY);
  return true;
}

void fence_spin_unlock(fence_spinlock *lock) noexcept { fence::unlock(lock); }

unsigned long fence_spin_lock_irqsave(fence_spinlock *lock) noexcept { return fence::lock_irqsave(lock, 0); }
unsigned long fence_spin_lock_irqsave_nested(fence_spinlock *lock, unsigned nest) noexcept { return fence::lock_irqsave(lock, nest); }
void fence_spin_unlock_irqrestore(fence_spinlock *lock, unsigned long flags) noexcept { fence::unlock_irqrestore(lock, flags); }
void fence_spin_lock_irq(fence_spinlock *lock) noexcept { fence::lock_irqsave(lock, 0); }
void fence_spin_unlock_irq(fence_spinlock *lock) noexcept { fence::unlock_irqrestore(lock, 0); }

bool fence_spin_is_locked(const fence_spinlock *lock) noexcept { return shared::load_relaxed(lock->word) != fence::spin_free; }

} // extern "C"
