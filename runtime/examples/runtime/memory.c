/* Every allocation of the runtime and of what is built on it says whether it may wait, so the checker sees a wrong one on the first run; and a test can let
 * each one fail in turn and look that nothing is left behind. */
#include <fence/check.h>
#include <fence/dma-fence-array.h>
#include <fence/memory.h>
#include <fence/spinlock.h>

static struct fence_spinlock lock;
static unsigned wrong;

static void count(const struct fence_report *report, void *data) {
  (void)data;
  wrong += report->kind == FENCE_REPORT_ALLOC_IN_ATOMIC;
}

/* May wait, so it does not belong under a lock. */
FENCE_AUDITED("wrong on purpose: an example of what is reported") static void allocate_under_the_lock(void) {
  fence_spin_lock(&lock);
  fence_free(fence_alloc(32, FENCE_GFP_KERNEL));
  fence_spin_unlock(&lock);
}

/* What is under test: a fence for all of two. Null without memory; then nothing is left behind. */
static struct dma_fence *make_both(void) {
  struct dma_fence **fences = fence_alloc(2 * sizeof *fences, FENCE_GFP_KERNEL);
  if (!fences)
    return NULL;
  fences[0] = dma_fence_get_stub();
  fences[1] = dma_fence_get_stub();
  struct dma_fence_array *array = dma_fence_array_create(2, fences, dma_fence_context_alloc(1), 1, false);
  if (array)
    return &array->base;
  dma_fence_put(fences[0]);
  dma_fence_put(fences[1]);
  fence_free(fences);
  return NULL;
}

int main(void) {
  fence_spin_lock_init(&lock);

  /* From what memory there is, where nothing may wait. */
  fence_spin_lock(&lock);
  void *taken = fence_alloc(32, FENCE_GFP_ATOMIC | FENCE_GFP_ZERO);
  fence_spin_unlock(&lock);
  int good = taken && *(char *)taken == 0;
  fence_free(taken);

  /* Reported although it has not waited. */
  fence_set_report_handler(count, NULL);
  allocate_under_the_lock();
  fence_set_report_handler(NULL, NULL);
  good &= wrong == (FENCE_CHECKS ? 1 : 0);

  /* Fault injection: the first allocation fails, then the second, until it gets through without one. */
  int failures = 0;
  for (;; ++failures) {
    fence_fail_allocation(failures);
    struct dma_fence *both = make_both();
    dma_fence_put(both);
    if (both)
      break;
  }
  fence_fail_allocation(-1);
  fence_rcu_barrier();
  return good && failures == 2 ? 0 : 1;
}
