/* Dependencies of one job, merged: what is done drops out, of each context only the latest stays. */
#include <fence/dma-fence-unwrap.h>
#include <stdlib.h>

static const char *engine_name(struct dma_fence *fence) {
  (void)fence;
  return "engine";
}
static const struct dma_fence_ops engine_fences = {.get_driver_name = engine_name, .get_timeline_name = engine_name};
static struct fence_spinlock engine_lock;

static struct dma_fence *job(uint64_t context, uint64_t number) {
  struct dma_fence *fence = malloc(sizeof *fence);
  if (!fence)
    abort();
  dma_fence_init(fence, &engine_fences, &engine_lock, context, number);
  return fence;
}

int main(void) {
  fence_spin_lock_init(&engine_lock);
  uint64_t context = dma_fence_context_alloc(2);
  struct dma_fence *old = job(context, 1), *latest = job(context, 2), *done = job(context + 1, 1), *other = job(context + 1, 2);
  dma_fence_signal(done);

  struct dma_fence *some = dma_fence_unwrap_merge(old, done, other), *merged = NULL;
  if (some)
    merged = dma_fence_unwrap_merge(some, latest);
  if (!merged)
    return 1;

  int seen_latest = 0, seen_other = 0, seen_more = 0;
  struct dma_fence_unwrap cursor;
  struct dma_fence *fence;
  dma_fence_unwrap_for_each(fence, &cursor, merged) {
    if (fence == latest)
      ++seen_latest;
    else if (fence == other)
      ++seen_other;
    else
      ++seen_more;
  }

  dma_fence_put(some);
  dma_fence_put(merged);
  struct dma_fence *ours[] = {old, latest, done, other};
  for (int i = 0; i < 4; ++i)
    dma_fence_put(ours[i]);
  fence_rcu_barrier();
  return seen_latest == 1 && seen_other == 1 && seen_more == 0 ? 0 : 1;
}
