/* What the runtime checker says about a driver that waits for a fence while it holds a lock that the fence's signaller needs. The deadlock does not
 * happen here, because nobody signals meanwhile; it is found all the same. Linked with the runtime without checks, nothing is found. */
#include <fence/check.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <stdio.h>

FENCE_LOCK_CLASS(state_class, "device state", FENCE_LOCK_SLEEPS);
static int device_state; /* stands for a lock that sleeps */
static struct fence_spinlock lock;
static int findings;

static const char *name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

static void lock_state(void) {
  fence_might_sleep();
  fence_lock_acquired(&state_class, &device_state, 0, 0);
  device_state = 1;
}
static void unlock_state(void) {
  device_state = 0;
  fence_lock_released(&state_class, &device_state);
}

static void finding(const struct fence_report *report, void *data) {
  (void)data;
  printf("%s: %s\n%s", fence_report_kind_name(report->kind), report->message, report->details);
  if (report->kind == FENCE_REPORT_HELD_WHILE_WAITING)
    ++findings;
}

/* The thread that retires jobs takes the lock on its way to the signal. */
static void retire(struct dma_fence *fence) {
  bool cookie = dma_fence_begin_signalling();
  lock_state();
  unlock_state();
  dma_fence_signal(fence);
  dma_fence_end_signalling(cookie);
}

int main(void) {
  struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
  if (!fence)
    return 1;
  fence_spin_lock_init(&lock);
  dma_fence_init(fence, &ops, &lock, dma_fence_context_alloc(1), 1);
  fence_set_report_handler(finding, NULL);
  retire(fence);
  lock_state();
  dma_fence_wait(fence, false); /* had it not signalled, retire() would wait for us and we for it */
  unlock_state();
  dma_fence_put(fence);
  fence_rcu_barrier();
  return findings == FENCE_CHECKS ? 0 : 1;
}
