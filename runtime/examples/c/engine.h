/* What a small driver framework in C offers: locks, interrupts, counted buffers, memory that is asked for with flags. */
#ifndef EXAMPLE_ENGINE_H
#define EXAMPLE_ENGINE_H

#include <fence/annotations.h>
#include <stdbool.h>
#include <stddef.h>

/*---- memory ----*/
#define MEM_MAY_WAIT 0x1 /* may wait for memory to become free */
#define MEM_ZERO 0x2

FENCE_ALLOCATES_WITH(arg1, MEM_MAY_WAIT) void *mem_alloc(size_t bytes, unsigned flags);
void mem_free(void *memory);

/*---- locks ----*/
struct spinlock {
  int taken;
};
FENCE_TAKES_SPINNING(arg0) FENCE_ENTERS("irqs-off") void spin_lock_irq(struct spinlock *lock);
FENCE_RELEASES_SPINNING(arg0) FENCE_LEAVES("irqs-off") void spin_unlock_irq(struct spinlock *lock);

/*---- interrupts ----*/
typedef bool (*irq_handler)(void *data);
FENCE_MAY_SLEEP int request_irq_line(int line, FENCE_RUNS_IN("runtime-interrupt") irq_handler handler, void *data);

/*---- reference counts ----*/
struct ref {
  int count;
};
/* True when this was the last one. */
FENCE_COUNTS_DOWN_WHEN("result != 0") bool ref_drop(struct ref *ref);
static inline void ref_put(struct ref *ref, void (*release)(struct ref *)) {
  if (ref_drop(ref))
    release(ref);
}

struct buffer {
  struct ref ref;
  void *memory;
};
struct buffer *buffer_create(size_t bytes);
void buffer_put(struct buffer *buffer);

/*---- the device ----*/
struct engine {
  struct spinlock lock;
  struct buffer **slots;
  unsigned used, capacity;
  bool hung;
};
/* Polls once when timeout is 0, else waits that long. */
FENCE_MAY_SLEEP_WHEN("arg1 != 0") bool engine_wait_idle(struct engine *engine, unsigned timeout);
bool engine_reset(struct engine *engine, unsigned timeout);
/* Makes room for one buffer more. */
bool engine_reserve(struct engine *engine, unsigned flags);

int engine_probe(struct engine *engine);
int engine_probe_fixed(struct engine *engine);

#endif
