//===- fence/callback.hpp - being told that a fence has signalled -----------------------------------------------------------===//
//
// A registration is one callback on one fence, in the memory of whoever wants to be told. It owns a payload, whose member called() runs when
// the fence signals. What becomes of the payload depends on who comes first:
//
//     fence signals   called() runs and the payload is destroyed, both under the fence's lock: so neither may sleep, allocate or free
//     cancel()        the payload is given back to the caller; called() will not run
//     ~registration() like cancel(), and the payload is destroyed in the caller's context
//
// Nobody allocates. Most drivers need no callback of their own: the payloads of callbacks.hpp wake a thread, complete a completion or queue
// work. One of their own is a class with
//
//     FENCE_NONBLOCKING void called(fence::atomic_token &, fence::any_fence &) noexcept;
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_CALLBACK_HPP
#define FENCE_CALLBACK_HPP

#include <fence/any_fence.hpp>
#include <fence/atomic_destructible.hpp>
#include <fence/container_of.hpp>
#include <fence/context_token.hpp>
#include <fence/memory.h>
#include <fence/runs.hpp>
#include <memory>

namespace fence {

namespace detail {

template <class P> consteval bool check_callback() {
  static_assert(requires { &P::called; }, "fence: a callback's payload has one public member called()");
  static_assert(requires(P &payload, atomic_token &token, any_fence &fence) { payload.called(token, fence); },
                "fence: called() takes the token: 'void called(fence::atomic_token &, fence::any_fence &) noexcept'");
  static_assert(requires(P &payload, atomic_token &token, any_fence &fence) {
    { payload.called(token, fence) } noexcept;
  }, "fence: called() runs under a fence's lock and must be noexcept");
  static_assert(is_nonblocking_member<decltype(&P::called)>::value,
                "fence: called() runs under a fence's lock and must be declared FENCE_NONBLOCKING");
  static_assert(std::is_nothrow_move_constructible_v<P>, "fence: a callback's payload moves without throwing");
  static_assert(is_atomic_destructible_v<P>,
                "fence: the payload is destroyed under a fence's lock; wrap what may block or free in fence::defer_drop, or say "
                "'using atomic_destructible = std::true_type;' if nothing in it does");
  return true;
}

/// The one place that makes atomic tokens.
struct callback_entry {
  template <class P> static void call(P &payload, ::dma_fence *fence) noexcept FENCE_NONBLOCKING {
    atomic_token token(fence);
    payload.called(token, any_fence::from(*fence));
    std::destroy_at(&payload);
  }
};

} // namespace detail

/// What came of an add(): true, the callback is registered; false, it is not, and the payload is here.
template <class P> class [[nodiscard]] added {
public:
  added() noexcept = default;
  added(fence::error why, P &&payload) noexcept : error_(why), payload_(std::move(payload)) {}
  explicit operator bool() const noexcept { return !error_; }
  /// ENOENT: the fence has signalled. EBUSY: the registration is in use. ENOMEM: on_signal() only.
  fence::error error() const noexcept { return error_; }
  /// Only of an add that failed.
  P take() noexcept { return std::move(*payload_); }

private:
  fence::error error_;
  std::optional<P> payload_;
};

/// A place for one callback. Neither copied nor moved: the fence knows its address.
/// Thread safety: its members are called by one thread at a time; the fence may signal on any thread meanwhile.
template <class P> class registration {
public:
  registration() noexcept {}
  /// Registers; pending() tells whether the fence had not signalled. If it had, the payload is gone: add() gives it back.
  template <fence_like F> registration(F &fence, P payload) noexcept { static_cast<void>(add(fence, std::move(payload))); }
  template <fence_like F> registration(const aref<F> &fence, P payload) noexcept : registration(*fence, std::move(payload)) {}
  registration(const registration &) = delete;
  registration &operator=(const registration &) = delete;
  /// Context: any but a callback of this fence. The payload, if it is still here, is destroyed in this context.
  ~registration() { static_cast<void>(cancel()); }

  /// Lets payload.called() run when the fence signals. If it has signalled already, the payload comes back and called() does not run.
  /// Context: any. Ownership: keeps a reference of the fence until the end of the registration.
  template <fence_like F> FENCE_NONBLOCKING added<P> add(F &fence, P payload) noexcept {
    static_assert(detail::check_callback<P>());
    if (fence_)
      return {error(EBUSY), std::move(payload)};
    ::new (static_cast<void *>(&payload_)) P(std::move(payload));
    fence_ = share_any(fence);
    if (int why = dma_fence_add_callback(fence_->raw(), &cb_, run); why != 0) {
      fence_.reset();
      added<P> back(error(why), std::move(payload_));
      std::destroy_at(&payload_);
      return back;
    }
    return {};
  }
  template <fence_like F> FENCE_NONBLOCKING added<P> add(const aref<F> &fence, P payload) noexcept { return add(*fence, std::move(payload)); }

  /// The payload, if called() has not run and now will not; nothing if it has run (it has returned by then) or nothing was registered.
  /// Afterwards the registration can be used again.
  /// Context: any but a callback of this fence; takes its lock.
  [[nodiscard]] FENCE_NONBLOCKING std::optional<P> cancel() noexcept {
    if (!fence_)
      return std::nullopt;
    aref<any_fence> fence = std::move(fence_);
    if (!dma_fence_remove_callback(fence->raw(), &cb_))
      return std::nullopt;
    std::optional<P> back(std::move(payload_));
    std::destroy_at(&payload_);
    return back;
  }
  /// Whether called() is still to come, by what this thread can know: the fence may signal at any time.
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_ && !dma_fence_test_signaled_flag(fence_->raw()); }

private:
  static void run(::dma_fence *fence, ::dma_fence_cb *cb) noexcept {
    detail::callback_entry::call(container_of<&registration::cb_>(cb)->payload_, fence);
  }

  ::dma_fence_cb cb_;
  aref<any_fence> fence_; ///< null: not in use
  union {
    P payload_; ///< there until it has been called or given back
  };
};
template <class F, class P> registration(F &, P) -> registration<P>;

namespace detail {
template <class P> struct detached {
  union {
    ::dma_fence_cb cb;
    fence_rcu_head rcu; ///< once it has run
  };
  P payload;

  static void run(::dma_fence *fence, ::dma_fence_cb *cb) noexcept {
    detached *self = container_of<&detached::cb>(cb);
    callback_entry::call(self->payload, fence);
    // Nothing is freed under a lock: the reclaimer does it.
    fence_free_rcu(self, &self->rcu);
  }
};
} // namespace detail

/// A callback that nobody holds on to: it runs when the fence signals, and cannot be cancelled. A fence that is released without having
/// signalled calls it with the error EDEADLK. Errors: ENOMEM, and ENOENT if the fence has signalled; the payload comes back.
/// Context: may sleep (allocates).
template <fence_like F, class P> FENCE_ALLOCATES added<P> on_signal(F &fence, P payload) noexcept {
  static_assert(detail::check_callback<P>());
  using node = detail::detached<P>;
  void *memory = fence_alloc(sizeof(node), FENCE_GFP_KERNEL);
  if (!memory)
    return {error(ENOMEM), std::move(payload)};
  node *self = ::new (memory) node{{.cb = {}}, std::move(payload)};
  if (int why = dma_fence_add_callback(as_fence(fence).raw(), &self->cb, node::run); why != 0) {
    added<P> back(error(why), std::move(self->payload));
    std::destroy_at(&self->payload);
    fence_free(self);
    return back;
  }
  return {};
}
template <fence_like F, class P> FENCE_ALLOCATES added<P> on_signal(const aref<F> &fence, P payload) noexcept {
  return on_signal(*fence, std::move(payload));
}

} // namespace fence
#endif
