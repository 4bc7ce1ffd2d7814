//===- fence/eventfd.hpp - a fence that poll() can wait for -------------------------------------------------------------------===//
//
// A file descriptor that becomes readable when the fence signals, for event loops. Writing to it enters the kernel, which must not happen under
// the fence's lock; so it is deferred until the signaller has left its outermost atomic section.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_EVENTFD_HPP
#define FENCE_EVENTFD_HPP

#include <atomic>
#include <cstdint>
#include <fence/callback.hpp>
#include <sys/eventfd.h>
#include <unistd.h>

namespace fence {

/// Owns the descriptor and the registration; neither copied nor moved. Thread safety: one thread at a time.
class fence_eventfd {
public:
  fence_eventfd() noexcept = default;
  fence_eventfd(const fence_eventfd &) = delete;
  fence_eventfd &operator=(const fence_eventfd &) = delete;
  /// Context: may sleep; not in what a signaller has deferred.
  FENCE_MAY_SLEEP ~fence_eventfd() { close(); }

  /// Opens the descriptor, which is readable at once if the fence has signalled. Errors: EBUSY, it is open; those of eventfd(2).
  /// Context: may sleep.
  template <fence_like F> FENCE_MAY_SLEEP result<void> open(F &fence) noexcept {
    if (fd_ >= 0)
      return error(EBUSY);
    fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd_ < 0)
      return error(errno);
    work_.run = write_deferred;
    progress_.store(pending, std::memory_order_relaxed);
    if (!told_.add(fence, signalled{this}))
      write();
    else
      registered_ = true;
    return {};
  }
  /// What to poll for POLLIN; -1 while it is not open. Ownership: ours.
  int fd() const noexcept { return fd_; }

  /// Cancels and closes. Context: as the destructor.
  FENCE_MAY_SLEEP void close() noexcept {
    if (fd_ < 0)
      return;
    // Not cancelled: the signaller is between its lock and the write, or past both.
    if (std::exchange(registered_, false) && !told_.cancel())
      wait_for_write();
    ::close(std::exchange(fd_, -1));
  }

private:
  struct signalled {
    fence_eventfd *self;
    FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { fence_defer(&self->work_); }
  };
  void write() noexcept {
    std::uint64_t one = 1;
    // Cannot fail: the counter was 0.
    static_cast<void>(!::write(fd_, &one, sizeof one));
  }
  static void write_deferred(fence_deferred *work) noexcept {
    auto *self = container_of<&fence_eventfd::work_>(work);
    self->write();
    // From the exchange on it may be gone; but whoever waits has left a reference of his thread.
    if (std::uintptr_t waiter = self->progress_.exchange(written, std::memory_order_acq_rel); waiter != pending) {
      fence_unpark(reinterpret_cast<fence_thread *>(waiter));
      fence_thread_put(reinterpret_cast<fence_thread *>(waiter));
    }
  }
  FENCE_MAY_SLEEP void wait_for_write() noexcept {
    fence_thread *self = fence_thread_get(fence_thread_self());
    std::uintptr_t seen = pending;
    if (!progress_.compare_exchange_strong(seen, reinterpret_cast<std::uintptr_t>(self), std::memory_order_acq_rel)) {
      fence_thread_put(self);
      return;
    }
    while (progress_.load(std::memory_order_acquire) != written)
      fence_park(FENCE_FOREVER);
  }

  int fd_ = -1;
  bool registered_ = false;
  enum : std::uintptr_t { pending, written };
  std::atomic<std::uintptr_t> progress_{pending}; ///< or a reference of the thread that waits for the write
  fence_deferred work_;
  registration<signalled> told_;
};

} // namespace fence
#endif
