/* A piece of a driver in the kernel's own words: what is below the includes would compile there as well. */
#include <fence/dma-fence.h>
#include <fence/kernel_names.h>

struct ring {
  spinlock_t lock;
  atomic_t pending;
  u64 context, seqno;
};
struct job {
  struct dma_fence base;
  struct ring *ring;
};
/* Cleans up after a fence, where one may sleep. */
struct retirement {
  struct dma_fence_cb cb;
  struct work_struct work;
  struct mutex lock;
  struct completion done;
  int retired;
};

static const char *ring_name(struct dma_fence *fence) {
  (void)fence;
  return "ring";
}
static void job_release(struct dma_fence *fence) {
  struct job *job = container_of(fence, struct job, base);
  atomic_dec(&job->ring->pending);
  kfree_rcu(job, base.rcu);
}
static const struct dma_fence_ops job_ops = {
    .get_driver_name = ring_name, .get_timeline_name = ring_name, .release = job_release};

static void retire(struct work_struct *work) {
  struct retirement *self = container_of(work, struct retirement, work);
  mutex_lock(&self->lock);
  self->retired++;
  mutex_unlock(&self->lock);
  complete(&self->done);
}
static void job_done(struct dma_fence *fence, struct dma_fence_cb *cb) {
  (void)fence;
  schedule_work(&container_of(cb, struct retirement, cb)->work);
}

static struct dma_fence *submit(struct ring *ring) {
  struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);
  unsigned long flags;
  if (!job)
    return ERR_PTR(-ENOMEM);
  job->ring = ring;
  spin_lock_irqsave(&ring->lock, flags);
  dma_fence_init(&job->base, &job_ops, &ring->lock, ring->context, ++ring->seqno);
  spin_unlock_irqrestore(&ring->lock, flags);
  atomic_inc(&ring->pending);
  return &job->base;
}

int main(void) {
  struct ring ring = {.context = dma_fence_context_alloc(1)};
  struct dma_fence *jobs[2], *latest, *seen;
  struct retirement retirement = {.retired = 0};
  size_t i;
  spin_lock_init(&ring.lock);
  mutex_init(&retirement.lock);
  init_completion(&retirement.done);
  INIT_WORK(&retirement.work, retire);
  for (i = 0; i < ARRAY_SIZE(jobs); i++) {
    jobs[i] = submit(&ring);
    if (IS_ERR(jobs[i]))
      return 1;
  }
  rcu_assign_pointer(latest, jobs[1]);
  rcu_read_lock();
  seen = dma_fence_get_rcu_safe(&latest);
  rcu_read_unlock();

  dma_fence_signal(jobs[0]);
  if (!test_bit(DMA_FENCE_FLAG_SIGNALED_BIT, &jobs[0]->flags) || dma_fence_wait_timeout(seen, false, HZ / 1000) != 0)
    return 1;
  if (dma_fence_add_callback(seen, &retirement.cb, job_done) != 0)
    return 1;
  dma_fence_signal(seen);
  wait_for_completion(&retirement.done);
  flush_work(&retirement.work);
  if (retirement.retired != 1 || dma_fence_wait(seen, true) != 0 || atomic_read(&ring.pending) != 2)
    return 1;
  dma_fence_put(seen);
  for (i = 0; i < ARRAY_SIZE(jobs); i++)
    dma_fence_put(jobs[i]);
  rcu_barrier();
  return atomic_read(&ring.pending) == 0 ? 0 : 1;
}
