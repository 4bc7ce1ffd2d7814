//===- fence/kthread_worker.hpp - a thread of one's own for work items, in C++ ---------------------------------------------------===//
//
// Like work and workqueue of workqueue.hpp, with one thread that exists from the creation on, is the driver's alone and may be given a priority.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_KTHREAD_WORKER_HPP
#define FENCE_KTHREAD_WORKER_HPP

#include <fence/kthread_worker.h>
#include <fence/result.hpp>
#include <fence/runs.hpp>
#include <utility>

namespace fence {

/// Owns a worker. Moves; one that was moved from has no worker and may only be destroyed or assigned to.
class [[nodiscard]] kthread_worker {
public:
  /// `name` is copied; its first 15 bytes name the thread. Errors: ENOMEM, no memory or no thread.
  /// Context: may sleep (allocates).
  template <class Tag> FENCE_ALLOCATES static result<kthread_worker> make(detail::lock_class_tag<Tag>, const char *name) noexcept {
    fence_kthread_worker *worker = fence_kthread_worker_create_class(name, &detail::lock_class_of<Tag, FENCE_LOCK_SECTION>);
    if (!worker)
      return error(ENOMEM);
    return kthread_worker(worker);
  }
  kthread_worker(kthread_worker &&other) noexcept : c_(std::exchange(other.c_, nullptr)) {}
  kthread_worker &operator=(kthread_worker &&other) noexcept {
    std::swap(c_, other.c_);
    return *this;
  }
  /// What is pending runs, what is queued from now on is refused; then the thread ends.
  /// Context: may sleep; not from its own item, not holding what an item takes.
  FENCE_WAITS_FOR("work") ~kthread_worker() { fence_kthread_worker_destroy(c_); }

  /// Returns when what was queued before the call has run. Context: as the destructor.
  FENCE_WAITS_FOR("work") void flush() noexcept { fence_kthread_flush_worker(c_); }
  /// For its priority and processors. Context: any.
  FENCE_NONBLOCKING pthread_t thread() const noexcept { return fence_kthread_worker_thread(c_); }
  fence_kthread_worker *raw() const noexcept { return c_; }

private:
  explicit kthread_worker(fence_kthread_worker *worker) noexcept : c_(worker) {}
  fence_kthread_worker *c_;
};

/// An item: a member of what it works on. Members as of work.
class kthread_work {
public:
  template <auto Item, auto Function> explicit kthread_work(detail::runs_tag<Item, Function>) noexcept {
    fence_kthread_work_init_class(
        &c_, [](fence_kthread_work *c) { detail::run_in_task<Item, Function>(container_of<&kthread_work::c_>(c)); },
        &detail::lock_class_of<detail::runs_tag<Item, Function>, FENCE_LOCK_SECTION>);
  }
  kthread_work(const kthread_work &) = delete;
  kthread_work &operator=(const kthread_work &) = delete;
  /// As cancel_sync(). Context: may sleep; not from its own function, not holding what that takes.
  FENCE_WAITS_FOR("work") ~kthread_work() { fence_kthread_cancel_work_sync(&c_); }

  FENCE_NONBLOCKING bool queue(kthread_worker &on) noexcept { return fence_kthread_queue_work(on.raw(), &c_); }
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_work_pending(&c_.work); }
  FENCE_WAITS_FOR("work") bool flush() noexcept { return fence_kthread_flush_work(&c_); }
  FENCE_NONBLOCKING bool cancel() noexcept { return fence_kthread_cancel_work(&c_); }
  FENCE_WAITS_FOR("work") bool cancel_sync() noexcept { return fence_kthread_cancel_work_sync(&c_); }
  fence_kthread_work *raw() noexcept { return &c_; }

private:
  fence_kthread_work c_;
};

} // namespace fence
#endif
