//===- runtime/src/completion.cpp - a counter with waiters ---------------------------------------------------------------===//
//
// Who completes hands the pass to the thread that has waited longest, so nobody overtakes it. Every waiter takes the lock before it
// leaves: then whoever completed has left the completion, and its memory may be the waiter's stack.
//
//===----------------------------------------------------------------------===//
#include "dma_fence.h"

#include <fence/completion.h>

namespace shared = fence::shared;

namespace {

constexpr std::uint32_t everybody = UINT32_MAX;

struct completion_waiter {
  fence_list node;
  fence_thread *thread;
  std::uint32_t passed;
};
static_assert(offsetof(completion_waiter, node) == 0);

void let_first_pass(fence_completion *completion) noexcept {
  auto *first = reinterpret_cast<completion_waiter *>(completion->waiters.next);
  fence_list_unlink(&first->node);
  shared::store_release(first->passed, 1u);
  fence_unpark(first->thread); // Comes after the unlock.
}

bool pass_locked(fence_completion *completion) noexcept {
  if (completion->done == 0)
    return false;
  if (completion->done != everybody)
    shared::store_release(completion->done, completion->done - 1);
  return true;
}

/// Results of dma_fence_wait_timeout().
int64_t wait(fence_completion *completion, bool intr, int64_t timeout) noexcept {
  fence_might_sleep();
  if (timeout < 0)
    return -EINVAL;
  completion_waiter here{{}, fence_thread_self(), 0};
  unsigned long flags = fence::lock_irqsave(&completion->lock, 0);
  bool passed = pass_locked(completion);
  if (!passed)
    fence_list_append(&completion->waiters, &here.node);
  fence::unlock_irqrestore(&completion->lock, flags);
  if (passed)
    return timeout ? timeout : 1;
  int64_t left = fence::park_until(
      [](void *waiter) { return shared::load_acquire(static_cast<completion_waiter *>(waiter)->passed) != 0; }, &here,
      intr, timeout);
  flags = fence::lock_irqsave(&completion->lock, 0);
  if (!here.passed)
    fence_list_unlink(&here.node);
  else if (left <= 0)
    left = 1; // It came at the last moment.
  fence::unlock_irqrestore(&completion->lock, flags);
  return left;
}

} // namespace

extern "C" {

void fence_completion_init_class(fence_completion *completion, fence_lock_class *lock_class) noexcept {
  fence_spin_lock_init_class(&completion->lock, lock_class);
  fence_list_init(&completion->waiters);
  completion->done = 0;
}

void fence_completion_reinit(fence_completion *completion) noexcept {
  unsigned long flags = fence::lock_irqsave(&completion->lock, 0);
  shared::store_release(completion->done, 0u);
  fence::unlock_irqrestore(&completion->lock, flags);
}

void fence_complete(fence_completion *completion) noexcept {
  unsigned long flags = fence::lock_irqsave(&completion->lock, 0);
  if (!fence_list_empty(&completion->waiters))
    let_first_pass(completion);
  else if (completion->done < everybody - 1)
    shared::store_release(completion->done, completion->done + 1);
  fence::unlock_irqrestore(&completion->lock, flags);
}

void fence_complete_all(fence_completion *completion) noexcept {
  unsigned long flags = fence::lock_irqsave(&completion->lock, 0);
  shared::store_release(completion->done, everybody);
  while (!fence_list_empty(&completion->waiters))
    let_first_pass(completion);
  fence::unlock_irqrestore(&completion->lock, flags);
}

bool fence_completion_done(const fence_completion *completion) noexcept {
  if (shared::load_acquire(completion->done) == 0)
    return false;
  // Whoever has completed it still holds the lock, perhaps; after an answer of yes its memory may go.
  auto *lock = const_cast<fence_spinlock *>(&completion->lock);
  fence::unlock_irqrestore(lock, fence::lock_irqsave(lock, 0));
  return true;
}

bool fence_completion_try_wait(fence_completion *completion) noexcept {
  if (shared::load_acquire(completion->done) == 0)
    return false;
  unsigned long flags = fence::lock_irqsave(&completion->lock, 0);
  bool passed = pass_locked(completion);
  fence::unlock_irqrestore(&completion->lock, flags);
  return passed;
}

void fence_completion_wait(fence_completion *completion) noexcept { wait(completion, false, FENCE_MAX_TIMEOUT); }
int64_t fence_completion_wait_timeout(fence_completion *completion, int64_t timeout) noexcept {
  return wait(completion, false, timeout);
}
int fence_completion_wait_interruptible(fence_completion *completion) noexcept {
  int64_t left = wait(completion, true, FENCE_MAX_TIMEOUT);
  return left < 0 ? static_cast<int>(left) : 0;
}
int64_t fence_completion_wait_interruptible_timeout(fence_completion *completion, int64_t timeout) noexcept {
  return wait(completion, true, timeout);
}

} // extern "C"
