//===- runtime/src/irq.cpp - interrupt lines ---------------------------------------------------------------------------------===//
//
// Raising and enabling only set a flag and wake the line's thread. The thread and whoever disables the line meet in two words: the thread announces
// that it runs and then looks whether it is disabled; the other disables and then looks whether it runs.
//
//===----------------------------------------------------------------------===//
#include "fork.h"
#include "misuse.h"
#include "shared_memory.h"
#include "thread_start.h"
#include "thread_state.h"

#include <cerrno>
#include <fence/irq.h>
#include <fence/wait_queue.h>

namespace shared = fence::shared;

namespace {

FENCE_LOCK_CLASS(waiters_class, "irq_synchronize", FENCE_LOCK_SPINS);
/// All who wait for a handler, whichever the line: for each end of a handler that nobody waits for it costs a lock.
fence_wait_queue waiters = {FENCE_SPINLOCK_INIT(&waiters_class), {&waiters.waiters, &waiters.waiters}};

struct starting {
  fence_irq *irq;
  const char *name;
  std::uint32_t running;
};

/// One interrupt. Handler and waiters only use read-modify-writes, so that one of the two sees the other.
void handle(fence_irq *irq) noexcept {
  shared::fetch_add(irq->running, 1u);
  if (shared::fetch_add(irq->disabled, 0u) == 0 && shared::exchange(irq->raised, 0u)) {
    fence_hardirq_enter();
    fence_irq_return result = irq->handler(irq->data);
    fence_hardirq_exit();
    if (result == FENCE_IRQ_NONE)
      shared::fetch_add(irq->unhandled, 1u);
    if (result == FENCE_IRQ_WAKE_THREAD && irq->thread_func)
      irq->thread_func(irq->data);
    fence_assert_idle("an interrupt handler returns");
  }
  shared::fetch_sub(irq->running, 1u);
  fence_wake_up_all(&waiters);
}

void *serve(void *data) {
  auto *begin = static_cast<starting *>(data);
  fence_irq *irq = begin->irq;
  fence::name_this_thread(begin->name);
  irq->thread = fence_thread_get(fence_thread_self()); // It is woken for its end when it may have ended already.
  shared::store_release(begin->running, 1u);           // From here on it may be gone.
  fence_wake_up_all(&waiters);
  while (!shared::load_acquire(irq->ending)) {
    if (shared::load_acquire(irq->raised) && shared::load_acquire(irq->disabled) == 0)
      handle(irq);
    else
      fence_park(FENCE_FOREVER);
  }
  return nullptr;
}

bool is_own_thread(const fence_irq *irq) noexcept { return fence_thread_self() == irq->thread; }
FENCE_NONBLOCKING bool is_dead(const fence_irq *irq) noexcept { return irq->process != fence::this_process(); }

bool runs(fence_irq *irq) noexcept { return shared::fetch_add(irq->running, 0u) != 0; }

} // namespace

namespace fence {
void forget_irq_waiters() noexcept { fence_wait_queue_init_class(&waiters, &waiters_class); }
} // namespace fence

extern "C" {

int fence_irq_request(fence_irq *irq, fence_irq_handler handler, fence_irq_thread_func thread_func, const char *name,
                      void *data) noexcept {
  fence_might_sleep();
  if (!handler)
    return -EINVAL;
  fence::watch_fork();
  *irq = {handler, thread_func, data, nullptr, {}, 0, 0, 0, 0, fence::this_process(), 0};
  starting begin{irq, name, 0};
  if (!fence::start_thread(&irq->pthread, serve, &begin, false))
    return -EAGAIN;
  fence_wait_event(&waiters, shared::load_acquire(begin.running));
  return 0;
}

void fence_irq_raise(fence_irq *irq) noexcept {
  if (!is_dead(irq) && shared::exchange(irq->raised, 1u) == 0)
    fence_unpark(irq->thread);
}

void fence_irq_disable_nosync(fence_irq *irq) noexcept { shared::fetch_add(irq->disabled, 1u); }

void fence_irq_disable(fence_irq *irq) noexcept {
  fence_irq_disable_nosync(irq);
  fence_irq_synchronize(irq);
}

void fence_irq_enable(fence_irq *irq) noexcept {
  std::uint32_t seen = shared::load_relaxed(irq->disabled);
  do
    if (seen == 0)
      return fence::report_misuse(irq, "an interrupt line is enabled that is not disabled");
  while (!shared::compare_exchange(irq->disabled, seen, seen - 1));
  if (seen == 1 && shared::load_acquire(irq->raised) && !is_dead(irq))
    fence_unpark(irq->thread);
}

void fence_irq_synchronize(fence_irq *irq) noexcept {
  fence_might_sleep();
  if (is_dead(irq))
    return;
  if (is_own_thread(irq))
    return fence::report_misuse(irq, "an interrupt handler waits for its own end");
  fence_wait_event(&waiters, !runs(irq));
}

void fence_irq_free(fence_irq *irq) noexcept {
  fence_might_sleep();
  if (is_dead(irq))
    return;
  if (is_own_thread(irq))
    return fence::report_misuse(irq, "an interrupt handler frees its own line");
  fence_irq_disable_nosync(irq);
  shared::store_release(irq->ending, 1u);
  fence_unpark(irq->thread);
  pthread_join(irq->pthread, nullptr);
  fence_thread_put(irq->thread);
}

} // extern "C"
