/*===- fence/irq.h - an interrupt line of a simulated device -------------------------------------------------------===
 *
 * A device that is simulated has to interrupt somebody. A line has a thread of its own; raising the line, from any thread, makes that
 * thread call the handler in the context of a hard interrupt. As with an edge-triggered line, raising it again before the handler has
 * begun is the same interrupt. A handler may leave work to its threaded half, which runs next on the same thread and may sleep.
 *
 * In the child of fork() a line is dead: raising it does nothing, freeing it is allowed.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_IRQ_H
#define FENCE_IRQ_H

#include <fence/context.h>
#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum fence_irq_return {
  FENCE_IRQ_NONE,        /**< not for this device; counted */
  FENCE_IRQ_HANDLED,     /**< done */
  FENCE_IRQ_WAKE_THREAD, /**< call the threaded half, too */
};
/** Nothing may sleep. */
typedef FENCE_RUNS_IN("runtime-interrupt") enum fence_irq_return (*fence_irq_handler)(void *data);
/** In task context. */
typedef FENCE_RUNS_IN("task") void (*fence_irq_thread_func)(void *data);

/** Caller-owned memory, from request to free; the fields are the runtime's. */
struct fence_irq {
  fence_irq_handler handler;
  fence_irq_thread_func thread_func;
  void *data;
  struct fence_thread *thread;
  pthread_t pthread;
  uint32_t raised;   /**< an interrupt waits to be handled */
  uint32_t disabled; /**< levels of fence_irq_disable() */
  uint32_t running;  /**< the handler, or its threaded half */
  uint32_t ending;
  uint32_t process;   /**< which process the thread is in: fork() */
  uint32_t unhandled; /**< how often the handler said FENCE_IRQ_NONE */
};

/** Connects the handler, and `thread_func` (may be null) for FENCE_IRQ_WAKE_THREAD. Returns 0, -EINVAL without handler, -EAGAIN without
 *  thread. `name` is copied; its first 15 bytes name the thread.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int fence_irq_request(struct fence_irq *irq, fence_irq_handler handler,
                                      fence_irq_thread_func thread_func, const char *name,
                                      void *data) FENCE_DETAIL_NOEXCEPT;
/** Disconnects: returns when the handler does not run and will not any more. An interrupt that has not begun is dropped. From the
 *  handler it is reported and does nothing.
 *  Context: may sleep; not holding what the handler takes. */
FENCE_WAITS_FOR("irq") void fence_irq_free(struct fence_irq *irq) FENCE_DETAIL_NOEXCEPT;
/** What the device does: the handler will run, once the line is enabled.
 *  Context: any. Does not allocate. */
FENCE_NONBLOCKING void fence_irq_raise(struct fence_irq *irq) FENCE_DETAIL_NOEXCEPT;
/** The handler does not run from here on, until the line has been enabled as often as it was disabled. Waits for one that runs. From the
 *  handler use fence_irq_disable_nosync(); this reports and does not wait.
 *  Context: may sleep; not holding what the handler takes. */
FENCE_WAITS_FOR("irq") void fence_irq_disable(struct fence_irq *irq) FENCE_DETAIL_NOEXCEPT;
/** Without waiting.
 *  Context: any. */
FENCE_NONBLOCKING void fence_irq_disable_nosync(struct fence_irq *irq) FENCE_DETAIL_NOEXCEPT;
/** An interrupt that was raised meanwhile is handled now. Enabling what is enabled is reported and does nothing.
 *  Context: any. */
FENCE_NONBLOCKING void fence_irq_enable(struct fence_irq *irq) FENCE_DETAIL_NOEXCEPT;
/** Returns when neither the handler nor its threaded half runs. Does not wait for an interrupt that has not begun.
 *  Context: may sleep; not holding what the handler takes. */
FENCE_WAITS_FOR("irq") void fence_irq_synchronize(struct fence_irq *irq) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_IRQ_H */
