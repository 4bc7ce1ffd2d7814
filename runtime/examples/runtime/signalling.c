/* The section in which a fence depends on this thread: what it may do there, and what is reported when it waits for a fence after all. */
#include <fence/check.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <fence/mutex.h>

static struct fence_spinlock lock;
static unsigned waits;

static const char *name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

static struct dma_fence *make_fence(uint64_t seqno) {
  struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
  if (fence)
    dma_fence_init(fence, &ops, &lock, 1, seqno);
  return fence;
}
static void count(const struct fence_report *report, void *data) {
  (void)data;
  waits += report->kind == FENCE_REPORT_WAIT_WHILE_SIGNALLING;
}

/* The thread that retires jobs: it may sleep, take locks that nobody holds while waiting for a fence, and allocate from what memory there is. */
static int retire(struct dma_fence *fence, struct fence_mutex *state) {
  bool cookie = dma_fence_begin_signalling();
  fence_expect_signal(fence); /* so the watchdog knows whom to blame */
  fence_mutex_lock(state);
  void *scratch = fence_alloc(64, FENCE_GFP_ATOMIC);
  fence_free(scratch);
  fence_mutex_unlock(state);
  int result = dma_fence_signal(fence);
  dma_fence_end_signalling(cookie);
  return result;
}

int main(void) {
  struct fence_mutex state;
  fence_spin_lock_init(&lock);
  fence_mutex_init(&state);
  struct dma_fence *first = make_fence(1), *second = make_fence(2);
  if (!first || !second)
    return 1;
  int good = retire(first, &state) == 0;

  bool outer = dma_fence_begin_signalling();
  bool inner = dma_fence_begin_signalling(); /* nests; each cookie ends its own */
  good &= dma_fence_signal(second) == 0;
  dma_fence_end_signalling(inner);
  good &= !FENCE_CHECKS || fence_in_signalling_section();

  fence_set_report_handler(count, NULL);
  dma_fence_wait(first, false); /* it has signalled, but might not have: wrong, and caught */
  fence_set_report_handler(NULL, NULL);
  dma_fence_end_signalling(outer);

  dma_fence_put(first);
  dma_fence_put(second);
  return good && waits == (FENCE_CHECKS ? 1 : 0) && !fence_in_signalling_section() ? 0 : 1;
}
