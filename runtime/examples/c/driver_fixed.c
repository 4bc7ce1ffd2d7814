/*
 * driver.c without its two mistakes: the interrupt handler looks once instead of waiting, and memory that is asked for under
 * the spinlock may not be waited for. The last put of a buffer, which sleeps, stays outside of the lock in both.
 */
#include "engine.h"

static bool recover(struct engine *engine) { return engine_reset(engine, 0); }

static bool on_interrupt(void *data) {
  struct engine *engine = data;
  return !engine->hung || recover(engine);
}

static int add_buffer(struct engine *engine, struct buffer *buffer) {
  spin_lock_irq(&engine->lock);
  if (!engine_reserve(engine, 0)) {
    spin_unlock_irq(&engine->lock);
    buffer_put(buffer);
    return -1;
  }
  engine->slots[engine->used++] = buffer;
  spin_unlock_irq(&engine->lock);
  return 0;
}

int engine_probe_fixed(struct engine *engine) {
  struct buffer *first = buffer_create(4096);

  if (!first || add_buffer(engine, first))
    return -1;
  return request_irq_line(7, on_interrupt, engine);
}
