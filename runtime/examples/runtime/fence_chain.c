/* A timeline by hand: three jobs, and whoever waits for number 2 need not know of job 3. */
#include <fence/dma-fence-chain.h>
#include <stdlib.h>

static const char *engine_name(struct dma_fence *fence) {
  (void)fence;
  return "engine";
}
static const struct dma_fence_ops engine_fences = {.get_driver_name = engine_name, .get_timeline_name = engine_name};
static struct fence_spinlock engine_lock;

int main(void) {
  fence_spin_lock_init(&engine_lock);
  struct dma_fence *jobs[3], *timeline = NULL;
  for (int i = 0; i < 3; ++i) {
    struct dma_fence_chain *link = dma_fence_chain_alloc();
    jobs[i] = malloc(sizeof *jobs[i]);
    if (!link || !jobs[i])
      return 1;
    dma_fence_init(jobs[i], &engine_fences, &engine_lock, dma_fence_context_alloc(1), 1);
    /* The link takes our reference of the timeline so far, and one of the job. */
    dma_fence_chain_init(link, timeline, dma_fence_get(jobs[i]), (uint64_t)i + 1);
    timeline = &link->base;
  }

  struct dma_fence *second = dma_fence_get(timeline);
  if (dma_fence_chain_find_seqno(&second, 2) != 0)
    return 1;
  dma_fence_signal(jobs[1]);
  int early = dma_fence_is_signaled(second); /* Not before job 1. */
  dma_fence_signal(jobs[0]);
  int done = dma_fence_wait_timeout(second, false, 0) > 0 && !dma_fence_is_signaled(timeline);

  dma_fence_signal(jobs[2]);
  for (int i = 0; i < 3; ++i)
    dma_fence_put(jobs[i]);
  dma_fence_put(second);
  dma_fence_put(timeline);
  fence_rcu_barrier();
  return !early && done ? 0 : 1;
}
