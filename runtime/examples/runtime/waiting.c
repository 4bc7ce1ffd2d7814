/* Waiting in C: with and without a limit, for one of several, and until somebody interrupts. */
#include <errno.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <pthread.h>

static struct fence_spinlock lock;

static const char *name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

static struct dma_fence *make_fence(void) {
  struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
  if (fence)
    dma_fence_init(fence, &ops, &lock, dma_fence_context_alloc(1), 1);
  return fence;
}
static void *signal_it(void *fence) {
  dma_fence_signal(fence);
  return NULL;
}
static void *interrupt_it(void *thread) {
  fence_interrupt(thread);
  return NULL;
}

int main(void) {
  fence_spin_lock_init(&lock);
  struct dma_fence *fences[] = {make_fence(), make_fence()};
  pthread_t other;
  if (!fences[0] || !fences[1])
    return 1;

  /* 0 only looks; a limit that runs out gives 0, too. */
  int good = dma_fence_wait_timeout(fences[0], false, 0) == 0 && dma_fence_wait_timeout(fences[0], false, 1) == 0;

  /* Until this thread is interrupted, as by a signal in the kernel. The interruption stays until it is cleared. */
  if (pthread_create(&other, NULL, interrupt_it, fence_thread_self()) != 0)
    return 1;
  good &= dma_fence_wait(fences[0], true) == -FENCE_ERESTARTSYS;
  pthread_join(other, NULL);
  good &= fence_clear_interrupt();

  /* One of two: its index, and what is left of the minute. */
  if (pthread_create(&other, NULL, signal_it, fences[1]) != 0)
    return 1;
  uint32_t which = 9;
  int64_t left = dma_fence_wait_any_timeout(fences, 2, false, 60 * FENCE_HZ, &which);
  pthread_join(other, NULL);
  good &= left > 0 && left <= 60 * FENCE_HZ && which == 1;

  /* How the work ended is the fence's to say, not the wait's. */
  dma_fence_set_error(fences[0], -EIO);
  dma_fence_signal(fences[0]);
  good &= dma_fence_wait(fences[0], false) == 0 && dma_fence_get_status(fences[0]) == -EIO;

  dma_fence_put(fences[0]);
  dma_fence_put(fences[1]);
  return good ? 0 : 1;
}
