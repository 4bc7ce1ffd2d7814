/* Being told in C: a registration in the driver's struct. Its function runs under the fence's lock, so it does next to nothing: it queues what has to be
 * done, in memory that is there already. */
#include <errno.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <fence/workqueue.h>

struct cleanup {
  struct dma_fence_cb told;
  struct fence_work work;
  void *scratch; /* to be freed when the job is done; not in the callback, where nothing is */
};
static struct fence_spinlock lock;

static const char *name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

static void clean_up(struct fence_work *work) {
  struct cleanup *cleanup = (struct cleanup *)(void *)((char *)work - offsetof(struct cleanup, work));
  fence_free(cleanup->scratch);
  cleanup->scratch = NULL;
}
static void job_done(struct dma_fence *fence, struct dma_fence_cb *cb) {
  (void)fence;
  struct cleanup *cleanup = (struct cleanup *)(void *)((char *)cb - offsetof(struct cleanup, told));
  fence_schedule_work(&cleanup->work);
}

static struct dma_fence *make_fence(void) {
  struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
  if (fence)
    dma_fence_init(fence, &ops, &lock, dma_fence_context_alloc(1), 1);
  return fence;
}

int main(void) {
  fence_spin_lock_init(&lock);
  struct dma_fence *job = make_fence(), *endless = make_fence();
  struct cleanup cleanup = {.scratch = fence_alloc(4096, FENCE_GFP_KERNEL)}, cancelled = {.scratch = NULL};
  if (!job || !endless || !cleanup.scratch)
    return 1;
  fence_work_init(&cleanup.work, clean_up);
  fence_work_init(&cancelled.work, clean_up);

  int good = dma_fence_add_callback(job, &cleanup.told, job_done) == 0;
  dma_fence_signal(job); /* calls job_done() before it returns */
  fence_flush_work(&cleanup.work);
  good &= cleanup.scratch == NULL;

  /* Too late: nobody will be called, so the caller does at once what the callback would have done. */
  good &= dma_fence_add_callback(job, &cleanup.told, job_done) == -ENOENT;

  /* Teardown: taken back, or it has run and returned. Either way the struct may go. */
  good &= dma_fence_add_callback(endless, &cancelled.told, job_done) == 0;
  good &= dma_fence_remove_callback(endless, &cancelled.told);
  good &= !dma_fence_remove_callback(endless, &cancelled.told);

  dma_fence_put(job);
  dma_fence_put(endless);
  return good ? 0 : 1;
}
