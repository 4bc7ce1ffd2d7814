/* A device hangs: what can be asked of the runtime then. With checks it knows every fence that is pending, how old it is, who waits, and who is expected to
 * signal it; without them there is nothing to know, and nothing is paid. */
#include <fence/check.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <stdio.h>
#include <string.h>

static const char *driver(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const char *timeline(struct dma_fence *fence) {
  (void)fence;
  return "ring 0";
}
static const struct dma_fence_ops ops = {.get_driver_name = driver, .get_timeline_name = timeline};

static void note(const char *line, void *named) {
  puts(line);
  *(int *)named |= strstr(line, "example") != NULL && strstr(line, "ring 0") != NULL;
}
static void count(const struct fence_report *report, void *leaks) {
  printf("%s: %s\n", fence_report_kind_name(report->kind), report->message);
  *(int *)leaks += report->kind == FENCE_REPORT_LEAK;
}

int main(void) {
  struct fence_spinlock lock;
  fence_spin_lock_init(&lock);
  struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
  if (!fence)
    return 1;
  uint64_t context = dma_fence_context_alloc(1);
  dma_fence_init(fence, &ops, &lock, context, 1);

  bool cookie = dma_fence_begin_signalling();
  fence_expect_signal(fence);
  int named = 0, leaks = 0;
  unsigned long pending = fence_dump_pending(note, &named);
  dma_fence_end_signalling(cookie);
  int good = pending == FENCE_CHECKS && named == FENCE_CHECKS;

  fence_set_report_handler(count, &leaks);
  good &= fence_report_leaks(context) == FENCE_CHECKS && leaks == FENCE_CHECKS;
  dma_fence_signal(fence);
  dma_fence_put(fence);
  fence_rcu_barrier();
  good &= fence_report_leaks(context) == 0 && leaks == FENCE_CHECKS;
  return good ? 0 : 1;
}
