//===- fence/timer.hpp - call this at that time, in C++ --------------------------------------------------------------------------===//
//
//     class engine {
//       FENCE_NONBLOCKING void hung() noexcept;                              // nothing may sleep
//       fence::timer watchdog_{fence::runs<&engine::watchdog_, &engine::hung>};
//     };
//     ... watchdog_.set_after(2s);
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_TIMER_HPP
#define FENCE_TIMER_HPP

#include <fence/runs.hpp>
#include <fence/time.hpp>
#include <fence/timer.h>

namespace fence {

/// A member of the object whose function it calls, in the context of a softirq. The function may set it again.
class timer {
public:
  template <auto Item, auto Function> explicit timer(detail::runs_tag<Item, Function>) noexcept {
    fence_timer_setup_class(
        &c_, [](fence_timer *c) { detail::run_in_interrupt<Item, Function>(container_of<&timer::c_>(c)); },
        &detail::lock_class_of<detail::runs_tag<Item, Function>, FENCE_LOCK_SECTION>);
  }
  timer(const timer &) = delete;
  timer &operator=(const timer &) = delete;
  /// As cancel_sync(). A function that sets its timer again has been told to stop before.
  /// Context: may sleep; not from its own function, not holding what that takes.
  FENCE_WAITS_FOR("irq") ~timer() { fence_timer_delete_sync(&c_); }

  /// Lets the function run once at that time; moves a timer that is set. True: it was. Context: any.
  FENCE_NONBLOCKING bool set(time_point when) noexcept {
    auto since = when.time_since_epoch().count();
    return fence_timer_mod(&c_, since > 0 ? static_cast<std::uint64_t>(since) : 0);
  }
  /// From now; 0 or less: at once; duration::max(): never. Rounded up to milliseconds.
  template <class Rep, class Period> FENCE_NONBLOCKING bool set_after(std::chrono::duration<Rep, Period> delay) noexcept {
    return fence_timer_mod_after(&c_, detail::jiffies(delay));
  }
  /// True: it was set and will not fire. cancel_sync() also waits for a function that runs. Context: any; as the destructor.
  FENCE_NONBLOCKING bool cancel() noexcept { return fence_timer_delete(&c_); }
  FENCE_WAITS_FOR("irq") bool cancel_sync() noexcept { return fence_timer_delete_sync(&c_); }
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_timer_pending(&c_); }
  fence_timer *raw() noexcept { return &c_; }

private:
  fence_timer c_;
};

} // namespace fence
#endif
