/* A slot that always holds the latest fence. Who looks takes no lock: the fence it sees may be replaced and released meanwhile, but its memory stays until
 * every reader has gone, and a reference is had of a fence that was really in the slot, or of none. */
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <pthread.h>

enum { jobs = 200 };
static struct fence_spinlock lock;
static struct dma_fence *latest;

static const char *name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

static struct dma_fence *read_latest(void) {
  fence_rcu_read_lock();
  struct dma_fence *fence = dma_fence_get_rcu_safe(&latest);
  fence_rcu_read_unlock();
  return fence;
}

static void *submit(void *failed) {
  for (uint64_t seqno = 1; seqno <= jobs; ++seqno) {
    struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
    if (!fence) {
      __atomic_store_n((int *)failed, 1, __ATOMIC_RELAXED);
      break;
    }
    dma_fence_init(fence, &ops, &lock, 1, seqno);
    struct dma_fence *before = __atomic_exchange_n(&latest, fence, __ATOMIC_ACQ_REL);
    dma_fence_signal(fence);
    dma_fence_put(before); /* the slot's reference */
  }
  return NULL;
}

int main(void) {
  fence_spin_lock_init(&lock);
  int failed = 0;
  pthread_t producer;
  if (pthread_create(&producer, NULL, submit, &failed) != 0)
    return 1;
  uint64_t last = 0;
  while (last < jobs && !__atomic_load_n(&failed, __ATOMIC_RELAXED)) {
    struct dma_fence *fence = read_latest();
    if (!fence)
      continue;
    if (fence->seqno < last)
      __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
    last = fence->seqno;
    dma_fence_put(fence);
  }
  pthread_join(producer, NULL);
  dma_fence_put(latest);
  fence_rcu_barrier();
  return failed;
}
