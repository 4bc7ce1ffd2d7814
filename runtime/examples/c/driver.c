/*
 * A driver for that engine. Two mistakes are in it, and neither is visible in the function that makes it: the interrupt
 * handler waits for the engine, and `add_buffer` may wait for memory under a spinlock. driver_fixed.c is the same without.
 */
#include "engine.h"

enum { RESET_TIMEOUT = 100 };

static bool recover(struct engine *engine) { return engine_reset(engine, RESET_TIMEOUT); }

static bool on_interrupt(void *data) {
  struct engine *engine = data;
  return !engine->hung || recover(engine);
}

static int add_buffer(struct engine *engine, struct buffer *buffer) {
  spin_lock_irq(&engine->lock);
  if (!engine_reserve(engine, MEM_MAY_WAIT)) {
    spin_unlock_irq(&engine->lock);
    buffer_put(buffer);
    return -1;
  }
  engine->slots[engine->used++] = buffer;
  spin_unlock_irq(&engine->lock);
  return 0;
}

int engine_probe(struct engine *engine) {
  struct buffer *first = buffer_create(4096);

  if (!first || add_buffer(engine, first))
    return -1;
  return request_irq_line(7, on_interrupt, engine);
}
