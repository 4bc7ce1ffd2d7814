//===- runtime/src/timer.cpp - one thread that calls what is due ------------------------------------------------------------===//
//
// The thread takes a timer out before it calls its function, which may free it: what is known of a running timer is kept here and not in
// it. The thread is started by the first timer that is set, outside of atomic context, and is never joined.
//
//===----------------------------------------------------------------------===//
#include "dma_fence.h"
#include "fork.h"
#include "misuse.h"
#include "thread_start.h"
#include "timer_heap.h"

#include <fence/timer.h>

namespace shared = fence::shared;

namespace {

FENCE_LOCK_CLASS(timers_class, "timers", FENCE_LOCK_SPINS);
fence_spinlock lock = FENCE_SPINLOCK_INIT(&timers_class);

enum : std::uint32_t { not_started, starting, started };

// All under the lock, but for `state` and `timer_thread`, which are looked at without it.
fence::timer_heap heap;
fence_timer *running;
fence_list waiting_for_running = {&waiting_for_running, &waiting_for_running};
fence_thread *timer_thread;
std::uint32_t state;

/// One call of fence_timer_delete_sync() that waits.
struct sync_waiter {
  fence_list node;
  fence_thread *thread;
  std::uint32_t done;
};

void release_sync_waiters() noexcept {
  while (!fence_list_empty(&waiting_for_running)) {
    auto *waiter = reinterpret_cast<sync_waiter *>(waiting_for_running.next);
    fence_list_unlink(&waiter->node);
    fence_thread *thread = fence_thread_get(waiter->thread);
    shared::store_release(waiter->done, 1u); // From here on it may be gone.
    fence_unpark(thread);
    fence_thread_put(thread);
  }
}
static_assert(offsetof(sync_waiter, node) == 0);

/// Called and left with the lock.
void call(fence_timer *timer) noexcept {
  heap.remove(timer);
  shared::store_release(timer->pending, 0u);
  running = timer;
  fence_timer_func func = timer->func;
  [[maybe_unused]] fence_lock_class *lock_class = timer->lock_class;
  fence_spin_unlock_irq(&lock);
  fence_softirq_enter();
  fence_lock_acquired(lock_class, timer, 0, 0);
  func(timer);
  fence_lock_released(lock_class, timer);
  fence_softirq_exit();
  fence_assert_idle("a timer's function returns");
  fence_spin_lock_irq(&lock);
  running = nullptr;
  release_sync_waiters();
}

void *call_what_is_due(void *) {
  fence::name_this_thread("fence-timer");
  shared::store_release(timer_thread, fence_thread_self());
  fence_spin_lock_irq(&lock);
  for (;;) {
    fence_timer *earliest = heap.earliest();
    if (earliest && earliest->deadline <= fence_now()) {
      call(earliest);
      continue;
    }
    std::uint64_t deadline = earliest ? earliest->deadline : FENCE_FOREVER;
    fence_spin_unlock_irq(&lock);
    fence_park(deadline);
    fence_spin_lock_irq(&lock);
  }
}

void start(fence_deferred *) noexcept {
  fence::watch_fork();
  pthread_t thread;
  // Without a thread nothing is lost: the next timer that is set tries again.
  bool is = fence::start_thread(&thread, call_what_is_due, nullptr, true);
  shared::store_release(state, is ? started : not_started);
}

/// There is an earlier deadline than the thread knows.
FENCE_NONBLOCKING void wake_thread() noexcept {
  std::uint32_t seen = not_started;
  if (shared::load_acquire(state) == not_started && shared::compare_exchange(state, seen, starting)) {
    static fence_deferred later = {nullptr, start};
    fence_defer(&later);
  } else if (fence_thread *thread = shared::load_acquire(timer_thread)) {
    fence_unpark(thread);
  }
}

/// With the lock.
bool take_out(fence_timer *timer) noexcept {
  bool was_pending = shared::load_relaxed(timer->pending) != 0;
  if (was_pending && timer->deadline != FENCE_FOREVER)
    heap.remove(timer);
  shared::store_release(timer->pending, 0u);
  return was_pending;
}

} // namespace

namespace fence {

namespace {
unsigned long flags_at_fork; // under the lock
}
void lock_timers() noexcept {
  unsigned long flags = fence_spin_lock_irqsave(&::lock);
  flags_at_fork = flags;
}
void unlock_timers(bool in_child) noexcept {
  if (in_child) {
    running = nullptr;
    fence_list_init(&waiting_for_running);
    timer_thread = nullptr;
    state = not_started;
  }
  fence_spin_unlock_irqrestore(&::lock, flags_at_fork);
}

} // namespace fence

extern "C" {

void fence_timer_setup_class(fence_timer *timer, fence_timer_func func, fence_lock_class *lock_class) noexcept {
  *timer = {nullptr, nullptr, nullptr, 0, func, lock_class, 0};
}

bool fence_timer_mod(fence_timer *timer, uint64_t deadline) noexcept {
  unsigned long flags = fence::lock_irqsave(&lock, 0);
  bool was_pending = take_out(timer);
  timer->deadline = deadline;
  shared::store_release(timer->pending, 1u);
  if (deadline != FENCE_FOREVER) {
    heap.insert(timer);
    if (heap.earliest() == timer || shared::load_relaxed(state) == not_started)
      wake_thread(); // Comes after the unlock.
  }
  fence::unlock_irqrestore(&lock, flags);
  return was_pending;
}

bool fence_timer_mod_after(fence_timer *timer, int64_t delay) noexcept {
  return fence_timer_mod(timer,
                         delay == FENCE_MAX_TIMEOUT ? FENCE_FOREVER : fence::deadline_after(delay > 0 ? delay : 0));
}

bool fence_timer_delete(fence_timer *timer) noexcept {
  unsigned long flags = fence::lock_irqsave(&lock, 0);
  bool was_pending = take_out(timer);
  fence::unlock_irqrestore(&lock, flags);
  return was_pending;
}

bool fence_timer_delete_sync(fence_timer *timer) noexcept {
  fence_might_sleep();
  fence_lock_acquired(timer->lock_class, timer, 0, FENCE_ACQUIRE_WAITING);
  for (bool was_pending = false;;) {
    sync_waiter here{{}, fence_thread_self(), 0};
    unsigned long flags = fence::lock_irqsave(&lock, 0);
    was_pending |= take_out(timer);
    bool wait = running == timer;
    bool own = wait && here.thread == shared::load_relaxed(timer_thread);
    if (wait && !own)
      fence_list_append(&waiting_for_running, &here.node);
    fence::unlock_irqrestore(&lock, flags);
    if (own)
      fence::report_misuse(timer, "a timer's function waits for its own end");
    if (!wait || own)
      return was_pending;
    while (!shared::load_acquire(here.done))
      fence_park(FENCE_FOREVER);
    // It may have set itself again.
  }
}

bool fence_timer_pending(const fence_timer *timer) noexcept { return shared::load_acquire(timer->pending) != 0; }

} // extern "C"
