/* Submissions that use the same buffers in different orders: each locks all of its buffers, reserves room, and only then submits. */
#include <fence/drm-exec.h>
#include <fence/memory.h>
#include <pthread.h>

enum { BUFFERS = 6, JOBS = 50 };
static struct dma_resv buffers[BUFFERS];
static struct fence_spinlock fence_lock;
static uint64_t submitted[BUFFERS]; /* Each guarded by its buffer's lock. */

static const char *name(struct dma_fence *fence) { return (void)fence, "example"; }
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

static int submit(uint64_t context, uint64_t seqno, unsigned first) {
  struct dma_fence *fence = fence_alloc(sizeof(*fence), FENCE_GFP_KERNEL);
  if (!fence)
    return -1;
  dma_fence_init(fence, &ops, &fence_lock, context, seqno);
  struct drm_exec exec;
  int error = 0;
  drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 3);
  drm_exec_until_all_locked(&exec) {
    for (unsigned i = 0; i < 3; i++) {
      error = drm_exec_prepare_obj(&exec, &buffers[(first + i * 5) % BUFFERS], 1);
      drm_exec_retry_on_contention(&exec);
      if (error)
        goto out;
    }
  }
  struct dma_resv *buffer;
  unsigned index;
  drm_exec_for_each_locked_object(&exec, index, buffer) {
    dma_resv_add_fence(buffer, fence, DMA_RESV_USAGE_WRITE); /* Cannot fail. */
    submitted[buffer - buffers]++;
  }
out:
  drm_exec_fini(&exec);
  dma_fence_signal(fence); /* The job was quick. */
  dma_fence_put(fence);
  return error;
}

static void *client(void *data) {
  uint64_t context = dma_fence_context_alloc(1);
  intptr_t failed = 0;
  for (unsigned job = 1; job <= JOBS; job++)
    failed += submit(context, job, data ? job : BUFFERS - job % BUFFERS) != 0;
  return (void *)failed;
}

int main(void) {
  fence_spin_lock_init(&fence_lock);
  for (int i = 0; i < BUFFERS; i++)
    dma_resv_init(&buffers[i]);
  pthread_t other;
  void *failed_there;
  if (pthread_create(&other, 0, client, 0))
    return 1;
  void *failed_here = client(&other);
  pthread_join(other, &failed_there);
  uint64_t sum = 0;
  for (int i = 0; i < BUFFERS; i++) {
    sum += submitted[i];
    dma_resv_fini(&buffers[i]);
  }
  return failed_here || failed_there || sum != 2 * JOBS * 3;
}
