//===- runtime/src/context.cpp - the context of a thread, what waits for its end, and how a thread is woken ---------===//
//
// Deferred work is a list per thread: only the thread itself appends to it and runs it, so it needs no lock. It is run in a loop and
// not by recursion, because a chain of fences signals thousands of links one from the other.
//
//===----------------------------------------------------------------------===//
#include "check.h"
#include "realtime.h"
#include "shared_memory.h"
#include "thread_state.h"

#include <cstdlib>
#include <fence/memory.h>
#include <pthread.h>

namespace fence {

__thread thread_state current;

FENCE_AUDITED("the thread has left its outermost atomic section: from here on it may do what it put off")
void drain_deferred() noexcept {
  realtime_pause pause;
  current.draining = true;
  while (fence_deferred *what = current.first_deferred) {
    current.first_deferred = what->next;
    if (!current.first_deferred)
      current.last_deferred = nullptr;
    what->run(what);
  }
  current.draining = false;
}

void end_of_thread() noexcept {
  fence_check_thread_ends();
  // To end in an atomic section is a mistake, but others wait for what was deferred in it.
  current.held_back = 0;
  leave_atomic();
  fence_thread *self = current.self;
  current.self = nullptr;
  current.end_is_watched = false;
  if (self)
    fence_thread_put(self);
}

namespace {
/// A key of POSIX rather than a thread_local object: setting it does not allocate, and its destructor runs after those of C++, which may
/// still use fences.
FENCE_NONBLOCKING FENCE_AUDITED("once per thread") void watch_end_of_thread() noexcept {
  realtime_pause pause;
#ifndef FENCE_EXPLORE
  static pthread_key_t key;
  static pthread_once_t made = PTHREAD_ONCE_INIT;
  pthread_once(&made, [] { pthread_key_create(&key, [](void *) { end_of_thread(); }); });
  pthread_setspecific(key, &current);
#endif
  current.end_is_watched = true;
}
} // namespace

} // namespace fence

using fence::current;
using fence::leave_atomic;
namespace shared = fence::shared;

extern "C" {

#if FENCE_CHECKS
const char fence_built_with_checks = 1;
#else
const char fence_built_without_checks = 1;
#endif

void fence_preempt_disable(void) noexcept {
  fence_check_enter(fence::section::preempt);
  current.held_back += current.preempt_level;
}
void fence_preempt_enable(void) noexcept {
  if (!fence_check_leave(fence::section::preempt))
    return;
  current.held_back -= current.preempt_level;
  leave_atomic();
}
unsigned long fence_irq_save(void) noexcept {
  fence_check_enter(fence::section::irqs);
  unsigned long flags = current.irqs_off();
  current.held_back += current.irqs_level;
  return flags;
}
void fence_irq_restore(unsigned long flags) noexcept {
  if (!fence_check_irq_restore(flags))
    return;
  current.set_irqs_off(flags);
  leave_atomic();
}
void fence_hardirq_enter(void) noexcept {
  fence_check_enter(fence::section::hardirq);
  ++current.hardirq;
}
void fence_hardirq_exit(void) noexcept {
  if (fence_check_leave(fence::section::hardirq))
    --current.hardirq;
}
void fence_softirq_enter(void) noexcept {
  fence_check_enter(fence::section::softirq);
  ++current.softirq;
}
void fence_softirq_exit(void) noexcept {
  if (fence_check_leave(fence::section::softirq))
    --current.softirq;
}

bool fence_in_atomic(void) noexcept { return current.atomic(); }
bool fence_in_interrupt(void) noexcept { return (current.hardirq | current.softirq) != 0; }
bool fence_irqs_disabled(void) noexcept { return (current.irqs_off() | current.hardirq) != 0; }
bool fence_in_fence_callback(void) noexcept { return current.callback != 0; }
bool fence_in_signalling_section(void) noexcept { return current.signalling != 0; }

void fence_defer(fence_deferred *what) noexcept {
  what->next = nullptr;
  if (current.last_deferred)
    current.last_deferred->next = what;
  else
    current.first_deferred = what;
  current.last_deferred = what;
  if (current.holds_back() && !current.end_is_watched) [[unlikely]]
    fence::watch_end_of_thread();
  leave_atomic();
}

//===- Threads -------------------------------------------------------------===//

struct fence_thread {
  fence_deferred wake;
  std::uint32_t references;
  std::uint32_t word; ///< empty, token or asleep
  std::uint32_t wake_is_queued;
  std::uint32_t interrupted;
};

namespace {
enum : std::uint32_t { empty, token, asleep };

FENCE_NONBLOCKING void wake_now(fence_thread *thread) noexcept {
  if (shared::exchange(thread->word, token) == asleep)
    shared::wake(&thread->word, 1);
}

void wake_deferred(fence_deferred *wake) noexcept {
  auto *thread = reinterpret_cast<fence_thread *>(wake);
  // First the flag: whoever wants a wake-up from here on queues one of his own.
  shared::exchange(thread->wake_is_queued, 0u);
  wake_now(thread);
  fence_thread_put(thread);
}
static_assert(offsetof(fence_thread, wake) == 0);

// Threads that have ended, for those that come: giving up the last reference must not free. Linked by wake.next.
fence_thread *spare;

FENCE_NONBLOCKING void put_spare(fence_thread *first, fence_thread *last) noexcept {
  fence_thread *top = shared::load_relaxed(spare);
  do
    last->wake.next = reinterpret_cast<fence_deferred *>(top);
  while (!shared::compare_exchange(spare, top, first));
}
fence_thread *take_spare() noexcept {
  // The whole list, and the rest back: one that comes and goes meanwhile cannot be mistaken for itself.
  fence_thread *taken = shared::exchange(spare, nullptr);
  if (!taken)
    return nullptr;
  if (auto *rest = reinterpret_cast<fence_thread *>(taken->wake.next)) {
    fence_thread *last = rest;
    while (last->wake.next)
      last = reinterpret_cast<fence_thread *>(last->wake.next);
    put_spare(rest, last);
  }
  return taken;
}
} // namespace

FENCE_AUDITED("once per thread, unless it takes over from one that has ended")
fence_thread *fence_thread_self(void) noexcept {
  if (current.self) [[likely]]
    return current.self;
  fence::realtime_pause pause;
  fence_thread *self = take_spare();
  if (!self)
    self = static_cast<fence_thread *>(std::malloc(sizeof(fence_thread)));
  if (!self)
    std::abort(); // A thread that cannot be woken must not start to wait.
  // Nobody has a reference, so nobody looks; only a futex's wake-up may still come, which is then one without reason.
  *self = {.wake = {nullptr, wake_deferred}, .references = 1, .word = empty, .wake_is_queued = 0, .interrupted = 0};
  fence::watch_end_of_thread();
  return current.self = self;
}

fence_thread *fence_thread_get(fence_thread *thread) noexcept {
  shared::fetch_add(thread->references, 1u);
  return thread;
}
void fence_thread_put(fence_thread *thread) noexcept {
  if (shared::fetch_sub(thread->references, 1u) == 1)
#ifdef FENCE_EXPLORE
    std::free(thread); // So that whoever still uses it is seen.
#else
    put_spare(thread, thread);
#endif
}

void fence_unpark(fence_thread *thread) noexcept {
  if (!current.holds_back()) {
    wake_now(thread);
    return;
  }
  // Queued by another thread already: that wake-up is still to come, so it is ours as well.
  if (shared::exchange(thread->wake_is_queued, 1u) == 0)
    fence_defer(&fence_thread_get(thread)->wake);
}

void fence_interrupt(fence_thread *thread) noexcept {
  shared::store_release(thread->interrupted, 1u);
  fence_unpark(thread);
}
bool fence_clear_interrupt(void) noexcept { return current.self && shared::exchange(current.self->interrupted, 0u) != 0; }
bool fence_interrupted(void) noexcept { return current.self && shared::load_acquire(current.self->interrupted) != 0; }

uint64_t fence_now(void) noexcept { return shared::now(); }

bool fence_park(uint64_t deadline) noexcept {
  fence_might_sleep();
  fence_thread *self = fence_thread_self();
  std::uint32_t seen = empty;
  if (!shared::compare_exchange(self->word, seen, asleep)) {
    shared::exchange(self->word, empty);
    return true;
  }
  bool in_time = shared::wait(&self->word, asleep, deadline);
  return shared::exchange(self->word, empty) == token || in_time;
}

} // extern "C"
