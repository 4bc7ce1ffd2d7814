//===- runtime/src/rcu.cpp - grace periods in batches, on one reclaimer thread ---------------------------------------===//
//
// Whatever waits for a grace period is pushed on one list with one atomic exchange; the reclaimer takes the whole list, waits for one grace
// period of liburcu, and runs it. So the cost of a grace period is shared by all that came meanwhile, and a release in a callback
// neither allocates nor enters the kernel.
//
// The thread is started by the first push, outside of atomic context. It is never joined: at exit what still waits stays reachable. A forked child
// has no reclaimer; it gets one with its next push, which goes on where the parent's was.
//
//===----------------------------------------------------------------------===//
#include "check.h"
#include "realtime.h"
#include "shared_memory.h"
#include "thread_state.h"

#include <cstdlib>
#include <fence/rcu.h>
#include <fence/spinlock.h>
#include <pthread.h>
#include <urcu-bp.h>

#if defined(__SANITIZE_THREAD__)
#  define FENCE_TSAN 1
#elif defined(__has_feature)
#  if __has_feature(thread_sanitizer)
#    define FENCE_TSAN 1
#  endif
#endif
#ifdef FENCE_TSAN
extern "C" void __tsan_acquire(void *), __tsan_release(void *);
#endif

using fence::current;
namespace shared = fence::shared;

namespace {

fence_rcu_head *pushed;       ///< newest first
fence_rcu_head *taken;        ///< oldest first; the reclaimer's
fence_spinlock taking;        ///< held while they move from one list to the other, so that no fork comes between
fence_thread *reclaimer;      ///< null until it runs
std::uint32_t reclaimer_state; ///< not_started, starting, running
enum : std::uint32_t { not_started, starting, running };

// liburcu is not instrumented: ThreadSanitizer has to be told that a reader's end comes before the grace period's.
[[maybe_unused]] char readers_end;
FENCE_NONBLOCKING void tell_tsan_reader_ends() noexcept {
#ifdef FENCE_TSAN
  __tsan_release(&readers_end);
#endif
}
void tell_tsan_grace_period_ends() noexcept {
#ifdef FENCE_TSAN
  __tsan_acquire(&readers_end);
#endif
}

// As in the kernel, a `func` that is a small number is the distance of the head from the start of memory to free.
constexpr std::uintptr_t largest_offset = 4096;

void run(fence_rcu_head *head) noexcept {
  auto offset = reinterpret_cast<std::uintptr_t>(head->func);
  if (offset < largest_offset)
    std::free(reinterpret_cast<char *>(head) - offset);
  else
    head->func(head);
}

fence_rcu_head *oldest_first(fence_rcu_head *newest) noexcept {
  fence_rcu_head *oldest = nullptr;
  while (newest) {
    fence_rcu_head *next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}

void wait_for_readers() noexcept {
  urcu_bp_synchronize_rcu();
  tell_tsan_grace_period_ends();
}

void take_batch() noexcept {
  fence_spin_lock(&taking);
  taken = oldest_first(shared::exchange(pushed, nullptr));
  fence_spin_unlock(&taking);
}

void *reclaim(void *) {
  shared::store_release(reclaimer, fence_thread_self());
  for (;;) {
    if (!taken)
      take_batch();
    if (!taken) {
      fence_park(FENCE_FOREVER);
      continue;
    }
    wait_for_readers();
    fence_softirq_enter();
    while (taken) {
      fence_rcu_head *head = taken;
      taken = head->next;
      run(head);
    }
    fence_softirq_exit();
  }
}

void start_reclaimer(fence_deferred *) noexcept {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  // Without a thread nothing is lost: the next push tries again.
  bool started = pthread_create(&thread, &attributes, reclaim, nullptr) == 0;
  pthread_attr_destroy(&attributes);
  shared::store_relaxed(reclaimer_state, started ? running : not_started);
}
fence_deferred start = {nullptr, start_reclaimer};

void before_fork() noexcept {
  urcu_bp_before_fork(); // Takes mutexes, so before the lock that spins.
  fence_spin_lock(&taking);
}
void in_parent() noexcept {
  fence_spin_unlock(&taking);
  urcu_bp_after_fork_parent();
}
void in_child() noexcept {
  bool is_reclaimer = current.self && current.self == reclaimer, will_start = false;
  for (fence_deferred *what = current.first_deferred; what; what = what->next)
    will_start |= what == &start;
  if (!is_reclaimer) {
    reclaimer = nullptr;
    reclaimer_state = will_start ? starting : not_started;
  }
  fence_spin_unlock(&taking);
  urcu_bp_after_fork_child();
}
/// At load, not with the first push: a reader on another thread must not hold back the grace periods of a child either.
[[gnu::constructor]] void watch_forks() noexcept { pthread_atfork(before_fork, in_parent, in_child); }

FENCE_NONBLOCKING void wake_reclaimer() noexcept {
  std::uint32_t seen = not_started;
  if (shared::load_relaxed(reclaimer_state) == not_started && shared::compare_exchange(reclaimer_state, seen, starting)) {
    fence_defer(&start);
  } else if (fence_thread *thread = shared::load_acquire(reclaimer)) {
    fence_unpark(thread);
  }
}

FENCE_NONBLOCKING void push(fence_rcu_head *head) noexcept {
  fence_rcu_head *top = shared::load_relaxed(pushed);
  do
    head->next = top;
  while (!shared::compare_exchange(pushed, top, head));
  // Only an empty list can have a sleeping reclaimer; or none at all, if it could not start.
  if (!top || shared::load_relaxed(reclaimer_state) == not_started)
    wake_reclaimer();
}

[[gnu::cold]] FENCE_AUDITED("once per thread: liburcu keeps a list of its readers under a mutex of its own") void register_thread() noexcept {
  fence::realtime_pause pause;
  urcu_bp_register_thread();
}

} // namespace

extern "C" {

void fence_rcu_read_lock(void) noexcept {
  fence_check_enter(fence::section::rcu);
  ++current.rcu;
  static __thread bool registered __attribute__((tls_model("initial-exec")));
  if (!registered) [[unlikely]] {
    registered = true;
    register_thread();
  }
  urcu_bp_read_lock();
}
void fence_rcu_read_unlock(void) noexcept {
  if (!fence_check_leave(fence::section::rcu))
    return;
  tell_tsan_reader_ends();
  urcu_bp_read_unlock();
  --current.rcu;
}

void fence_call_rcu(fence_rcu_head *head, void (*func)(fence_rcu_head *)) noexcept {
  head->func = func;
  push(head);
}

void fence_free_rcu(void *memory, fence_rcu_head *head) noexcept {
  auto offset = reinterpret_cast<char *>(head) - static_cast<char *>(memory);
  if (offset < 0 || static_cast<std::uintptr_t>(offset) >= largest_offset)
    std::abort();
  head->func = reinterpret_cast<void (*)(fence_rcu_head *)>(offset);
  push(head);
}

void fence_synchronize_rcu(void) noexcept {
  fence_might_sleep();
  wait_for_readers();
}

void fence_rcu_barrier(void) noexcept {
  struct marker {
    fence_rcu_head head;
    fence_thread *waiter;
    std::uint32_t reached;
  };
  fence_might_sleep();
  marker here{{}, fence_thread_self(), 0};
  fence_call_rcu(&here.head, [](fence_rcu_head *head) {
    auto *self = reinterpret_cast<marker *>(head);
    fence_thread *waiter = fence_thread_get(self->waiter);
    shared::store_release(self->reached, 1u); // From here on the marker may be gone.
    fence_unpark(waiter);
    fence_thread_put(waiter);
  });
  while (!shared::load_acquire(here.reached))
    fence_park(FENCE_FOREVER);
}

} // extern "C"
