/* Waiting for work that has not been submitted yet: the consumer knows the point, the producer brings the fence. */
#include <errno.h>
#include <fence/drm-syncobj.h>
#include <pthread.h>
#include <stdlib.h>

static const char *engine_name(struct dma_fence *fence) {
  (void)fence;
  return "engine";
}
static const struct dma_fence_ops engine_fences = {.get_driver_name = engine_name, .get_timeline_name = engine_name};
static struct fence_spinlock engine_lock;

static void *produce(void *timeline) {
  for (uint64_t point = 1; point <= 3; ++point) {
    struct dma_fence_chain *link = dma_fence_chain_alloc();
    struct dma_fence *job = malloc(sizeof *job);
    if (!link || !job)
      abort();
    dma_fence_init(job, &engine_fences, &engine_lock, dma_fence_context_alloc(1), 1);
    drm_syncobj_add_point(timeline, link, job, point);
    dma_fence_signal(job); /* The device is quick. */
    dma_fence_put(job);
  }
  return NULL;
}

int main(void) {
  fence_spin_lock_init(&engine_lock);
  struct drm_syncobj *timeline;
  pthread_t producer;
  if (drm_syncobj_create(&timeline, 0, NULL) != 0)
    return 1;
  uint64_t point = 3;
  if (drm_syncobj_wait(&timeline, &point, 1, 0, 1000, NULL) != -EINVAL) /* Nobody has submitted it. */
    return 1;
  if (pthread_create(&producer, NULL, produce, timeline) != 0)
    return 1;
  int64_t left = drm_syncobj_wait(&timeline, &point, 1, DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT, 60000, NULL);
  pthread_join(producer, NULL);
  uint64_t reached = drm_syncobj_query(timeline, 0);
  drm_syncobj_put(timeline);
  fence_rcu_barrier();
  return left > 0 && reached == 3 ? 0 : 1;
}
