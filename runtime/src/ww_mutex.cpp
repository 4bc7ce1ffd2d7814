//===- runtime/src/ww_mutex.cpp - wound-wait and wait-die ----------------------------------------------------------===//
//
// All of a mutex's state is guarded by its spinning lock and changes hands directly: whoever unlocks names the next owner, the oldest that waits. So
// a free mutex has no waiters, and nobody can overtake.
//
// Ages are looked at in three places, and they are all there is to it:
//   a waiter arrives     wound-wait: it wounds an owner that is younger. wait-die: it dies if the owner is older and it holds something.
//   the owner changes    wait-die: waiters that are younger than the new owner and hold something die.
//   a thread wakes up    it dies if it has been wounded and holds something.
//
//===----------------------------------------------------------------------===//
#include "shared_memory.h"
#include "spinlock.h"

#include <cerrno>
#include <cstddef>
#include <fence/ww_mutex.h>

namespace shared = fence::shared;

namespace {

struct waiter {
  fence_list node;
  fence_thread *thread;
  fence_ww_acquire_ctx *ctx;
  bool granted;
  bool dies;
};
static_assert(offsetof(waiter, node) == 0);
waiter *waiter_of(fence_list *node) noexcept { return reinterpret_cast<waiter *>(node); }

std::uint32_t injected_every, injected_count;

bool is_younger(const fence_ww_acquire_ctx *ctx, const fence_ww_acquire_ctx *than) noexcept { return ctx->stamp > than->stamp; }
bool holds_something(const fence_ww_acquire_ctx *ctx) noexcept { return ctx && shared::load_relaxed(ctx->acquired) != 0; }

/// An acquisition that was refused before is left alone, so that it comes to an end.
bool refused_by_injection(const fence_ww_acquire_ctx *ctx) noexcept {
  std::uint32_t every = shared::load_relaxed(injected_every);
  return every && holds_something(ctx) && !ctx->refused && shared::fetch_add(injected_count, 1u) % every == every - 1;
}

void give_to(fence_ww_mutex *mutex, fence_thread *thread, fence_ww_acquire_ctx *ctx) noexcept {
  mutex->owner = thread;
  mutex->ctx = ctx;
  if (ctx)
    shared::fetch_add(ctx->acquired, 1u);
}

/// A waiter that is younger than the owner and could keep an older one from what it holds.
bool has_to_die(const fence_ww_mutex *mutex, const fence_ww_acquire_ctx *ctx) noexcept {
  return mutex->ww_class->wait_die && mutex->ctx && holds_something(ctx) && is_younger(ctx, mutex->ctx);
}

/// Acquisitions stand in the order of their age; who has no context keeps his place.
void enqueue(fence_ww_mutex *mutex, waiter &self) noexcept {
  fence_list *before = &mutex->waiters;
  if (self.ctx)
    for (fence_list *node = mutex->waiters.next; node != &mutex->waiters; node = node->next)
      if (waiter_of(node)->ctx && is_younger(waiter_of(node)->ctx, self.ctx)) {
        before = node;
        break;
      }
  fence_list_append(before, &self.node);
}

void arrive(fence_ww_mutex *mutex, waiter &self) noexcept {
  enqueue(mutex, self);
  if (!self.ctx || !mutex->ctx)
    return;
  if (has_to_die(mutex, self.ctx)) {
    self.dies = true;
  } else if (!mutex->ww_class->wait_die && is_younger(mutex->ctx, self.ctx)) {
    // The owner cannot unlock while we hold the lock of the mutex, so its context is alive.
    shared::store_release(mutex->ctx->wounded, 1u);
    fence_unpark(mutex->ctx->thread);
  }
}

void hand_over(fence_ww_mutex *mutex) noexcept {
  if (fence_list_empty(&mutex->waiters)) {
    mutex->owner = nullptr;
    mutex->ctx = nullptr;
    return;
  }
  waiter *next = waiter_of(mutex->waiters.next);
  fence_list_unlink(&next->node);
  give_to(mutex, next->thread, next->ctx);
  next->granted = true;
  fence_unpark(next->thread);
  for (fence_list *node = mutex->waiters.next; node != &mutex->waiters; node = node->next)
    if (waiter *other = waiter_of(node); has_to_die(mutex, other->ctx)) {
      other->dies = true;
      fence_unpark(other->thread);
    }
}

bool is_wounded(fence_ww_acquire_ctx *ctx) noexcept { return holds_something(ctx) && shared::load_acquire(ctx->wounded); }

int refuse(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx) noexcept {
  ctx->refused = mutex;
  return -EDEADLK;
}

/// The mutex is held by another. Called and left with its lock held.
int wait_for(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx, bool intr) noexcept {
  waiter self{{}, fence_thread_self(), ctx, false, false};
  arrive(mutex, self);
  for (;;) {
    if (self.granted)
      return 0;
    int error = self.dies || is_wounded(ctx) ? refuse(mutex, ctx) : intr && fence_interrupted() ? -EINTR : 0;
    if (error) {
      fence_list_unlink(&self.node);
      return error;
    }
    fence::unlock(&mutex->lock);
    fence_park(FENCE_FOREVER);
    fence::lock_nested(&mutex->lock, 0);
  }
}

int lock(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx, bool intr) noexcept {
  fence_might_sleep();
  if (ctx && !holds_something(ctx))
    shared::store_relaxed(ctx->wounded, 0u); // It has given back whatever it was wounded for.
  fence_lock_acquired(&mutex->ww_class->mutex_class, mutex, 0, ctx ? FENCE_ACQUIRE_ORDERED : 0);
  int error = 0;
  fence::lock_nested(&mutex->lock, 0);
  if (ctx && mutex->ctx == ctx)
    error = -EALREADY;
  else if (ctx && (is_wounded(ctx) || refused_by_injection(ctx)))
    error = refuse(mutex, ctx);
  else if (!mutex->owner)
    give_to(mutex, fence_thread_self(), ctx);
  else
    error = wait_for(mutex, ctx, intr);
  fence::unlock(&mutex->lock);
  if (error)
    fence_lock_released(&mutex->ww_class->mutex_class, mutex);
  return error;
}

} // namespace

extern "C" {

void fence_ww_mutex_init(fence_ww_mutex *mutex, fence_ww_class *ww_class) noexcept {
  fence_spin_lock_init(&mutex->lock);
  mutex->ww_class = ww_class;
  mutex->owner = nullptr;
  mutex->ctx = nullptr;
  fence_list_init(&mutex->waiters);
}
void fence_ww_mutex_destroy(fence_ww_mutex *mutex) noexcept { mutex->ww_class = nullptr; }

void fence_ww_acquire_init(fence_ww_acquire_ctx *ctx, fence_ww_class *ww_class) noexcept {
  *ctx = {ww_class, fence_thread_self(), shared::fetch_add(ww_class->last_stamp, 1) + 1, 0, 0, false, nullptr};
  fence_lock_acquired(&ww_class->acquire_class, ctx, 0, 0);
}
void fence_ww_acquire_done(fence_ww_acquire_ctx *ctx) noexcept { ctx->done = true; }
void fence_ww_acquire_fini(fence_ww_acquire_ctx *ctx) noexcept {
  fence_lock_released(&ctx->ww_class->acquire_class, ctx);
  ctx->ww_class = nullptr;
}

int fence_ww_mutex_lock(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx) noexcept { return lock(mutex, ctx, false); }
int fence_ww_mutex_lock_interruptible(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx) noexcept { return lock(mutex, ctx, true); }
void fence_ww_mutex_lock_slow(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx) noexcept { lock(mutex, ctx, false); }
int fence_ww_mutex_lock_slow_interruptible(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx) noexcept { return lock(mutex, ctx, true); }

bool fence_ww_mutex_trylock(fence_ww_mutex *mutex, fence_ww_acquire_ctx *ctx) noexcept {
  fence::lock_nested(&mutex->lock, 0);
  bool free = !mutex->owner;
  if (free)
    give_to(mutex, fence_thread_self(), ctx);
  fence::unlock(&mutex->lock);
  if (free)
    fence_lock_acquired(&mutex->ww_class->mutex_class, mutex, 0, FENCE_ACQUIRE_TRY);
  return free;
}

void fence_ww_mutex_unlock(fence_ww_mutex *mutex) noexcept {
  fence_lock_released(&mutex->ww_class->mutex_class, mutex);
  fence::lock_nested(&mutex->lock, 0);
  if (mutex->ctx)
    shared::fetch_sub(mutex->ctx->acquired, 1u);
  hand_over(mutex);
  fence::unlock(&mutex->lock);
}

bool fence_ww_mutex_is_locked(fence_ww_mutex *mutex) noexcept {
  fence::lock_nested(&mutex->lock, 0);
  bool locked = mutex->owner != nullptr;
  fence::unlock(&mutex->lock);
  return locked;
}
bool fence_ww_mutex_is_held(fence_ww_mutex *mutex) noexcept {
  fence::lock_nested(&mutex->lock, 0);
  bool held = mutex->owner && mutex->owner == fence::current.self;
  fence::unlock(&mutex->lock);
  return held;
}

void fence_ww_inject_deadlock(uint32_t every) noexcept {
  shared::store_relaxed(injected_count, 0u);
  shared::store_relaxed(injected_every, every);
}

} // extern "C"
