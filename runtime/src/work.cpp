//===- runtime/src/work.cpp - work items: queueing, flushing, cancelling -------------------------------------------------------===//
#include "misuse.h"
#include "workqueue.h"

namespace shared = fence::shared;

namespace fence {

bool claim(fence_workqueue *queue, fence_work *work, std::uint32_t bits) noexcept {
  if (queue->refusing)
    return false;
  // Where the queue does not change, nobody can see it pending and look for it elsewhere.
  bool moves = shared::load_relaxed(work->queue) != queue;
  std::uint32_t seen = shared::load_relaxed(work->state);
  do
    if (seen & work_pending || seen >= work_cancelling)
      return false;
  while (!shared::compare_exchange(work->state, seen, work_pending | bits | (moves ? work_moving : 0u)));
  if (moves) {
    shared::store_release(work->queue, queue);
    shared::fetch_and(work->state, ~work_moving);
  }
  return true;
}

void insert(fence_workqueue *queue, fence_work *work) noexcept {
  work->ticket = queue->next_ticket++;
  ++queue->outstanding;
  for (fence_list *node = queue->workers.next; node != &queue->workers; node = node->next)
    if (reinterpret_cast<worker *>(node)->running == work) {
      fence_list_append(&queue->again, &work->node);
      return;
    }
  fence_list_append(&queue->ready, &work->node);
  kick(queue);
}

void finish(fence_workqueue *queue, std::uint64_t ticket) noexcept {
  --queue->outstanding;
  for (fence_list *node = queue->flushers.next, *next; node != &queue->flushers; node = next) {
    next = node->next;
    auto *waiter = reinterpret_cast<flusher *>(node);
    if (ticket < waiter->first || ticket > waiter->last || --waiter->count)
      continue;
    fence_list_unlink(node);
    fence_thread *thread = fence_thread_get(waiter->thread);
    shared::store_release(waiter->done, 1u); // From here on it may be gone.
    fence_unpark(thread);
    fence_thread_put(thread);
  }
  if (queue->destroyer)
    fence_unpark(queue->destroyer);
}

void expire(fence_workqueue *queue, fence_work *work) noexcept {
  fence_list_unlink(&work->node);
  shared::fetch_and(work->state, ~work_delayed);
  insert(queue, work);
  if (queue->destroyer)
    fence_unpark(queue->destroyer);
}

namespace {

/// What the timer of any delayed item holds while it makes the item ready: nothing that lasts, but a wait for it is checked.
FENCE_LOCK_CLASS(timer_class, "delayed_work_timer", FENCE_LOCK_SECTION);

fence_delayed_work *delayed_of(fence_work *work) noexcept { return reinterpret_cast<fence_delayed_work *>(work); }
static_assert(offsetof(fence_delayed_work, work) == 0);

void timer_fired(fence_timer *timer) noexcept {
  auto *delayed =
      reinterpret_cast<fence_delayed_work *>(reinterpret_cast<char *>(timer) - offsetof(fence_delayed_work, timer));
  unsigned long flags;
  fence_workqueue *queue = lock_queue_of(&delayed->work, flags);
  if (!queue)
    return;
  // Between the timer and this lock it may have been cancelled, or set anew for another time.
  if (shared::load_relaxed(delayed->work.state) & work_delayed && !fence_timer_pending(timer))
    expire(queue, &delayed->work);
  unlock_queue(queue, flags);
}

/// With the lock. False: it is not pending.
bool take_out(fence_workqueue *queue, fence_work *work) noexcept {
  std::uint32_t state = shared::load_relaxed(work->state);
  if (!(state & work_pending))
    return false;
  fence_list_unlink(&work->node);
  if (state & work_delayed)
    fence_timer_delete(&delayed_of(work)->timer);
  else
    finish(queue, work->ticket);
  shared::fetch_and(work->state, ~(work_pending | work_delayed));
  if (queue->destroyer)
    fence_unpark(queue->destroyer);
  return true;
}

/// With the lock, which it gives back; returns when the item does not run. False: it did not.
bool wait_while_running(fence_workqueue *queue, fence_work *work, unsigned long flags) noexcept {
  for (fence_list *node = queue->workers.next; node != &queue->workers; node = node->next) {
    auto *busy = reinterpret_cast<worker *>(node);
    if (busy->running != work)
      continue;
    wait_for_tickets(queue, flags, busy->ticket, busy->ticket, 1);
    return true;
  }
  unlock_queue(queue, flags);
  return false;
}

bool runs_here(const fence_work *work) noexcept {
  worker *self = current_worker();
  return self && self->running == work;
}

} // namespace
} // namespace fence

using namespace fence;

extern "C" {

void fence_work_init_class(fence_work *work, fence_work_func func, fence_lock_class *lock_class) noexcept {
  *work = {{&work->node, &work->node}, func, nullptr, lock_class, 0, 0};
}
void fence_delayed_work_init_class(fence_delayed_work *delayed, fence_work_func func,
                                   fence_lock_class *lock_class) noexcept {
  fence_work_init_class(&delayed->work, func, lock_class);
  fence_timer_setup_class(&delayed->timer, timer_fired, &timer_class);
}

bool fence_queue_work(fence_workqueue *queue, fence_work *work) noexcept {
  unsigned long flags = lock_irqsave(&queue->lock, 0);
  bool claimed = claim(queue, work, 0);
  if (claimed)
    insert(queue, work);
  unlock_queue(queue, flags);
  return claimed;
}
bool fence_schedule_work(fence_work *work) noexcept { return fence_queue_work(fence_system_workqueue(), work); }

bool fence_work_pending(const fence_work *work) noexcept {
  return (shared::load_acquire(work->state) & work_pending) != 0;
}

bool fence_flush_work(fence_work *work) noexcept {
  fence_might_sleep();
  if (runs_here(work)) {
    report_misuse(work, "a work item flushes itself: it would wait for its own end");
    return false;
  }
  waits_for_end_of(work->lock_class, work);
  unsigned long flags;
  fence_workqueue *queue = lock_queue_of(work, flags);
  if (!queue)
    return false;
  std::uint32_t state = shared::load_relaxed(work->state);
  if (!(state & work_pending) || state & work_delayed)
    return wait_while_running(queue, work, flags);
  wait_for_tickets(queue, flags, work->ticket, work->ticket, 1);
  return true;
}

bool fence_cancel_work(fence_work *work) noexcept {
  unsigned long flags;
  fence_workqueue *queue = lock_queue_of(work, flags);
  if (!queue)
    return false;
  bool was_pending = take_out(queue, work);
  unlock_queue(queue, flags);
  return was_pending;
}

bool fence_cancel_work_sync(fence_work *work) noexcept {
  fence_might_sleep();
  if (runs_here(work)) {
    report_misuse(work, "a work item cancels itself and would wait for its own end");
    return fence_cancel_work(work);
  }
  waits_for_end_of(work->lock_class, work);
  shared::fetch_add(work->state, work_cancelling);
  bool was_pending = false;
  unsigned long flags;
  if (fence_workqueue *queue = lock_queue_of(work, flags)) {
    was_pending = take_out(queue, work);
    wait_while_running(queue, work, flags);
  }
  shared::fetch_sub(work->state, work_cancelling);
  return was_pending;
}

//===- Delayed items ----------------------------------------------------------------------------===//

bool fence_queue_delayed_work(fence_workqueue *queue, fence_delayed_work *delayed, int64_t delay) noexcept {
  if (delay <= 0)
    return fence_queue_work(queue, &delayed->work);
  unsigned long flags = lock_irqsave(&queue->lock, 0);
  bool claimed = claim(queue, &delayed->work, work_delayed);
  if (claimed) {
    fence_list_append(&queue->delayed, &delayed->work.node);
    fence_timer_mod_after(&delayed->timer, delay);
  }
  unlock_queue(queue, flags);
  return claimed;
}

bool fence_mod_delayed_work(fence_workqueue *queue, fence_delayed_work *delayed, int64_t delay) noexcept {
  unsigned long flags;
  if (fence_workqueue *last = lock_queue_of(&delayed->work, flags)) {
    bool waits = last == queue && shared::load_relaxed(delayed->work.state) & work_delayed;
    if (waits && delay > 0)
      fence_timer_mod_after(&delayed->timer, delay);
    else if (waits && fence_timer_delete(&delayed->timer)) // Otherwise the timer's function is on its way.
      expire(queue, &delayed->work);
    unlock_queue(last, flags);
    if (waits)
      return true;
  }
  bool was_pending = fence_cancel_work(&delayed->work);
  fence_queue_delayed_work(queue, delayed, delay);
  return was_pending;
}

bool fence_flush_delayed_work(fence_delayed_work *delayed) noexcept {
  // If the timer's function is on its way it makes the item ready; otherwise we do.
  fence_timer_delete_sync(&delayed->timer);
  bool expired = false;
  unsigned long flags;
  if (fence_workqueue *queue = lock_queue_of(&delayed->work, flags)) {
    expired = shared::load_relaxed(delayed->work.state) & work_delayed && !fence_timer_pending(&delayed->timer);
    if (expired)
      expire(queue, &delayed->work);
    unlock_queue(queue, flags);
  }
  bool flushed = fence_flush_work(&delayed->work);
  return expired || flushed;
}

bool fence_cancel_delayed_work(fence_delayed_work *delayed) noexcept { return fence_cancel_work(&delayed->work); }

bool fence_cancel_delayed_work_sync(fence_delayed_work *delayed) noexcept {
  bool was_pending = fence_cancel_work_sync(&delayed->work);
  // A function of the timer that came too late to see it pending does nothing, but it looks.
  fence_timer_delete_sync(&delayed->timer);
  return was_pending;
}

} // extern "C"
