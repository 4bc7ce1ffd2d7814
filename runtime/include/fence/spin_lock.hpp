//===- fence/spin_lock.hpp - the spinning lock as a C++ lock ----------------------------------------------------------------===//
//
// Usable with std::lock_guard and std::unique_lock; fence::guard and fence::irqsave_guard are the same with the words that -Wthread-safety
// understands.
//
//     fence::spin_lock lock{fence::class_of<struct ring_lock>};
//     int used FENCE_GUARDED_BY(lock) = 0;
//     ...
//     fence::irqsave_guard hold(lock);
//     ++used;
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SPIN_LOCK_HPP
#define FENCE_SPIN_LOCK_HPP

#include <fence/lock_class.hpp>
#include <fence/spinlock.h>
#include <fence/thread_safety.h>

namespace fence {

/// Under it nothing may sleep. Context: any.
class FENCE_CAPABILITY("spin_lock") spin_lock {
public:
  /// Of no class: its order with other locks is not checked.
  constexpr spin_lock() noexcept : c_{0, 0, nullptr} {}
  template <class Tag>
  constexpr explicit spin_lock(detail::lock_class_tag<Tag>) noexcept : c_{0, 0, &detail::lock_class_of<Tag, FENCE_LOCK_SPINS>} {}
  constexpr explicit spin_lock(fence_lock_class &lock_class) noexcept : c_{0, 0, &lock_class} {}
  spin_lock(const spin_lock &) = delete;
  spin_lock &operator=(const spin_lock &) = delete;

  FENCE_NONBLOCKING FENCE_TAKES_SPINNING(this) void lock() noexcept FENCE_LOCKS() { fence_spin_lock(&c_); }
  FENCE_NONBLOCKING FENCE_TRY_TAKES_SPINNING(this) bool try_lock() noexcept FENCE_LOCKS_IF(true) {
    return fence_spin_trylock(&c_);
  }
  FENCE_NONBLOCKING FENCE_RELEASES_SPINNING(this) void unlock() noexcept FENCE_UNLOCKS() { fence_spin_unlock(&c_); }

  /// With interrupts off. Give the result to unlock_irqrestore().
  FENCE_NONBLOCKING FENCE_TAKES_SPINNING(this) FENCE_ENTERS("irqs-off") unsigned long lock_irqsave() noexcept FENCE_LOCKS() {
    return fence_spin_lock_irqsave(&c_);
  }
  FENCE_NONBLOCKING FENCE_RELEASES_SPINNING(this) FENCE_LEAVES("irqs-off") void unlock_irqrestore(unsigned long flags) noexcept FENCE_UNLOCKS() {
    fence_spin_unlock_irqrestore(&c_, flags);
  }

  FENCE_NONBLOCKING bool is_locked() const noexcept { return fence_spin_is_locked(&c_); }
  /// For the C API, e.g. as the lock of fences.
  fence_spinlock *raw() noexcept { return &c_; }

private:
  fence_spinlock c_;
};

/// Holds a lock, spinning or sleeping, to the end of the scope.
template <class Lock> class [[nodiscard]] FENCE_SCOPED_CAPABILITY guard {
public:
  explicit guard(Lock &lock) noexcept FENCE_LOCKS(lock) : lock_(lock) { lock.lock(); }
  ~guard() FENCE_UNLOCKS() { lock_.unlock(); }
  guard(const guard &) = delete;
  guard &operator=(const guard &) = delete;

private:
  Lock &lock_;
};

/// Holds a spinning lock with interrupts off to the end of the scope. Context: any, also where they are off already.
class [[nodiscard]] FENCE_SCOPED_CAPABILITY irqsave_guard {
public:
  FENCE_NONBLOCKING explicit irqsave_guard(spin_lock &lock) noexcept FENCE_LOCKS(lock) : lock_(lock), flags_(lock.lock_irqsave()) {}
  FENCE_NONBLOCKING ~irqsave_guard() FENCE_UNLOCKS() { lock_.unlock_irqrestore(flags_); }
  irqsave_guard(const irqsave_guard &) = delete;
  irqsave_guard &operator=(const irqsave_guard &) = delete;

private:
  spin_lock &lock_;
  unsigned long flags_;
};

} // namespace fence
#endif
