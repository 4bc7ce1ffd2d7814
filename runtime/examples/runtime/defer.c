/* The context of a thread: what it is in, what is put off until it is out, and how it sleeps and is woken. */
#include <fence/context.h>
#include <fence/spinlock.h>
#include <pthread.h>

static struct fence_spinlock lock;

struct later {
  struct fence_deferred deferred;
  int runs, was_atomic;
};
static void run(struct fence_deferred *deferred) {
  struct later *later = (struct later *)(void *)deferred;
  ++later->runs;
  later->was_atomic = fence_in_atomic();
}

struct mailbox {
  struct fence_thread *reader;
  int full;
};
static void *post(void *data) {
  struct mailbox *box = data;
  fence_spin_lock(&lock);
  __atomic_store_n(&box->full, 1, __ATOMIC_RELEASE);
  fence_unpark(box->reader); /* the wake-up itself comes after the lock, which the reader might want */
  fence_spin_unlock(&lock);
  return NULL;
}

int main(void) {
  fence_spin_lock_init(&lock);
  struct later later = {.deferred = {.run = run}};

  fence_defer(&later.deferred); /* not atomic: runs now */
  int good = later.runs == 1;

  unsigned long flags = fence_spin_lock_irqsave(&lock);
  good &= fence_in_atomic() && fence_irqs_disabled();
  fence_defer(&later.deferred); /* runs when the lock has been given back */
  good &= later.runs == 1;
  fence_spin_unlock_irqrestore(&lock, flags);
  good &= later.runs == 2 && !later.was_atomic;

  fence_hardirq_enter(); /* this thread plays an interrupt handler */
  good &= fence_in_interrupt() && fence_in_atomic();
  fence_hardirq_exit();
  fence_might_sleep(); /* silent: nothing is held any more */

  struct mailbox box = {.reader = fence_thread_self()};
  pthread_t writer;
  if (pthread_create(&writer, NULL, post, &box) != 0)
    return 1;
  while (!__atomic_load_n(&box.full, __ATOMIC_ACQUIRE))
    fence_park(FENCE_FOREVER); /* may return without reason, hence the loop */
  pthread_join(writer, NULL);
  return good ? 0 : 1;
}
