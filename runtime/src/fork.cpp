//===- runtime/src/fork.cpp - one pair of handlers, so that locks are taken in one order ----------------------------------===//
#include "fork.h"

#include "shared_memory.h"

#include <pthread.h>

namespace fence {

namespace {
std::uint32_t generation;

void before() {
  lock_workqueues();
  lock_timers();
  lock_dma_bufs();
}
void in_parent() {
  unlock_dma_bufs();
  unlock_timers(false);
  unlock_workqueues(false);
}
void in_child() {
  ++generation;
  forget_irq_waiters();
  forget_running_irq_work();
  unlock_dma_bufs();
  unlock_timers(true);
  unlock_workqueues(true);
}
} // namespace

void watch_fork() noexcept {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, [] { pthread_atfork(before, in_parent, in_child); });
}

std::uint32_t this_process() noexcept { return shared::load_relaxed(generation); }

} // namespace fence
