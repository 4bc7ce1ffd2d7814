//===- fence/completion.hpp - wait until something has been done, in C++ -----------------------------------------------------===//
#ifndef FENCE_COMPLETION_HPP
#define FENCE_COMPLETION_HPP

#include <fence/completion.h>
#include <fence/lock_class.hpp>
#include <fence/result.hpp>
#include <fence/time.hpp>

namespace fence {

/// See fence/completion.h. May lie on the stack of the waiter.
class completion {
public:
  completion() noexcept { fence_completion_init_class(&c_, &detail::lock_class_of<completion, FENCE_LOCK_SPINS>); }
  completion(const completion &) = delete;
  completion &operator=(const completion &) = delete;

  /// One may pass; everybody may pass. Context: any.
  FENCE_NONBLOCKING void complete() noexcept { fence_complete(&c_); }
  FENCE_NONBLOCKING void complete_all() noexcept { fence_complete_all(&c_); }
  FENCE_NONBLOCKING void reinit() noexcept { fence_completion_reinit(&c_); }
  FENCE_NONBLOCKING bool done() const noexcept { return fence_completion_done(&c_); }
  FENCE_NONBLOCKING bool try_wait() noexcept { return fence_completion_try_wait(&c_); }

  /// Context: may sleep.
  FENCE_MAY_SLEEP void wait() noexcept { fence_completion_wait(&c_); }
  /// False: the time has run out. Context: may sleep.
  template <class Rep, class Period> FENCE_MAY_SLEEP bool wait_for(std::chrono::duration<Rep, Period> timeout) noexcept {
    return fence_completion_wait_timeout(&c_, detail::jiffies(timeout)) > 0;
  }
  FENCE_MAY_SLEEP bool wait_until(time_point deadline) noexcept {
    return fence_completion_wait_timeout(&c_, detail::jiffies_until(deadline)) > 0;
  }
  /// Errors: EINTR when fence_interrupt() was called for this thread. Context: may sleep.
  FENCE_MAY_SLEEP result<void> wait_interruptible() noexcept {
    return fence_completion_wait_interruptible(&c_) == 0 ? result<void>() : error(EINTR);
  }

  fence_completion *raw() noexcept { return &c_; }

private:
  fence_completion c_;
};

} // namespace fence
#endif
