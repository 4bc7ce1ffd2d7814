//===- fence/workqueue.hpp - do this later, where it may sleep, in C++ ---------------------------------------------------------===//
//
//     class ring {
//     public:
//       void on_interrupt() noexcept { retire_work_.queue(*queue_); }       // any context; does not allocate
//     private:
//       void retire() noexcept;                                            // may sleep
//       fence::workqueue *queue_;
//       fence::work retire_work_{fence::runs<&ring::retire_work_, &ring::retire>};
//     };
//     auto queue = fence::workqueue::make(fence::class_of<struct ring_queue>, "ring", {.max_active = 2});
//
// The C API with its details: workqueue.h.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_WORKQUEUE_HPP
#define FENCE_WORKQUEUE_HPP

#include <fence/aref.hpp>
#include <fence/result.hpp>
#include <fence/runs.hpp>
#include <fence/time.hpp>
#include <fence/workqueue.h>
#include <utility>

namespace fence {

struct workqueue_options {
  bool ordered = false;     ///< one item at a time, in the order of queueing
  bool mem_reclaim = false; ///< memory may depend on its items: the first worker starts with the queue
  unsigned max_active = 0;  ///< items at a time; 0: FENCE_WQ_DEFAULT_ACTIVE
};

/// Owns a queue. Moves; one that was moved from has no queue and may only be destroyed or assigned to.
class [[nodiscard]] workqueue {
public:
  /// `name` is copied; its first 15 bytes name the threads. Errors: ENOMEM, no memory or no thread.
  /// Context: may sleep (allocates).
  template <class Tag>
  FENCE_ALLOCATES static result<workqueue> make(detail::lock_class_tag<Tag>, const char *name, workqueue_options options = {}) noexcept {
    unsigned flags = 0;
    if (options.ordered)
      flags |= FENCE_WQ_ORDERED;
    if (options.mem_reclaim)
      flags |= FENCE_WQ_MEM_RECLAIM;
    fence_workqueue *queue =
        fence_workqueue_alloc_class(name, flags, options.max_active, &detail::lock_class_of<Tag, FENCE_LOCK_SECTION>);
    if (!queue)
      return error(ENOMEM);
    return workqueue(queue);
  }
  workqueue(workqueue &&other) noexcept : c_(std::exchange(other.c_, nullptr)) {}
  workqueue &operator=(workqueue &&other) noexcept {
    std::swap(c_, other.c_);
    return *this;
  }
  /// What is pending runs first, what is delayed without delay; what is queued from now on is refused.
  /// Context: may sleep; not from an item of this queue, not holding what an item takes.
  FENCE_WAITS_FOR("work") ~workqueue() { fence_workqueue_destroy(c_); }

  /// Returns when what was queued before the call has run. Context: as the destructor.
  FENCE_WAITS_FOR("work") void flush() noexcept { fence_flush_workqueue(c_); }
  fence_workqueue *raw() const noexcept { return c_; }

private:
  explicit workqueue(fence_workqueue *queue) noexcept : c_(queue) {}
  fence_workqueue *c_;
};

/// An item of work: a member of what it works on. Runs at most once at a time; queued again while it runs, it runs again.
class work {
public:
  template <auto Item, auto Function> explicit work(detail::runs_tag<Item, Function>) noexcept {
    fence_work_init_class(
        &c_, [](fence_work *c) { detail::run_in_task<Item, Function>(container_of<&work::c_>(c)); },
        &detail::lock_class_of<detail::runs_tag<Item, Function>, FENCE_LOCK_SECTION>);
  }
  work(const work &) = delete;
  work &operator=(const work &) = delete;
  /// As cancel_sync(): the function does not run and will not.
  /// Context: may sleep; not from its own function, not holding what that takes.
  FENCE_WAITS_FOR("work") ~work() { fence_cancel_work_sync(&c_); }

  /// True: queued by this call. False: it was pending, is being cancelled, or the queue is being destroyed. Context: any.
  FENCE_NONBLOCKING bool queue(workqueue &on) noexcept { return fence_queue_work(on.raw(), &c_); }
  /// On the system's queue, for what does not run long.
  FENCE_NONBLOCKING bool schedule() noexcept { return fence_schedule_work(&c_); }
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_work_pending(&c_); }
  /// Returns when its last queueing has run. False: there was nothing to wait for. Context: as the destructor.
  FENCE_WAITS_FOR("work") bool flush() noexcept { return fence_flush_work(&c_); }
  /// True: it was pending and will not run. cancel_sync() also waits for one that runs. Context: any; as the destructor.
  FENCE_NONBLOCKING bool cancel() noexcept { return fence_cancel_work(&c_); }
  FENCE_WAITS_FOR("work") bool cancel_sync() noexcept { return fence_cancel_work_sync(&c_); }
  /// For the C API, e.g. a fence's callback: queue_work of callbacks.hpp.
  fence_work *raw() noexcept { return &c_; }

private:
  fence_work c_;
};

/// An item that is queued when a time has come. Times are rounded up to milliseconds.
class delayed_work {
public:
  template <auto Item, auto Function> explicit delayed_work(detail::runs_tag<Item, Function>) noexcept {
    fence_delayed_work_init_class(
        &c_,
        [](fence_work *c) {
          detail::run_in_task<Item, Function>(container_of<&delayed_work::c_>(container_of<&fence_delayed_work::work>(c)));
        },
        &detail::lock_class_of<detail::runs_tag<Item, Function>, FENCE_LOCK_SECTION>);
  }
  delayed_work(const delayed_work &) = delete;
  delayed_work &operator=(const delayed_work &) = delete;
  /// As cancel_sync().
  FENCE_WAITS_FOR("work") ~delayed_work() { fence_cancel_delayed_work_sync(&c_); }

  /// Results as work::queue(). 0 or less: at once. Context: any.
  template <class Rep, class Period> FENCE_NONBLOCKING bool queue(workqueue &on, std::chrono::duration<Rep, Period> delay) noexcept {
    return fence_queue_delayed_work(on.raw(), &c_, detail::jiffies(delay));
  }
  template <class Rep, class Period> FENCE_NONBLOCKING bool schedule(std::chrono::duration<Rep, Period> delay) noexcept {
    return fence_queue_delayed_work(fence_system_workqueue(), &c_, detail::jiffies(delay));
  }
  /// To that time from now, whether or not it is pending. True: it was. Context: any.
  template <class Rep, class Period> FENCE_NONBLOCKING bool move(workqueue &on, std::chrono::duration<Rep, Period> delay) noexcept {
    return fence_mod_delayed_work(on.raw(), &c_, detail::jiffies(delay));
  }
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_work_pending(&c_.work); }
  /// Without waiting for its time. Context: may sleep; not from its own function, not holding what that takes.
  FENCE_WAITS_FOR("work") bool flush() noexcept { return fence_flush_delayed_work(&c_); }
  FENCE_NONBLOCKING bool cancel() noexcept { return fence_cancel_delayed_work(&c_); }
  FENCE_WAITS_FOR("work") bool cancel_sync() noexcept { return fence_cancel_delayed_work_sync(&c_); }
  fence_delayed_work *raw() noexcept { return &c_; }

private:
  fence_delayed_work c_;
};

/// An item of an object that is counted: while it is pending it holds a reference, which its function is given. So nobody has to wait for it,
/// and the function may give up the last one:
///
///     static void retire(fence::aref<job> self) noexcept;
///     fence::counted_work<job> retire_work_{fence::runs<&job::retire_work_, &job::retire>};
///     ...
///     job->retire_work_.queue(queue, job);
template <class T> class counted_work {
public:
  template <auto Item, auto Function> explicit counted_work(detail::runs_tag<Item, Function>) noexcept {
    static_assert(requires(aref<T> self) {
      { Function(std::move(self)) } noexcept;
    }, "fence: counted work of T runs a static member function 'void (fence::aref<T>) noexcept'");
    fence_work_init_class(
        &c_,
        [](fence_work *c) { Function(aref<T>(static_cast<T *>(container_of<Item>(container_of<&counted_work::c_>(c))), adopt)); },
        &detail::lock_class_of<detail::runs_tag<Item, Function>, FENCE_LOCK_SECTION>);
  }
  counted_work(const counted_work &) = delete;
  counted_work &operator=(const counted_work &) = delete;

  /// `self` is the object that this is a member of. Results as work::queue(); with false the reference is given up.
  /// Context: any in which the reference may be given up.
  bool queue(workqueue &on, aref<T> self) noexcept { return queue(on.raw(), std::move(self)); }
  bool schedule(aref<T> self) noexcept { return queue(fence_system_workqueue(), std::move(self)); }
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_work_pending(&c_); }
  /// By who has a reference. Context: may sleep; not from its own function, not holding what that takes.
  FENCE_WAITS_FOR("work") bool flush() noexcept { return fence_flush_work(&c_); }

private:
  bool queue(fence_workqueue *on, aref<T> self) noexcept {
    T *object = self.release(); // It may be gone before we could do so afterwards.
    if (fence_queue_work(on, &c_))
      return true;
    aref<T>(object, adopt).reset();
    return false;
  }
  fence_work c_;
};

} // namespace fence
#endif
