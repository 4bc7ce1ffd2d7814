//===- fence/ww_mutex.hpp - locking many objects in any order, in C++ ------------------------------------------------------------===//
//
//     struct buffer { fence::ww_mutex lock{fence::ww_class_of<struct buffers>}; };
//
//     fence::ww_acquire acquire(fence::ww_class_of<struct buffers>);
//     ... a.lock.lock(acquire), b.lock.lock(acquire); EDEADLK: unlock all, a.lock.lock_slow(acquire), begin again ...
//
// For reservations that loop is written already: drm_exec.hpp.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_WW_MUTEX_HPP
#define FENCE_WW_MUTEX_HPP

#include <fence/lock_class.hpp>
#include <fence/result.hpp>
#include <fence/thread_safety.h>
#include <fence/ww_mutex.h>

namespace fence {

enum class ww_policy {
  wound_wait, ///< the younger one gives back what an older one wants
  wait_die,   ///< the younger one gives back what it has, rather than wait for an older one
};

namespace detail {
template <class Tag> struct acquisition_of {};
template <class Tag, ww_policy Policy>
inline constinit fence_ww_class ww_class = {{name_with<Tag>(), FENCE_LOCK_SLEEPS, 0},
                                            {name_with<acquisition_of<Tag>>(), FENCE_LOCK_SECTION, 0},
                                            0,
                                            Policy == ww_policy::wait_die};
} // namespace detail

/// The mutexes that are locked together, by the name of a type that need not exist otherwise.
template <class Tag, ww_policy Policy = ww_policy::wound_wait>
inline constexpr fence_ww_class &ww_class_of = detail::ww_class<Tag, Policy>;

/// One acquisition of many mutexes: from its beginning on it gets older, and who is older wins. One thread's, on its stack. All mutexes are
/// unlocked when it ends.
class [[nodiscard]] ww_acquire {
public:
  explicit ww_acquire(fence_ww_class &ww_class) noexcept { fence_ww_acquire_init(&c_, &ww_class); }
  FENCE_NONBLOCKING ~ww_acquire() { fence_ww_acquire_fini(&c_); }
  ww_acquire(const ww_acquire &) = delete;
  ww_acquire &operator=(const ww_acquire &) = delete;

  /// All are locked; no other will be.
  FENCE_NONBLOCKING void done() noexcept { fence_ww_acquire_done(&c_); }
  /// Mutexes that it holds.
  FENCE_NONBLOCKING unsigned held() const noexcept { return __atomic_load_n(&c_.acquired, __ATOMIC_RELAXED); }
  fence_ww_acquire_ctx *raw() noexcept { return &c_; }

private:
  fence_ww_acquire_ctx c_;
};

/// Without an acquisition an ordinary mutex, for std::lock_guard and fence::guard. Context: may sleep, but for try_lock(), unlock() and
/// questions.
class FENCE_CAPABILITY("ww_mutex") ww_mutex {
public:
  explicit ww_mutex(fence_ww_class &ww_class) noexcept { fence_ww_mutex_init(&c_, &ww_class); }
  FENCE_NONBLOCKING ~ww_mutex() { fence_ww_mutex_destroy(&c_); }
  ww_mutex(const ww_mutex &) = delete;
  ww_mutex &operator=(const ww_mutex &) = delete;

  FENCE_TAKES_SLEEPING(this) void lock() noexcept FENCE_LOCKS() { fence_ww_mutex_lock(&c_, nullptr); }
  FENCE_NONBLOCKING FENCE_TRY_TAKES_SLEEPING(this) bool try_lock() noexcept FENCE_LOCKS_IF(true) {
    return fence_ww_mutex_trylock(&c_, nullptr);
  }
  FENCE_NONBLOCKING FENCE_RELEASES_SLEEPING(this) void unlock() noexcept FENCE_UNLOCKS() { fence_ww_mutex_unlock(&c_); }

  /// Errors: EDEADLK, unlock everything of the acquisition and begin again with lock_slow() on this one; EALREADY, the acquisition holds it.
  /// Clang's analysis does not follow these: assert_held() afterwards, or FENCE_NO_THREAD_SAFETY.
  FENCE_MAY_SLEEP result<void> lock(ww_acquire &acquire) noexcept { return result<void>::from_c(fence_ww_mutex_lock(&c_, acquire.raw())); }
  /// Also EINTR, when fence_interrupt() was called for this thread.
  FENCE_MAY_SLEEP result<void> lock_interruptible(ww_acquire &acquire) noexcept {
    return result<void>::from_c(fence_ww_mutex_lock_interruptible(&c_, acquire.raw()));
  }
  /// After EDEADLK, with nothing held.
  FENCE_MAY_SLEEP void lock_slow(ww_acquire &acquire) noexcept { fence_ww_mutex_lock_slow(&c_, acquire.raw()); }
  FENCE_NONBLOCKING bool try_lock(ww_acquire &acquire) noexcept { return fence_ww_mutex_trylock(&c_, acquire.raw()); }

  FENCE_NONBLOCKING bool is_locked() noexcept { return fence_ww_mutex_is_locked(&c_); }
  /// By this thread.
  FENCE_NONBLOCKING bool is_held() noexcept { return fence_ww_mutex_is_held(&c_); }
  FENCE_NONBLOCKING void assert_held() noexcept FENCE_ASSERTS_LOCK() { fence_assert_held(&c_); }
  fence_ww_mutex *raw() noexcept { return &c_; }

private:
  fence_ww_mutex c_;
};

} // namespace fence
#endif
