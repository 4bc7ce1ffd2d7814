/* Something that must not happen under the lock that is held here, and must not wait for another thread either: a fence whose callbacks take that
 * lock is signalled as soon as it has been given back. */
#include <fence/irq_work.h>
#include <fence/spinlock.h>
#include <stddef.h>

struct queue {
  struct fence_spinlock lock;
  struct fence_irq_work notify;
  int jobs, notified;
};

static void notify(struct fence_irq_work *work) {
  struct queue *queue = (struct queue *)((char *)work - offsetof(struct queue, notify));
  fence_spin_lock(&queue->lock); /* It is free here. */
  queue->notified = queue->jobs;
  fence_spin_unlock(&queue->lock);
}

static int submit(struct queue *queue) {
  unsigned long flags = fence_spin_lock_irqsave(&queue->lock);
  queue->jobs++;
  int queued = fence_irq_work_queue(&queue->notify);
  int early = queue->notified == queue->jobs;
  fence_spin_unlock_irqrestore(&queue->lock, flags); /* notify() runs in here. */
  return queued && !early && queue->notified == queue->jobs;
}

int main(void) {
  struct queue queue = {.jobs = 0};
  fence_spin_lock_init(&queue.lock);
  fence_irq_work_init(&queue.notify, notify);
  int good = submit(&queue) + submit(&queue);
  fence_irq_work_sync(&queue.notify);
  return good == 2 ? 0 : 1;
}
