/* The framework's own side: what a driver's calls end in. */
#include "engine.h"

/* Gives a page back to the device's memory controller and waits for its answer. */
FENCE_MAY_SLEEP void device_unmap(void *memory);

struct buffer *buffer_create(size_t bytes) {
  struct buffer *made = mem_alloc(sizeof(*made), MEM_MAY_WAIT | MEM_ZERO);
  if (!made)
    return NULL;
  made->ref.count = 1;
  made->memory = mem_alloc(bytes, MEM_MAY_WAIT);
  return made;
}

static void buffer_release(struct ref *ref) {
  struct buffer *gone = (struct buffer *)ref; /* its first member */
  device_unmap(gone->memory);
  mem_free(gone);
}

void buffer_put(struct buffer *buffer) { ref_put(&buffer->ref, buffer_release); }

bool engine_reset(struct engine *engine, unsigned timeout) {
  engine->hung = !engine_wait_idle(engine, timeout);
  return !engine->hung;
}

bool engine_reserve(struct engine *engine, unsigned flags) {
  struct buffer **larger;
  unsigned capacity = engine->capacity ? 2 * engine->capacity : 16;

  if (engine->used < engine->capacity)
    return true;
  larger = mem_alloc(capacity * sizeof(*larger), flags);
  if (!larger)
    return false;
  for (unsigned i = 0; i < engine->used; ++i)
    larger[i] = engine->slots[i];
  mem_free(engine->slots);
  engine->slots = larger;
  engine->capacity = capacity;
  return true;
}
