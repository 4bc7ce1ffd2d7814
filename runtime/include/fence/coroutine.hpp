//===- fence/coroutine.hpp - co_await a fence -----------------------------------------------------------------------------------===//
//
//     co_await fence::signalled(job);
//
// A coroutine is resumed by the thread that signals, but not under the fence's lock: after that thread has left its outermost atomic section. What
// comes after the co_await delays the signaller; for more than a few steps let the coroutine go on elsewhere, as its scheduler does it.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_COROUTINE_HPP
#define FENCE_COROUTINE_HPP

#include <atomic>
#include <coroutine>
#include <fence/callback.hpp>

namespace fence {

/// The awaiter, for one co_await; it lies in the coroutine. Allocates nothing. A coroutine that is suspended here may be destroyed: then it is not
/// resumed. Do that where one may sleep.
class [[nodiscard]] signalled_awaiter {
public:
  explicit signalled_awaiter(aref<any_fence> fence) noexcept : fence_(std::move(fence)) {}
  signalled_awaiter(const signalled_awaiter &) = delete;
  signalled_awaiter &operator=(const signalled_awaiter &) = delete;
  ~signalled_awaiter() {
    if (stage_.load(std::memory_order_acquire) == idle || stage_.load(std::memory_order_acquire) == resumed || told_.cancel())
      return;
    // It has signalled and the resumption is on its way: either that is taken back, or it has begun and we are inside it.
    destroyer_ = fence_thread_self();
    int seen = suspended;
    if (!stage_.compare_exchange_strong(seen, destroyed, std::memory_order_acq_rel))
      return;
    while (stage_.load(std::memory_order_acquire) != gone)
      fence_park(FENCE_FOREVER);
  }

  FENCE_NONBLOCKING bool await_ready() const noexcept { return fence_->is_signaled(); }
  FENCE_NONBLOCKING bool await_suspend(std::coroutine_handle<> coroutine) noexcept {
    coroutine_ = coroutine;
    work_.run = resume;
    stage_.store(suspended, std::memory_order_release);
    // The coroutine may run, and end, before add() returns; so this frame keeps the fence, and looks at nothing else.
    aref<any_fence> keep = fence_;
    if (told_.add(*keep, told{this}))
      return true;
    stage_.store(idle, std::memory_order_release);
    return false;
  }
  /// How the work ended: an error if the fence has one.
  FENCE_NONBLOCKING result<void> await_resume() const noexcept { return fence_->error(); }

private:
  enum : int { idle, suspended, resumed, destroyed, gone };
  struct told {
    signalled_awaiter *self;
    FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { fence_defer(&self->work_); }
  };
  static void resume(fence_deferred *work) noexcept {
    auto *self = container_of<&signalled_awaiter::work_>(work);
    int seen = suspended;
    if (self->stage_.compare_exchange_strong(seen, resumed, std::memory_order_acq_rel)) {
      self->coroutine_.resume();
      return;
    }
    fence_thread *destroyer = fence_thread_get(self->destroyer_);
    self->stage_.store(gone, std::memory_order_release); // From here on it may be gone.
    fence_unpark(destroyer);
    fence_thread_put(destroyer);
  }

  aref<any_fence> fence_;
  std::coroutine_handle<> coroutine_;
  std::atomic<int> stage_{idle};
  fence_thread *destroyer_ = nullptr;
  fence_deferred work_;
  registration<told> told_;
};

/// To co_await: ready when the fence has signalled; gives result<void>, the fence's error.
template <fence_like F> signalled_awaiter signalled(F &fence) noexcept { return signalled_awaiter(share_any(fence)); }
template <fence_like F> signalled_awaiter signalled(const aref<F> &fence) noexcept { return signalled(*fence); }

} // namespace fence
#endif
