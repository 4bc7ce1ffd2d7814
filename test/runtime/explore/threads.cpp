// What the fence stands on: references and slots, parking, the spinning lock.
#include "scenarios.h"

namespace {

EXPLORE(two_last_references) {
  dma_fence *fence = make_fence();
  dma_fence_get(fence);
  explore::threads(explore::body("first", [&] { dma_fence_put(fence); }),
                   explore::body("second", [&] { dma_fence_put(fence); }));
  fence_rcu_barrier();
}

// The driver takes the fence out of its slot and drops it; a reader has found it there before, or has not.
EXPLORE(release_against_get_rcu) {
  dma_fence *slot = make_fence();
  explore::threads(explore::body("drop", [&] { dma_fence_put(shared::exchange(slot, nullptr)); }),
                   explore::body("read", [&] {
                     fence_rcu_read_lock();
                     dma_fence *seen = shared::load_acquire(slot), *mine = dma_fence_get_rcu(seen);
                     if (seen)
                       EXPLORE_CHECK(seen->context == 1); // Freed not before this reader has left.
                     fence_rcu_read_unlock();
                     if (mine) {
                       EXPLORE_CHECK(mine->context == 1);
                       dma_fence_put(mine);
                     }
                   }));
}

EXPLORE(slot_that_changes_against_get_rcu_safe) {
  dma_fence *slot = make_fence(), *next = make_fence();
  next->seqno = 2;
  explore::threads(explore::body("replace",
                                 [&] {
                                   dma_fence *before = shared::exchange(slot, next);
                                   dma_fence_put(before);
                                 }),
                   explore::body("read", [&] {
                     fence_rcu_read_lock();
                     dma_fence *mine = dma_fence_get_rcu_safe(&slot);
                     fence_rcu_read_unlock();
                     EXPLORE_CHECK(mine->seqno == 1 || mine->seqno == 2);
                     dma_fence_put(mine);
                   }));
  dma_fence_put(slot);
  fence_rcu_barrier();
}

// Type-stable memory: the fence in the slot is released and its memory becomes another fence, elsewhere, while a reader is in between.
dma_fence *released;
constexpr dma_fence_ops kept_ops = [] {
  dma_fence_ops ops = explored_ops;
  ops.release = [](dma_fence *fence) noexcept { shared::store_release(released, fence); };
  return ops;
}();

EXPLORE(memory_used_anew_against_get_rcu_safe) {
  dma_fence *memory = make_fence(kept_ops), *other = make_fence(kept_ops);
  released = nullptr;
  memory->seqno = 1;
  other->seqno = 2;
  dma_fence *slot = memory;
  explore::threads(explore::body("reuse",
                                 [&] {
                                   shared::store_release(slot, other);
                                   dma_fence_put(memory);
                                   if (shared::load_acquire(released) == memory)
                                     dma_fence_init(memory, &kept_ops, &driver_lock, 9, 9);
                                 }),
                   explore::body("read", [&] {
                     fence_rcu_read_lock();
                     dma_fence *mine = dma_fence_get_rcu_safe(&slot);
                     fence_rcu_read_unlock();
                     EXPLORE_CHECK(mine->context == 1);
                     dma_fence_put(mine);
                   }));
  std::free(memory);
  std::free(other);
}

// Without the second look of get_rcu_safe a reader may get the fence that its memory has become; then it sees the whole of that.
EXPLORE(memory_used_anew_against_get_rcu) {
  dma_fence *memory = make_fence(kept_ops);
  released = nullptr;
  dma_fence *slot = memory;
  explore::threads(explore::body("reuse",
                                 [&] {
                                   shared::store_release(slot, nullptr);
                                   dma_fence_put(memory);
                                   if (shared::load_acquire(released) == memory)
                                     dma_fence_init(memory, &kept_ops, &driver_lock, 9, 9);
                                 }),
                   explore::body("read", [&] {
                     fence_rcu_read_lock();
                     dma_fence *mine = dma_fence_get_rcu(shared::load_acquire(slot));
                     fence_rcu_read_unlock();
                     if (!mine)
                       return;
                     EXPLORE_CHECK(mine->context == mine->seqno);
                     dma_fence_put(mine);
                   }));
  std::free(memory);
}

EXPLORE(a_fence_that_is_abandoned_against_get_rcu) {
  dma_fence *slot = make_fence();
  noted cb;
  dma_fence_add_callback(slot, &cb, noted::called);
  explore::threads(explore::body("drop", [&] { dma_fence_put(shared::exchange(slot, nullptr)); }),
                   explore::body("read", [&] {
                     fence_rcu_read_lock();
                     dma_fence *mine = dma_fence_get_rcu(shared::load_acquire(slot));
                     fence_rcu_read_unlock();
                     dma_fence_put(mine);
                   }));
  EXPLORE_CHECK(cb.calls == 1);
}

/// A thread that others wake: it says who it is, then parks until the flags are set.
struct parked {
  fence_thread *thread = nullptr;
  std::uint32_t flags[2] = {0, 0};
  void park(int number) noexcept {
    shared::exchange(thread, fence_thread_get(fence_thread_self()));
    for (int i = 0; i < number; ++i)
      while (!shared::load_acquire(flags[i]))
        fence_park(FENCE_FOREVER);
  }
  void set(int i) noexcept {
    shared::exchange(flags[i], 1u);
    if (fence_thread *known = shared::load_acquire(thread))
      fence_unpark(known);
  }
  ~parked() { fence_thread_put(thread); }
};

EXPLORE(park_against_unpark) {
  parked one;
  explore::threads(explore::body("park", [&] { one.park(1); }), explore::body("unpark", [&] { one.set(0); }));
}

// The second finds that a wake-up of the first is queued already, and relies on it.
EXPLORE(two_deferred_wakes_of_one_thread) {
  parked one;
  auto set = [&](int i) {
    fence_preempt_disable();
    one.set(i);
    fence_preempt_enable();
  };
  explore::threads(explore::body("park", [&] { one.park(2); }), explore::body("first", [&] { set(0); }),
                   explore::body("second", [&] { set(1); }));
}

EXPLORE(a_deferred_and_a_direct_wake_of_one_thread) {
  parked one;
  explore::threads(explore::body("park", [&] { one.park(2); }),
                   explore::body("deferred",
                                 [&] {
                                   fence_preempt_disable();
                                   one.set(0);
                                   fence_preempt_enable();
                                 }),
                   explore::body("direct", [&] { one.set(1); }));
}

EXPLORE(a_token_is_seen_once_whenever_the_time_is_over) {
  fence_thread *thread = nullptr;
  std::uint32_t unparked = 0;
  explore::threads(explore::body("park",
                                 [&] {
                                   shared::store_release(thread, fence_thread_get(fence_thread_self()));
                                   bool in_time = fence_park(fence_now() + 1'000);
                                   EXPLORE_CHECK(in_time || fence_now() >= 1'000'001'000);
                                   while (!shared::load_acquire(unparked))
                                     shared::relax();
                                   EXPLORE_CHECK(in_time + fence_park(0) == 1);
                                 }),
                   explore::body("unpark", [&] {
                     while (!shared::load_acquire(thread))
                       shared::relax();
                     fence_unpark(thread);
                     shared::store_release(unparked, 1u);
                   }));
  fence_thread_put(thread);
}

EXPLORE(spin_lock_of_two) {
  fence_spinlock lock = {};
  int inside = 0, entered = 0;
  auto enter = [&] {
    fence_spin_lock(&lock);
    EXPLORE_CHECK(inside++ == 0);
    std::uint32_t work = 0;
    shared::fetch_add(work, 1u);
    ++entered;
    --inside;
    fence_spin_unlock(&lock);
  };
  explore::threads(explore::body("first", enter), explore::body("second", enter));
  EXPLORE_CHECK(entered == 2);
  EXPLORE_CHECK(!fence_spin_is_locked(&lock));
}

EXPLORE(spin_lock_of_three, .preemptions = 3) {
  fence_spinlock lock = {};
  int inside = 0, entered = 0;
  auto enter = [&] {
    fence_spin_lock(&lock);
    EXPLORE_CHECK(inside++ == 0);
    ++entered;
    --inside;
    fence_spin_unlock(&lock);
  };
  explore::threads(explore::body("first", enter), explore::body("second", enter), explore::body("third", enter));
  EXPLORE_CHECK(entered == 3);
}

EXPLORE(spin_lock_of_three_and_a_try, .preemptions = 1) {
  fence_spinlock lock = {};
  int inside = 0, entered = 0;
  auto work = [&] {
    EXPLORE_CHECK(inside++ == 0);
    std::uint32_t word = 0;
    shared::fetch_add(word, 1u);
    ++entered;
    --inside;
    fence_spin_unlock(&lock);
  };
  bool got = false;
  auto enter = [&] {
    fence_spin_lock(&lock);
    work();
  };
  explore::threads(explore::body("first", enter), explore::body("second", enter), explore::body("third", enter),
                   explore::body("try", [&] {
                     got = fence_spin_trylock(&lock);
                     if (got)
                       work();
                     EXPLORE_CHECK(!fence_in_atomic());
                   }));
  EXPLORE_CHECK(entered == 3 + got);
}

// Nothing runs under the lock: what was deferred there sees it free, or held by somebody else.
struct deferred_with_lock : fence_deferred {
  fence_spinlock *lock;
  bool ran = false;
};

EXPLORE(deferred_work_against_the_lock) {
  fence_spinlock lock = {};
  deferred_with_lock work;
  work.lock = &lock;
  work.run = [](fence_deferred *what) noexcept {
    auto *self = static_cast<deferred_with_lock *>(what);
    fence_spin_lock(self->lock); // It would wait for ever if it were run under it.
    self->ran = true;
    fence_spin_unlock(self->lock);
  };
  explore::threads(explore::body("defer",
                                 [&] {
                                   fence_spin_lock(&lock);
                                   fence_defer(&work);
                                   EXPLORE_CHECK(!work.ran);
                                   fence_spin_unlock(&lock);
                                   EXPLORE_CHECK(work.ran);
                                 }),
                   explore::body("other", [&] {
                     fence_spin_lock(&lock);
                     fence_spin_unlock(&lock);
                   }));
}

} // namespace
