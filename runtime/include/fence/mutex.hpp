//===- fence/mutex.hpp - the sleeping lock as a C++ lock --------------------------------------------------------------------===//
//
// Usable with std::lock_guard and std::unique_lock; fence::guard is the same with the words that -Wthread-safety understands.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_MUTEX_HPP
#define FENCE_MUTEX_HPP

#include <cerrno>
#include <fence/mutex.h>
#include <fence/result.hpp>
#include <fence/spin_lock.hpp> // guard

namespace fence {

/// Its waiters sleep. Context: may sleep, but for try_lock(), unlock() and is_locked().
class FENCE_CAPABILITY("mutex") mutex {
public:
  /// Of no class: its order with other locks is not checked.
  constexpr mutex() noexcept : c_{0, 0, nullptr, nullptr} {}
  template <class Tag>
  constexpr explicit mutex(detail::lock_class_tag<Tag>) noexcept : c_{0, 0, &detail::lock_class_of<Tag, FENCE_LOCK_SLEEPS>, nullptr} {}
  constexpr explicit mutex(fence_lock_class &lock_class) noexcept : c_{0, 0, &lock_class, nullptr} {}
  mutex(const mutex &) = delete;
  mutex &operator=(const mutex &) = delete;

  FENCE_TAKES_SLEEPING(this) void lock() noexcept FENCE_LOCKS() { fence_mutex_lock(&c_); }
  FENCE_NONBLOCKING FENCE_TRY_TAKES_SLEEPING(this) bool try_lock() noexcept FENCE_LOCKS_IF(true) {
    return fence_mutex_trylock(&c_);
  }
  FENCE_NONBLOCKING FENCE_RELEASES_SLEEPING(this) void unlock() noexcept FENCE_UNLOCKS() { fence_mutex_unlock(&c_); }
  /// True: held. False: fence_interrupt() was called for this thread.
  [[nodiscard]] FENCE_MAY_SLEEP FENCE_DOES("takes sleeping this when result != 0") bool lock_interruptible() noexcept
      FENCE_LOCKS_IF(true) {
    return fence_mutex_lock_interruptible(&c_) == 0;
  }

  FENCE_NONBLOCKING bool is_locked() const noexcept { return fence_mutex_is_locked(&c_); }
  fence_mutex *raw() noexcept { return &c_; }

private:
  fence_mutex c_;
};

} // namespace fence
#endif
