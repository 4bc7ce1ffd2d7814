//===- runtime/src/wait_queue.cpp - threads that look at a condition again when they are woken -------------------------------===//
//
// A waiter goes onto the queue first and looks at its condition then; whoever makes the condition true takes the queue's lock afterwards. So one of
// the two sees the other. A wake-up takes the waiter off the queue; it puts itself back if its condition is still false.
//
//===----------------------------------------------------------------------===//
#include "dma_fence.h"

#include <fence/wait_queue.h>

namespace shared = fence::shared;

namespace {

void wake(fence_wait_queue *queue, bool all) noexcept {
  unsigned long flags = fence::lock_irqsave(&queue->lock, 0);
  bool exclusive_woken = false;
  for (fence_list *node = queue->waiters.next, *next; node != &queue->waiters; node = next) {
    next = node->next;
    auto *entry = reinterpret_cast<fence_wait_entry *>(node);
    bool exclusive = (entry->flags & FENCE_WAIT_EXCLUSIVE) != 0;
    if (exclusive && exclusive_woken && !all)
      continue;
    exclusive_woken |= exclusive;
    fence_list_unlink(node);
    entry->woken = true;
    fence_unpark(entry->thread); // Comes after the unlock.
  }
  fence::unlock_irqrestore(&queue->lock, flags);
}
static_assert(offsetof(fence_wait_entry, node) == 0);

/// Takes the lock in any case: who wakes this thread has left the entry afterwards.
void leave(fence_wait_entry *entry, int64_t result) noexcept {
  unsigned long flags = fence::lock_irqsave(&entry->queue->lock, 0);
  fence_list_unlink(&entry->node);
  // An exclusive wake-up that is not used is passed on. One too many does no harm.
  bool unused = entry->woken && (entry->flags & FENCE_WAIT_EXCLUSIVE) && result <= 0;
  fence::unlock_irqrestore(&entry->queue->lock, flags);
  entry->result = result;
  if (unused)
    wake(entry->queue, false);
}

} // namespace

extern "C" {

void fence_wait_queue_init_class(fence_wait_queue *queue, fence_lock_class *lock_class) noexcept {
  fence_spin_lock_init_class(&queue->lock, lock_class);
  fence_list_init(&queue->waiters);
}

void fence_wake_up(fence_wait_queue *queue) noexcept { wake(queue, false); }
void fence_wake_up_all(fence_wait_queue *queue) noexcept { wake(queue, true); }

bool fence_wait_queue_active(fence_wait_queue *queue) noexcept {
  unsigned long flags = fence::lock_irqsave(&queue->lock, 0);
  bool active = !fence_list_empty(&queue->waiters);
  fence::unlock_irqrestore(&queue->lock, flags);
  return active;
}

void fence_wait_begin(fence_wait_entry *entry, fence_wait_queue *queue, unsigned flags, int64_t timeout) noexcept {
  fence_might_sleep();
  *entry = {};
  fence_list_init(&entry->node);
  entry->queue = queue;
  entry->timeout = timeout;
  entry->flags = flags;
  entry->in_time = true;
}

void fence_wait_prepare(fence_wait_entry *entry) noexcept {
  if (!entry->looked)
    return; // Perhaps there is nothing to wait for.
  unsigned long flags = fence::lock_irqsave(&entry->queue->lock, 0);
  if (fence_list_empty(&entry->node))
    fence_list_append(&entry->queue->waiters, &entry->node);
  fence::unlock_irqrestore(&entry->queue->lock, flags);
}

bool fence_wait_over(fence_wait_entry *entry, bool condition) noexcept {
  bool never_queued = !entry->looked;
  entry->looked = true;
  if (entry->timeout < 0) {
    entry->result = -EINVAL;
    return true;
  }
  if (never_queued) {
    if (condition) {
      entry->result = entry->timeout ? entry->timeout : 1;
      return true;
    }
    entry->thread = fence_thread_self();
    entry->deadline = entry->timeout == FENCE_MAX_TIMEOUT ? FENCE_FOREVER : fence::deadline_after(entry->timeout);
    return false;
  }
  if (condition)
    return leave(entry, fence::jiffies_left(entry->timeout, entry->deadline)), true;
  if ((entry->flags & FENCE_WAIT_INTERRUPTIBLE) && fence_interrupted())
    return leave(entry, -FENCE_ERESTARTSYS), true;
  if (!entry->in_time)
    return leave(entry, 0), true;
  entry->in_time = fence_park(entry->deadline);
  return false;
}

int64_t fence_wait_until(fence_wait_queue *queue, bool (*condition)(void *), void *data, unsigned flags,
                         int64_t timeout) noexcept {
  return FENCE_DETAIL_WAIT(queue, condition(data), flags, timeout);
}

} // extern "C"
