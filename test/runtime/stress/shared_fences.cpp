// Everybody does everything to the same few fences: signal, add, remove, wait, replace. What must come out even: each fence signals once, each
// registration is called or removed but not both, each fence is freed.
#include "stress.h"

#include <cerrno>
#include <fence/dma-fence.h>
#include <gtest/gtest.h>

namespace {

constexpr int threads = 4, slots = 3;

struct shared_fence : dma_fence {
  fence_spinlock own_lock;
  std::uint64_t intact;
};
constexpr std::uint64_t alive = 0x600df00d, dead = 0xdead;

std::atomic<long> made, freed, signalled, called, removed, added, late;

constexpr dma_fence_ops ops = [] {
  dma_fence_ops o = {};
  o.get_driver_name = o.get_timeline_name = [](dma_fence *) noexcept { return "stress"; };
  o.enable_signaling = [](dma_fence *fence) noexcept {
    return fence->seqno % 7 != 0;
  }; // Some are done when they are asked.
  o.release = [](dma_fence *fence) noexcept {
    fence_call_rcu(&fence->rcu, [](fence_rcu_head *head) {
      auto *self = static_cast<shared_fence *>(
          reinterpret_cast<dma_fence *>(reinterpret_cast<char *>(head) - offsetof(dma_fence, rcu)));
      EXPECT_EQ(self->intact, alive);
      self->intact = dead;
      ++freed;
      std::free(self);
    });
  };
  return o;
}();

dma_fence *make(int slot) {
  auto *fence = static_cast<shared_fence *>(std::malloc(sizeof(shared_fence)));
  static fence_lock_class lock_class = {"stressed fence", FENCE_LOCK_SPINS, 0};
  fence_spin_lock_init_class(&fence->own_lock, &lock_class);
  fence->intact = alive;
  dma_fence_init(fence, &ops, &fence->own_lock, static_cast<std::uint64_t>(slot + 1),
                 static_cast<std::uint64_t>(++made));
  return fence;
}

dma_fence *slot[slots];

dma_fence *take(std::uint32_t which) {
  fence_rcu_read_lock();
  dma_fence *fence = dma_fence_get_rcu_safe(&slot[which]);
  fence_rcu_read_unlock();
  EXPECT_EQ(static_cast<shared_fence *>(fence)->intact, alive);
  return fence;
}

struct counting : dma_fence_cb {
  std::atomic<int> calls = 0;
};

TEST(Stress, EverybodyDoesEverything) {
  made = freed = signalled = called = removed = added = late = 0;
  for (int i = 0; i < slots; ++i)
    slot[i] = make(i);
  std::atomic<long> signals = 0;
  all_at_once(threads, [&](int, random_numbers &random) {
    for (int round = rounds(8000); round > 0; --round) {
      std::uint32_t which = random.below(slots);
      dma_fence *fence = take(which);
      switch (random.below(8)) {
      case 0:
      case 1:
        signals += dma_fence_signal(fence) == 0;
        break;
      case 2: {
        // Signals itself if it must, so that nobody waits for ever.
        counting cb;
        int result = dma_fence_add_callback(
            fence, &cb, [](dma_fence *, dma_fence_cb *self) noexcept { ++static_cast<counting *>(self)->calls; });
        if (result == 0) {
          ++added;
          if (random.below(2))
            signals += dma_fence_signal(fence) == 0;
          bool in_time = dma_fence_remove_callback(fence, &cb);
          EXPECT_EQ(cb.calls, !in_time);
          ++(in_time ? removed : called);
        } else {
          EXPECT_EQ(result, -ENOENT);
          EXPECT_EQ(cb.calls, 0);
          ++late;
        }
        break;
      }
      case 3: {
        std::int64_t left = dma_fence_wait_timeout(fence, random.below(2), random.below(2));
        EXPECT_GE(left, 0);
        if (left) {
          EXPECT_TRUE(dma_fence_test_signaled_flag(fence));
        }
        break;
      }
      case 4: {
        std::uint32_t index;
        dma_fence *two[] = {fence, take(random.below(slots))};
        if (dma_fence_wait_any_timeout(two, 2, false, random.below(2), &index) > 0) {
          EXPECT_TRUE(dma_fence_test_signaled_flag(two[index]));
        }
        dma_fence_put(two[1]);
        break;
      }
      case 5:
        dma_fence_enable_sw_signaling(fence);
        break;
      default: {
        dma_fence *before = __atomic_exchange_n(&slot[which], make(static_cast<int>(which)), __ATOMIC_ACQ_REL);
        signals += dma_fence_signal(before) == 0;
        dma_fence_put(before);
        break;
      }
      }
      dma_fence_put(fence);
    }
  });
  for (dma_fence *fence : slot)
    dma_fence_put(fence);
  fence_rcu_barrier();
  EXPECT_EQ(made, freed);
  EXPECT_EQ(added, called + removed);
  EXPECT_LE(signals, made);
  EXPECT_GT(called, 0);
  EXPECT_GT(removed, 0);
  EXPECT_GT(late, 0);
}

// One thread waits for each fence that another signals: a wake-up that is lost is a test that does not end.
TEST(Stress, EachSignalWakesItsWaiter) {
  made = freed = 0;
  constexpr int pairs = 2;
  dma_fence *handed_over[pairs] = {};
  all_at_once(2 * pairs, [&](int me, random_numbers &random) {
    dma_fence *&place = handed_over[me / 2];
    for (int round = rounds(1500); round > 0; --round) {
      if (me % 2) {
        dma_fence *fence;
        while (!(fence = __atomic_exchange_n(&place, nullptr, __ATOMIC_ACQ_REL)))
          std::this_thread::yield();
        if (random.below(4) == 0)
          std::this_thread::yield();
        fence_hardirq_enter();
        dma_fence_signal(fence);
        fence_hardirq_exit();
        dma_fence_put(fence);
      } else {
        // Some are done when they are asked, so the one before may still lie there.
        while (__atomic_load_n(&place, __ATOMIC_ACQUIRE))
          std::this_thread::yield();
        dma_fence *fence = make(me);
        __atomic_store_n(&place, dma_fence_get(fence), __ATOMIC_RELEASE);
        EXPECT_EQ(dma_fence_wait(fence, false), 0);
        dma_fence_put(fence);
      }
    }
  });
  fence_rcu_barrier();
  EXPECT_EQ(made, freed);
}

} // namespace
