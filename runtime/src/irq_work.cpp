//===- runtime/src/irq_work.cpp - deferred functions that can be waited for ------------------------------------------------===//
//
// The function may free the struct that its work lies in, so nothing is written to it afterwards. That it runs is counted outside: in one of
// a few counters, chosen by address. Who waits for one work may so wait for another one of the same counter, which is short in any case.
//
//===----------------------------------------------------------------------===//
#include "fork.h"
#include "shared_memory.h"
#include "thread_state.h"

#include <cstddef>
#include <fence/irq_work.h>
#include <fence/wait_queue.h>

namespace shared = fence::shared;

namespace {

FENCE_LOCK_CLASS(waiters_class, "irq_work_sync", FENCE_LOCK_SPINS);

struct alignas(64) running_count {
  std::uint32_t running;
  std::uint32_t waited_for;
};
constexpr std::size_t counters = 64;
running_count counts[counters];

/// All who wait in fence_irq_work_sync(), whichever their counter.
fence_wait_queue waiters = {FENCE_SPINLOCK_INIT(&waiters_class), {&waiters.waiters, &waiters.waiters}};

running_count &count_of(const fence_irq_work *work) noexcept {
  auto address = reinterpret_cast<std::uintptr_t>(work);
  return counts[(address >> 4 ^ address >> 10) % counters];
}

void run(fence_deferred *deferred) noexcept {
  auto *work = reinterpret_cast<fence_irq_work *>(deferred);
  running_count &count = count_of(work);
  fence_irq_work_func func = work->func;
  // In this order: who sees that it is not pending sees that it runs.
  shared::fetch_add(count.running, 1u);
  shared::exchange(work->pending, 0u);
  fence_hardirq_enter();
  func(work);
  fence_hardirq_exit();
  // A waiter announces itself, and then reads `running` by a read-modify-write: if that comes before this one, we see the announcement.
  shared::fetch_sub(count.running, 1u);
  if (shared::load_acquire(count.waited_for)) [[unlikely]]
    fence_wake_up_all(&waiters);
}
static_assert(offsetof(fence_irq_work, deferred) == 0);

/// The first access is there for run(): see above. What is seen pending after it will be counted down after it.
bool at_rest(const fence_irq_work *work, running_count &count) noexcept {
  shared::fetch_add(count.running, 0u);
  return !fence_irq_work_pending(work) && shared::fetch_add(count.running, 0u) == 0;
}

} // namespace

namespace fence {
void forget_running_irq_work() noexcept {
  fence_wait_queue_init_class(&waiters, &waiters_class);
  for (running_count &count : counts)
    count = {0, 0};
}
} // namespace fence

extern "C" {

void fence_irq_work_init(fence_irq_work *work, fence_irq_work_func func) noexcept { *work = {{nullptr, run}, func, 0}; }

bool fence_irq_work_queue(fence_irq_work *work) noexcept {
  if (shared::exchange(work->pending, 1u))
    return false;
  fence_defer(&work->deferred);
  return true;
}

bool fence_irq_work_pending(const fence_irq_work *work) noexcept { return shared::load_acquire(work->pending) != 0; }

void fence_irq_work_sync(fence_irq_work *work) noexcept {
  running_count &count = count_of(work);
  fence_might_sleep();
  fence::watch_fork();
  shared::fetch_add(count.waited_for, 1u);
  fence_wait_event(&waiters, at_rest(work, count));
  shared::fetch_sub(count.waited_for, 1u);
}

} // extern "C"
