/* One fence for two engines: the frame is ready when both are done, or when the faster one is. */
#include <fence/dma-fence-array.h>
#include <fence/memory.h>
#include <stdlib.h>

static const char *engine_name(struct dma_fence *fence) {
  (void)fence;
  return "engine";
}
static const struct dma_fence_ops engine_fences = {.get_driver_name = engine_name, .get_timeline_name = engine_name};
static struct fence_spinlock engine_lock;

static struct dma_fence *job_on_engine(void) {
  struct dma_fence *fence = malloc(sizeof *fence);
  if (fence)
    dma_fence_init(fence, &engine_fences, &engine_lock, dma_fence_context_alloc(1), 1);
  return fence;
}

struct frame {
  struct dma_fence_cb cb;
  int ready;
};
static void frame_ready(struct dma_fence *fence, struct dma_fence_cb *cb) {
  (void)fence;
  ((struct frame *)(void *)cb)->ready = 1;
}

static struct dma_fence *both(struct dma_fence *a, struct dma_fence *b, bool or_one) {
  struct dma_fence **fences = fence_alloc(2 * sizeof(struct dma_fence *), FENCE_GFP_KERNEL);
  if (!fences)
    return NULL;
  /* The array owns the vector and a reference of each. */
  fences[0] = dma_fence_get(a);
  fences[1] = dma_fence_get(b);
  struct dma_fence_array *array = dma_fence_array_create(2, fences, dma_fence_context_alloc(1), 1, or_one);
  if (array)
    return &array->base;
  dma_fence_put(a);
  dma_fence_put(b);
  fence_free(fences);
  return NULL;
}

int main(void) {
  fence_spin_lock_init(&engine_lock);
  struct dma_fence *copy = job_on_engine(), *render = job_on_engine();
  struct dma_fence *all = both(copy, render, false), *any = both(copy, render, true);
  struct frame frame = {.ready = 0};
  if (!copy || !render || !all || !any || dma_fence_add_callback(all, &frame.cb, frame_ready) != 0)
    return 1;

  dma_fence_signal(render);
  int first = dma_fence_is_signaled(any) && !frame.ready;
  dma_fence_set_error(copy, -5);
  dma_fence_signal(copy);
  /* The error of one is the error of all; the one that was first had none. */
  int result = first && frame.ready && dma_fence_get_status(all) == -5 && dma_fence_get_status(any) == 1;

  dma_fence_put(all);
  dma_fence_put(any);
  dma_fence_put(copy);
  dma_fence_put(render);
  fence_rcu_barrier();
  return result ? 0 : 1;
}
