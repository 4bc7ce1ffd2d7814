/* A fence in C, from its making to its end: it lies in the driver's job, is signalled where the device reports completion, and the job's memory goes with
 * the last reference. */
#include <errno.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <stdio.h>
#include <string.h>

struct ring {
  struct fence_spinlock lock;
  uint64_t context, last_seqno;
};
struct job {
  struct dma_fence done;
  struct ring *ring;
};
static int released;

static const char *driver_name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const char *timeline_name(struct dma_fence *fence) {
  (void)fence;
  return "ring 0";
}
static void free_job(struct fence_rcu_head *head) {
  struct job *job = (struct job *)(void *)((char *)head - offsetof(struct job, done.rcu));
  __atomic_add_fetch(&released, 1, __ATOMIC_RELEASE);
  fence_free(job);
}
/* The last reference may go under a lock, so nothing is freed here: the reclaimer does it, after everybody who still looks has gone. */
static void release_job(struct dma_fence *fence) { fence_call_rcu(&fence->rcu, free_job); }
static const struct dma_fence_ops job_fences = {
    .get_driver_name = driver_name, .get_timeline_name = timeline_name, .release = release_job};

static struct job *make_job(struct ring *ring) {
  struct job *job = fence_alloc(sizeof *job, FENCE_GFP_KERNEL | FENCE_GFP_ZERO);
  if (!job)
    return NULL;
  job->ring = ring;
  dma_fence_init(&job->done, &job_fences, &ring->lock, ring->context, ++ring->last_seqno);
  return job;
}

int main(void) {
  struct ring ring = {.context = dma_fence_context_alloc(1)};
  fence_spin_lock_init(&ring.lock);
  struct job *first = make_job(&ring), *second = make_job(&ring);
  if (!first || !second)
    return 1;

  struct dma_fence *held = dma_fence_get(&first->done); /* whoever keeps a fence has a reference */
  char line[80];
  dma_fence_describe(held, line, sizeof line);
  puts(line);
  int good = dma_fence_get_status(held) == 0 && dma_fence_later(&first->done, &second->done) == &second->done;

  good &= dma_fence_signal(held) == 0 && dma_fence_signal(held) == -EINVAL; /* once */
  good &= dma_fence_is_signaled(held) && dma_fence_get_status(held) == 1 && dma_fence_timestamp(held) > 0;
  dma_fence_set_error(&second->done, -EIO); /* before the signal */
  dma_fence_signal(&second->done);
  good &= dma_fence_get_status(&second->done) == -EIO && strstr(line, "example") != NULL;

  dma_fence_put(held);
  dma_fence_put(&first->done);
  dma_fence_put(&second->done);
  fence_rcu_barrier(); /* for the count below only */
  return good && __atomic_load_n(&released, __ATOMIC_ACQUIRE) == 2 ? 0 : 1;
}
