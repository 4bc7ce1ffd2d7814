//===- runtime/src/workqueue.h - the queue behind fence/workqueue.h and fence/kthread_worker.h --------------------------------===//
//
// Everything in a queue is guarded by its lock, and what concerns one item by the lock of the queue where it was queued last. That queue may have been
// destroyed since, so it is looked up in the list of those that live before its lock is touched.
//
// Who waits for items counts tickets: each queueing of an item takes one, and its end or cancellation gives it back.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_WORKQUEUE_H
#define FENCE_SRC_WORKQUEUE_H

#include "shared_memory.h"
#include "spinlock.h"
#include "thread_state.h"

#include <cstddef>
#include <fence/workqueue.h>
#include <pthread.h>

namespace fence {

/// Bits of fence_work.state; above them a count of those who are cancelling it.
enum : std::uint32_t {
  work_pending = 1, ///< linked in a queue's `ready`, `again` or `delayed`
  work_delayed = 2, ///< of these in `delayed`
  work_moving = 4,  ///< pending, but `queue` does not say so yet
  work_cancelling = 8,
};

/// A thread that runs items, on its own stack.
struct worker {
  fence_list node;
  fence_list idle; ///< unlinked: not idle
  fence_workqueue *queue;
  fence_thread *thread;
  fence_work *running; ///< only to compare with: the item may be gone
  std::uint64_t ticket;
};

/// Somebody who waits until `count` tickets up to `last`, from `first`, have been given back.
struct flusher {
  fence_list node;
  std::uint64_t first, last, count;
  fence_thread *thread;
  std::uint32_t done;
};

} // namespace fence

struct fence_workqueue {
  fence_deferred start; ///< first, for a cast
  fence_spinlock lock;
  fence_list ready;    ///< items to be run
  fence_list again;    ///< items that were queued while they ran
  fence_list delayed;  ///< items whose timer is set
  fence_list workers;  ///< fence::worker.node
  fence_list idle;     ///< fence::worker.idle, the one that ran last first
  fence_list flushers; ///< fence::flusher.node
  fence_list living;   ///< in the list of all queues
  std::uint64_t next_ticket;
  std::uint64_t outstanding; ///< tickets that are out
  unsigned max_active;
  unsigned started; ///< how many of `threads` there are
  bool starting;    ///< a thread is being started, or will be as soon as somebody leaves an atomic section
  bool refusing;    ///< is being destroyed: takes no more items
  bool ending;      ///< its workers end
  fence_thread *destroyer;
  fence_lock_class *lock_class;
  char name[16];
  pthread_t *threads;
};

namespace fence {

/// Allocates a queue; null without memory.
fence_workqueue *make_queue(const char *name, unsigned max_active, fence_lock_class *lock_class) noexcept;
/// Starts a worker here and now, in task context. False: there is none.
bool start_first_worker(fence_workqueue *queue) noexcept;

/// The queue's lock is held in those below.
FENCE_NONBLOCKING void kick(fence_workqueue *queue) noexcept;
FENCE_NONBLOCKING void insert(fence_workqueue *queue, fence_work *work) noexcept;
/// Gives a ticket back.
void finish(fence_workqueue *queue, std::uint64_t ticket) noexcept;
/// False: it is pending already, or may not be queued. Leaves it pending, not linked.
bool claim(fence_workqueue *queue, fence_work *work, std::uint32_t bits) noexcept;
/// The item's timer no longer matters: it becomes ready.
FENCE_NONBLOCKING void expire(fence_workqueue *queue, fence_work *work) noexcept;

/// Locks that queue, if it has not been destroyed.
bool lock_if_living(const fence_workqueue *sought, unsigned long &flags) noexcept;
/// The item's last queue, locked; null if there was none or it has been destroyed.
FENCE_NONBLOCKING fence_workqueue *lock_queue_of(const fence_work *work, unsigned long &flags) noexcept;
inline void unlock_queue(fence_workqueue *queue, unsigned long flags) noexcept {
  unlock_irqrestore(&queue->lock, flags);
}

/// Adds the flusher, releases the lock, and waits.
void wait_for_tickets(fence_workqueue *queue, unsigned long flags, std::uint64_t first, std::uint64_t last,
                      std::uint64_t count) noexcept;

/// This thread's, if it is one.
worker *current_worker() noexcept;

/// Tells the checker that this thread waits until what `lock_class` stands for has ended.
inline void waits_for_end_of([[maybe_unused]] fence_lock_class *lock_class,
                             [[maybe_unused]] const void *what) noexcept {
  fence_lock_acquired(lock_class, what, 0, FENCE_ACQUIRE_WAITING);
}

template <class T> T *first_of(const fence_list &list) noexcept { return reinterpret_cast<T *>(list.next); }
static_assert(offsetof(fence_work, node) == 0 && offsetof(worker, node) == 0 && offsetof(flusher, node) == 0 &&
              offsetof(fence_workqueue, start) == 0);

} // namespace fence
#endif
