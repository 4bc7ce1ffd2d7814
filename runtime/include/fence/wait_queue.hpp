//===- fence/wait_queue.hpp - wait until a condition of one's own holds, in C++ ------------------------------------------------===//
//
//     fence::wait_queue room;
//     room.wait([&]() noexcept { return used.load() < size; });
//     ...
//     used.fetch_sub(1);
//     room.wake_up();
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_WAIT_QUEUE_HPP
#define FENCE_WAIT_QUEUE_HPP

#include <fence/lock_class.hpp>
#include <fence/result.hpp>
#include <fence/time.hpp>
#include <fence/wait_queue.h>
#include <type_traits>

namespace fence {

/// See fence/wait_queue.h. Outlives its waiters. Conditions are called on the waiter's thread, without a lock, more than once; they are
/// noexcept.
class wait_queue {
public:
  wait_queue() noexcept { fence_wait_queue_init_class(&c_, &detail::lock_class_of<wait_queue, FENCE_LOCK_SPINS>); }
  wait_queue(const wait_queue &) = delete;
  wait_queue &operator=(const wait_queue &) = delete;

  /// After the condition of somebody may have become true: all ordinary waiters and one exclusive look; all. Context: any.
  FENCE_NONBLOCKING void wake_up() noexcept { fence_wake_up(&c_); }
  FENCE_NONBLOCKING void wake_up_all() noexcept { fence_wake_up_all(&c_); }

  /// Context: may sleep.
  template <class Condition> FENCE_MAY_SLEEP void wait(Condition condition) noexcept { until(condition, 0, FENCE_MAX_TIMEOUT); }
  /// Of those who wait so wake_up() wakes one. Context: may sleep.
  template <class Condition> FENCE_MAY_SLEEP void wait_exclusive(Condition condition) noexcept {
    until(condition, FENCE_WAIT_EXCLUSIVE, FENCE_MAX_TIMEOUT);
  }
  /// Whether the condition held in time. Context: may sleep.
  template <class Rep, class Period, class Condition>
  FENCE_MAY_SLEEP bool wait_for(std::chrono::duration<Rep, Period> timeout, Condition condition) noexcept {
    return until(condition, 0, detail::jiffies(timeout)) > 0;
  }
  /// Errors: EINTR when fence_interrupt() was called for this thread. Context: may sleep.
  template <class Condition> FENCE_MAY_SLEEP result<void> wait_interruptible(Condition condition) noexcept {
    return until(condition, FENCE_WAIT_INTERRUPTIBLE, FENCE_MAX_TIMEOUT) > 0 ? result<void>() : error(EINTR);
  }

  fence_wait_queue *raw() noexcept { return &c_; }

private:
  template <class Condition> std::int64_t until(Condition &condition, unsigned flags, std::int64_t timeout) noexcept {
    static_assert(std::is_nothrow_invocable_r_v<bool, Condition &>, "fence: a condition is 'bool () noexcept'");
    return fence_wait_until(
        &c_, [](void *data) { return static_cast<bool>((*static_cast<Condition *>(data))()); }, &condition, flags, timeout);
  }

  fence_wait_queue c_;
};

} // namespace fence
#endif
