/* Slabs of the harness. Memory stays of its type until the slab is destroyed, and nothing is written into a free object: somebody who found it
 * under RCU may still look at its reference count, which has to stay 0. So the list of free objects lies outside. */
#include "harness.h"

struct kmem_cache {
  struct fence_spinlock lock;
  const char *name;
  size_t bytes;
  void **all, **free; /* room for `count` each, so that giving back never allocates */
  size_t count, number_free;
};

struct kmem_cache *kmem_cache_create(const char *name, size_t bytes, unsigned flags) {
  (void)flags; /* both are always so */
  struct kmem_cache *cache = calloc(1, sizeof *cache);
  if (!cache)
    return NULL;
  spin_lock_init(&cache->lock);
  cache->name = name;
  cache->bytes = (bytes + 63) / 64 * 64;
  return cache;
}

static void *grow_locked(struct kmem_cache *cache) {
  void **all = realloc(cache->all, (cache->count + 1) * sizeof *all);
  if (all)
    cache->all = all;
  void **free_objects = realloc(cache->free, (cache->count + 1) * sizeof *free_objects);
  if (free_objects)
    cache->free = free_objects;
  void *object = all && free_objects ? aligned_alloc(64, cache->bytes) : NULL;
  if (object)
    memset(object, 0, cache->bytes);
  if (object)
    cache->all[cache->count++] = object;
  return object;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags) {
  if (flags & FENCE_GFP_MAY_WAIT)
    fence_might_sleep();
  unsigned long irq = fence_spin_lock_irqsave(&cache->lock);
  void *object = cache->number_free ? cache->free[--cache->number_free] : grow_locked(cache);
  fence_spin_unlock_irqrestore(&cache->lock, irq);
  return object;
}

void kmem_cache_free(struct kmem_cache *cache, void *object) {
  unsigned long irq = fence_spin_lock_irqsave(&cache->lock);
  cache->free[cache->number_free++] = object;
  fence_spin_unlock_irqrestore(&cache->lock, irq);
}

void kmem_cache_destroy(struct kmem_cache *cache) {
  fence_rcu_barrier();
  if (cache->number_free != cache->count)
    pr_err("slab %s: %zu objects are still in use\n", cache->name, cache->count - cache->number_free);
  for (size_t i = 0; i < cache->count; ++i)
    free(cache->all[i]);
  free(cache->all);
  free(cache->free);
  free(cache);
}
