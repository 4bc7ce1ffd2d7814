//===- fence/callbacks.hpp - the callbacks that drivers need, written once --------------------------------------------------===//
//
// Each is a payload for a registration (callback.hpp): a pointer or two, no destructor, no allocation. What they set going happens after the
// fence's lock has been given back, so nobody is woken only to wait for the signaller.
//
//     fence::registration told{*fence, fence::complete{&completion}};
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_CALLBACKS_HPP
#define FENCE_CALLBACKS_HPP

#include <fence/callback.hpp>
#include <fence/completion.h>
#include <fence/kthread_worker.h>
#include <fence/workqueue.h>

namespace fence {

/// Lets a thread return from fence_park(). The thread lives as long as the registration.
class wake_thread final {
public:
  /// This thread. Context: its first call may allocate (fence_thread_self()).
  wake_thread() noexcept : thread_(fence_thread_self()) {}
  explicit wake_thread(fence_thread *thread) noexcept : thread_(thread) {}
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { fence_unpark(thread_); }

private:
  fence_thread *thread_;
};

/// Completes once: lets one waiter of the completion pass. It outlives the registration.
class complete final {
public:
  explicit complete(fence_completion *completion) noexcept : completion_(completion) {}
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { fence_complete(completion_); }

private:
  fence_completion *completion_;
};

/// Queues a work item, which then runs where it may sleep. Queue and item outlive the registration; an item that is pending already stays
/// queued once.
class queue_work final {
public:
  explicit queue_work(fence_work *work) noexcept : queue_work(fence_system_workqueue(), work) {}
  queue_work(fence_workqueue *queue, fence_work *work) noexcept : queue_(queue), work_(work) {}
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { fence_queue_work(queue_, work_); }

private:
  fence_workqueue *queue_;
  fence_work *work_;
};

/// The same for the one thread of a worker.
class queue_kthread_work final {
public:
  queue_kthread_work(fence_kthread_worker *worker, fence_kthread_work *work) noexcept : worker_(worker), work_(work) {}
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { fence_kthread_queue_work(worker_, work_); }

private:
  fence_kthread_worker *worker_;
  fence_kthread_work *work_;
};

} // namespace fence
#endif
