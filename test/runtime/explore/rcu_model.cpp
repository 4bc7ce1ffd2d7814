// RCU as the scenarios see it: a grace period is over when every reader that was there has left, and each callback is a step of its own.
//
// It stands in for src/rcu.cpp, whose thread and liburcu are the kernel's business. Callbacks run one by one, so a scenario sees
// more orders than one with batches.
#include "explorer.h"

#include <cstdlib>
#include <fence/rcu.h>
#include <thread_state.h>

using fence::current;
using namespace explore::engine;

namespace {

using set_of_threads = std::uint32_t;
struct grace_period {
  set_of_threads readers; ///< that were there and have not left
};
struct pending : grace_period {
  fence_rcu_head *head;
};
constexpr int most_pending = 64;
pending queue[most_pending];
int pushed, done;
int nesting[most_threads];
set_of_threads readers;
grace_period *waiting[most_threads];
bool stopped;

void reader_left(int thread) noexcept {
  set_of_threads gone = set_of_threads{1} << thread;
  readers &= ~gone;
  for (int i = done; i < pushed; ++i)
    queue[i].readers &= ~gone;
  for (grace_period *period : waiting)
    if (period)
      period->readers &= ~gone;
}

bool is_over(const void *period) noexcept { return static_cast<const grace_period *>(period)->readers == 0; }
bool is_done(const void *count) noexcept { return done >= *static_cast<const int *>(count); }
bool has_work(const void *) noexcept { return stopped || (done < pushed && queue[done].readers == 0); }

} // namespace

namespace explore::engine {

const char rcu = 0;

void reset_rcu() noexcept {
  pushed = done = 0;
  readers = 0;
  stopped = false;
  for (int &level : nesting)
    level = 0;
  for (grace_period *&period : waiting)
    period = nullptr;
}
bool rcu_is_idle() noexcept { return pushed == done; }
void stop_reclaimer() noexcept { stopped = true; }

void reclaim() noexcept {
  for (;;) {
    block(has_work, nullptr, &rcu);
    if (done == pushed)
      return;
    acquire(&rcu);
    fence_rcu_head *head = queue[done].head;
    fence_softirq_enter();
    auto offset = reinterpret_cast<std::uintptr_t>(head->func);
    if (offset < 4096)
      std::free(reinterpret_cast<char *>(head) - offset);
    else
      head->func(head);
    fence_softirq_exit();
    ++done; // Only now: the barrier promises that it has been done.
    release(&done);
    step(&rcu);
  }
}

} // namespace explore::engine

extern "C" {

void fence_rcu_read_lock(void) noexcept {
  step(&rcu);
  ++current.rcu;
  if (nesting[self()]++ == 0)
    readers |= set_of_threads{1} << self();
}
void fence_rcu_read_unlock(void) noexcept {
  release(&rcu);
  step(&rcu);
  if (--nesting[self()] == 0)
    reader_left(self());
  --current.rcu;
}

void fence_call_rcu(fence_rcu_head *head, void (*func)(fence_rcu_head *)) noexcept {
  head->func = func;
  release(&rcu);
  step(&rcu);
  if (pushed == most_pending)
    explore::fail("too many callbacks wait for a grace period");
  queue[pushed++] = {{readers}, head};
}
void fence_free_rcu(void *memory, fence_rcu_head *head) noexcept {
  auto offset = reinterpret_cast<char *>(head) - static_cast<char *>(memory);
  fence_call_rcu(head, reinterpret_cast<void (*)(fence_rcu_head *)>(offset));
}

void fence_synchronize_rcu(void) noexcept {
  step(&rcu);
  grace_period period{readers};
  waiting[self()] = &period;
  block(is_over, &period, &rcu);
  waiting[self()] = nullptr;
  acquire(&rcu);
}
void fence_rcu_barrier(void) noexcept {
  step(&rcu);
  int until = pushed;
  block(is_done, &until, &rcu);
  acquire(&done);
}

} // extern "C"
