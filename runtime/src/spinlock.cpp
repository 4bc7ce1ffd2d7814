//===- runtime/src/spinlock.cpp - a spinning lock that gives way when its holder is not running --------------------===//
//
// In user space the holder can lose its processor, and a waiter that only spins would burn its time slice for nothing. So it spins for
// about as long as a short critical section takes and then sleeps on the lock's word. Whoever unlocks wakes one.
//
//===----------------------------------------------------------------------===//
#include "shared_memory.h"
#include "thread_state.h"

#include <fence/spinlock.h>

using fence::current;
namespace shared = fence::shared;

namespace {
enum : std::uint32_t { free_, held, waited_for };

constexpr int spins_before_sleeping = 100;

[[gnu::noinline]] void wait_for(fence_spinlock *lock) noexcept {
  for (int i = 0; i < spins_before_sleeping; ++i) {
    std::uint32_t seen = free_;
    if (shared::load_relaxed(lock->word) == free_ && shared::compare_exchange(lock->word, seen, held))
      return;
    shared::relax();
  }
  while (shared::exchange(lock->word, waited_for) != free_)
    shared::wait(&lock->word, waited_for, FENCE_FOREVER);
}

void lock_nested(fence_spinlock *lock, unsigned nest) noexcept {
  ++current.preempt_off;
  fence_lock_acquired(lock->lock_class, lock, nest, 0);
  std::uint32_t seen = free_;
  if (!shared::compare_exchange(lock->word, seen, held)) [[unlikely]]
    wait_for(lock);
}

void unlock(fence_spinlock *lock) noexcept {
  fence_lock_released(lock->lock_class, lock);
  // From the exchange on the lock may be gone with what it lies in; wake() only compares addresses.
  if (shared::exchange(lock->word, free_) == waited_for) [[unlikely]]
    shared::wake(&lock->word, 1);
  --current.preempt_off;
}
} // namespace

extern "C" {

void fence_spin_lock_init_class(fence_spinlock *lock, fence_lock_class *lock_class) noexcept { *lock = {free_, 0, lock_class}; }

void fence_spin_lock(fence_spinlock *lock) noexcept { lock_nested(lock, 0); }
void fence_spin_lock_nested(fence_spinlock *lock, unsigned nest) noexcept { lock_nested(lock, nest); }

bool fence_spin_trylock(fence_spinlock *lock) noexcept {
  std::uint32_t seen = free_;
  if (!shared::compare_exchange(lock->word, seen, held))
    return false;
  ++current.preempt_off;
  fence_lock_acquired(lock->lock_class, lock, 0, FENCE_ACQUIRE_TRY);
  return true;
}

void fence_spin_unlock(fence_spinlock *lock) noexcept {
  unlock(lock);
  fence::leave_atomic();
}

unsigned long fence_spin_lock_irqsave(fence_spinlock *lock) noexcept { return fence_spin_lock_irqsave_nested(lock, 0); }
unsigned long fence_spin_lock_irqsave_nested(fence_spinlock *lock, unsigned nest) noexcept {
  unsigned long flags = fence_irq_save();
  lock_nested(lock, nest);
  return flags;
}
void fence_spin_unlock_irqrestore(fence_spinlock *lock, unsigned long flags) noexcept {
  unlock(lock);
  fence_irq_restore(flags);
}
void fence_spin_lock_irq(fence_spinlock *lock) noexcept { fence_spin_lock_irqsave(lock); }
void fence_spin_unlock_irq(fence_spinlock *lock) noexcept { fence_spin_unlock_irqrestore(lock, 0); }

bool fence_spin_is_locked(const fence_spinlock *lock) noexcept { return shared::load_relaxed(lock->word) != free_; }

} // extern "C"
