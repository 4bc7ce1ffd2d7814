//===- runtime/src/mutex.cpp - a sleeping lock with a queue of its own --------------------------------------------------===//
//
// A futex alone would do for locking, but an interrupted waiter has to be woken by its thread, not by the lock's word: so waiters queue and park.
// The queue is guarded by a bit of the word. While that bit is set, an unlock has to wait for it; hence the last access of an unlock is the one
// that frees the lock, and the next owner may free the memory.
//
// Who comes while the lock is free takes it, even if others wait: handing it over each time would cost two switches of threads per
// critical section. A waiter that was woken and overtaken is handed the lock at the next unlock.
//
//===----------------------------------------------------------------------===//
#include "shared_memory.h"
#include "thread_state.h"

#include <fence/mutex.h>
#include <unistd.h>

namespace shared = fence::shared;

struct fence_mutex_waiter {
  fence_mutex_waiter *next;
  fence_thread *thread;
  std::uint32_t state; ///< queued, woken or granted; written with the guard held
  bool overtaken;
};

namespace {

enum : std::uint32_t { held = 1, waited_for = 2, guard = 4 };
enum : std::uint32_t { queued, woken, granted };

constexpr int spins_before_sleeping = 100;
constexpr int spins_for_guard = 1000;
constexpr std::uint64_t guard_nap = 50'000;

#if FENCE_CHECKS
__thread std::uint32_t thread_id;
void note_owner(fence_mutex *mutex) noexcept {
  if (!thread_id)
    thread_id = static_cast<std::uint32_t>(gettid());
  shared::store_relaxed(mutex->owner, thread_id);
}
void forget_owner(fence_mutex *mutex) noexcept { shared::store_relaxed(mutex->owner, 0u); }
#else
void note_owner(fence_mutex *) noexcept {}
void forget_owner(fence_mutex *) noexcept {}
#endif

/// Takes the lock if it is free, past those who wait.
bool take_if_free(fence_mutex *mutex) noexcept {
  std::uint32_t seen = shared::load_relaxed(mutex->word);
  while (!(seen & held))
    if (shared::compare_exchange(mutex->word, seen, seen | held))
      return true;
  return false;
}

void lock_queue(fence_mutex *mutex) noexcept {
  for (int i = 0;; ++i) {
    std::uint32_t seen = shared::load_relaxed(mutex->word);
    if (!(seen & guard) && shared::compare_exchange(mutex->word, seen, seen | guard))
      return;
    if (i < spins_for_guard)
      shared::relax();
    else // Its holder is not running. Nobody wakes for the guard, so this nap has an end.
      shared::wait(&mutex->word, seen, shared::now() + guard_nap);
  }
}

void append(fence_mutex *mutex, fence_mutex_waiter *waiter) noexcept {
  fence_mutex_waiter **at = &mutex->waiters;
  if (!waiter->overtaken)
    while (*at)
      at = &(*at)->next;
  waiter->next = *at;
  *at = waiter;
}
void remove(fence_mutex *mutex, fence_mutex_waiter *waiter) noexcept {
  fence_mutex_waiter **at = &mutex->waiters;
  while (*at != waiter)
    at = &(*at)->next;
  *at = waiter->next;
}

/// Queues the waiter unless the lock has become free. False: it had, and is ours.
bool join_queue(fence_mutex *mutex, fence_mutex_waiter *waiter) noexcept {
  lock_queue(mutex);
  if (take_if_free(mutex)) {
    shared::fetch_and(mutex->word, ~guard);
    return false;
  }
  // It is held, and its holder cannot give it back without the guard.
  waiter->state = queued;
  append(mutex, waiter);
  std::uint32_t seen = shared::load_relaxed(mutex->word);
  while (!shared::compare_exchange(mutex->word, seen, (seen | waited_for) & ~guard))
    ;
  return true;
}

/// False: the waiter has been woken or granted the lock meanwhile.
bool leave_queue(fence_mutex *mutex, fence_mutex_waiter *waiter) noexcept {
  lock_queue(mutex);
  bool was_queued = waiter->state == queued;
  if (was_queued)
    remove(mutex, waiter);
  shared::fetch_and(mutex->word, mutex->waiters ? ~guard : ~(guard | waited_for));
  return was_queued;
}

[[gnu::noinline, gnu::cold]] int wait_for(fence_mutex *mutex, bool intr) noexcept {
  for (int i = 0; i < spins_before_sleeping; ++i) {
    if (take_if_free(mutex))
      return 0;
    shared::relax();
  }
  fence_mutex_waiter here{nullptr, fence_thread_self(), queued, false};
  for (;;) {
    if (!join_queue(mutex, &here))
      return 0;
    bool interrupted = false;
    while (shared::load_acquire(here.state) == queued && !interrupted) {
      interrupted = intr && fence_interrupted();
      if (!interrupted)
        fence_park(FENCE_FOREVER);
    }
    if (interrupted && leave_queue(mutex, &here))
      return -FENCE_ERESTARTSYS;
    // Should it be interrupted and overtaken: whoever holds the lock now will wake the next one.
    if (shared::load_acquire(here.state) == granted || take_if_free(mutex))
      return 0;
    if (interrupted)
      return -FENCE_ERESTARTSYS;
    here.overtaken = true;
  }
}

[[gnu::noinline, gnu::cold]] void pass_on(fence_mutex *mutex) noexcept {
  lock_queue(mutex);
  fence_mutex_waiter *first = mutex->waiters;
  if (!first) {
    shared::exchange(mutex->word, 0u);
    return;
  }
  mutex->waiters = first->next;
  fence_thread *thread = fence_thread_get(first->thread);
  bool hand_over = first->overtaken;
  std::uint32_t word = (hand_over ? held : 0u) | (first->next ? waited_for : 0u);
  shared::store_release(first->state, hand_over ? granted : woken); // From here on `first` may be gone.
  shared::exchange(mutex->word, word);                              // And from here on the mutex.
  fence_unpark(thread);
  fence_thread_put(thread);
}

int lock(fence_mutex *mutex, [[maybe_unused]] unsigned nest, bool intr) noexcept {
  fence_might_sleep();
  fence_lock_acquired(mutex->lock_class, mutex, nest, 0);
  std::uint32_t seen = 0;
  if (!shared::compare_exchange(mutex->word, seen, held)) [[unlikely]] {
    if (int error = wait_for(mutex, intr)) {
      fence_lock_released(mutex->lock_class, mutex);
      return error;
    }
  }
  note_owner(mutex);
  return 0;
}

} // namespace

extern "C" {

void fence_mutex_init_class(fence_mutex *mutex, fence_lock_class *lock_class) noexcept {
  *mutex = {0, 0, lock_class, nullptr};
}

void fence_mutex_lock(fence_mutex *mutex) noexcept { lock(mutex, 0, false); }
void fence_mutex_lock_nested(fence_mutex *mutex, unsigned nest) noexcept { lock(mutex, nest, false); }
int fence_mutex_lock_interruptible(fence_mutex *mutex) noexcept { return lock(mutex, 0, true); }

bool fence_mutex_trylock(fence_mutex *mutex) noexcept {
  if (!take_if_free(mutex))
    return false;
  fence_lock_acquired(mutex->lock_class, mutex, 0, FENCE_ACQUIRE_TRY);
  note_owner(mutex);
  return true;
}

void fence_mutex_unlock(fence_mutex *mutex) noexcept {
  fence_lock_released(mutex->lock_class, mutex);
  forget_owner(mutex);
  std::uint32_t seen = held;
  if (!shared::compare_exchange(mutex->word, seen, 0u)) [[unlikely]]
    pass_on(mutex);
}

bool fence_mutex_is_locked(const fence_mutex *mutex) noexcept {
  return (shared::load_relaxed(mutex->word) & held) != 0;
}

} // extern "C"
