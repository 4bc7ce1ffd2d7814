//===- fence/proxy_fence.hpp - a fence that signals when another one does -----------------------------------------------------===//
//
// A submission hands out a fence before the fence of the hardware exists. The proxy is that fence: it is made early, told later whom to
// follow, and then signals when, and as, the other does.
//
// Signalling one fence in the callback of another means holding two locks of one kind, and in a chain of proxies a recursion as long as
// the chain. Here neither happens: the callback only defers, and the proxy signals when the signaller has left its outermost lock, before
// dma_fence_signal() of the other returns unless that was called under a lock. Deferred work runs in a loop. The one nesting left is a poll:
// is_signaled_locked() of a proxy looks at the fence at the end of its chain, which is no proxy, under the proxy's lock; so the order is
// always a proxy's lock first, and the proxies' locks are a class of their own, which tells the checker just that.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_PROXY_FENCE_HPP
#define FENCE_PROXY_FENCE_HPP

#include <atomic>
#include <fence/dma_fence.hpp>

namespace fence {

/// Signals when the fence it follows does, with its error. Thread safety: all members. Made by context.make_fence<proxy_fence>().
class proxy_fence final : public dma_fence<proxy_fence, own_lock> {
public:
  static constexpr const char *fence_kind = "fence::proxy_fence";

  proxy_fence() noexcept = default;
  /// The inner fence goes with the last reference; on the reclaimer, after a grace period.
  ~proxy_fence() {
    if (any_fence *inner = inner_.load(std::memory_order_relaxed))
      dma_fence_put(inner->raw());
  }

  /// From now on follows that fence; once only, and not in a circle. The proxy keeps a reference of it, and is itself kept until it has
  /// signalled once somebody waits for it. Errors: EBUSY, it follows one already; EINVAL, itself.
  /// Context: any but under a proxy's lock.
  template <fence_like F> FENCE_NONBLOCKING result<void> follow(F &fence) noexcept { return follow_any(share_any(fence)); }
  template <fence_like F> FENCE_NONBLOCKING result<void> follow(const aref<F> &fence) noexcept { return follow(*fence); }

  /// The fence it follows, or null. Alive as long as the proxy.
  FENCE_NONBLOCKING any_fence *following() const noexcept { return inner_.load(std::memory_order_acquire); }

  // What the table of operations calls.
  FENCE_NONBLOCKING bool enable_signaling() noexcept {
    wanted_ = true;
    if (following())
      arm_later();
    return true;
  }
  FENCE_NONBLOCKING bool signaled() noexcept {
    any_fence *end = end_of_chain();
    if (!end || !end->is_signaled())
      return false;
    take_error_of(*end);
    return true;
  }
  FENCE_NONBLOCKING void set_deadline(time_point when) noexcept {
    if (any_fence *end = end_of_chain())
      end->hint_deadline(when);
  }

private:
  FENCE_NONBLOCKING result<void> follow_any(aref<any_fence> inner) noexcept {
    if (inner.get() == this)
      return fence::error(EINVAL);
    unsigned long flags = fence_spin_lock_irqsave(raw()->lock);
    bool free = !following();
    if (free) {
      inner_.store(inner.release(), std::memory_order_release);
      if (wanted_)
        arm_later();
    }
    fence_spin_unlock_irqrestore(raw()->lock, flags);
    return free ? result<void>() : fence::error(EBUSY);
  }

  /// What no proxy is any more, or null if one of them follows nobody yet.
  any_fence *end_of_chain() const noexcept {
    any_fence *end = following();
    while (end) {
      auto *proxy = end->as<proxy_fence>();
      if (!proxy || dma_fence_test_signaled_flag(proxy->raw()))
        break;
      end = proxy->following();
    }
    return end;
  }
  void take_error_of(any_fence &done) noexcept {
    if (fence::error why = done.error(); why && !dma_fence_test_signaled_flag(raw()))
      set_error(why);
  }

  /// Under the lock, once: from here on the proxy is kept until it has signalled.
  void arm_later() noexcept {
    dma_fence_get(raw());
    defer(arm);
  }
  void defer(void (*what)(fence_deferred *)) noexcept {
    work_.run = what;
    fence_defer(&work_);
  }
  static void arm(fence_deferred *work) noexcept {
    auto *self = container_of<&proxy_fence::work_>(work);
    if (dma_fence_add_callback(self->following()->raw(), &self->cb_, inner_signalled) != 0)
      finish(work);
  }
  static void inner_signalled(::dma_fence *, ::dma_fence_cb *cb) noexcept { container_of<&proxy_fence::cb_>(cb)->defer(finish); }
  static void finish(fence_deferred *work) noexcept {
    auto *self = container_of<&proxy_fence::work_>(work);
    self->take_error_of(*self->following());
    self->check_and_signal();
    dma_fence_put(self->raw());
  }

  std::atomic<any_fence *> inner_{nullptr}; ///< a reference; set once
  bool wanted_ = false;                     ///< somebody has asked to be told; under the lock
  ::dma_fence_cb cb_;
  fence_deferred work_; ///< arming, then signalling
};

} // namespace fence
#endif
