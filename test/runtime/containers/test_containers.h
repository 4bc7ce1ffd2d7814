// Fences and containers for the tests of the containers: everything is counted, so that a reference too many or too few is seen.
#ifndef TEST_CONTAINERS_H
#define TEST_CONTAINERS_H

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fence/dma-fence-unwrap.h>
#include <fence/memory.h>
#include <gtest/gtest.h>
#include <initializer_list>
#include <vector>

/// A driver's fence: has its own lock, and knows what it was asked.
struct driver_fence {
  dma_fence base;
  fence_spinlock lock;
  bool can_enable = true; ///< what enable_signaling says
  bool done = false;      ///< what signaled says
  int enabled = 0;
  int64_t deadline = 0;
};
inline std::atomic<int> live_fences;

inline driver_fence *of(dma_fence *fence) { return reinterpret_cast<driver_fence *>(fence); }

inline constexpr dma_fence_ops driver_ops = {
    .kind = 0,
    .use_64bit_seqno = false,
    .get_driver_name = [](dma_fence *) noexcept -> const char * { return "test"; },
    .get_timeline_name = [](dma_fence *) noexcept -> const char * { return "test"; },
    .enable_signaling =
        [](dma_fence *fence) noexcept {
          ++of(fence)->enabled;
          return of(fence)->can_enable;
        },
    .signaled = [](dma_fence *fence) noexcept { return of(fence)->done; },
    .wait = nullptr,
    .release =
        [](dma_fence *fence) noexcept {
          --live_fences;
          dma_fence_free(fence);
        },
    .fence_value_str = nullptr,
    .timeline_value_str = nullptr,
    .set_deadline = [](dma_fence *fence, int64_t deadline) noexcept { of(fence)->deadline = deadline; }};

inline dma_fence *make_fence(uint64_t context = dma_fence_context_alloc(1), uint64_t seqno = 1) {
  static fence_lock_class lock_class = {"driver_fence", FENCE_LOCK_SPINS, 0};
  auto *fence = static_cast<driver_fence *>(std::calloc(1, sizeof(driver_fence)));
  fence->can_enable = true;
  fence_spin_lock_init_class(&fence->lock, &lock_class);
  dma_fence_init(&fence->base, &driver_ops, &fence->lock, context, seqno);
  ++live_fences;
  return &fence->base;
}

/// While another thread may take one.
inline uint32_t references(const dma_fence *fence) { return __atomic_load_n(&fence->refcount, __ATOMIC_ACQUIRE); }

enum which { all, any };

/// Takes a reference of each member of its own.
inline dma_fence *make_array(const std::vector<dma_fence *> &members, which of_them = all) {
  auto **fences = static_cast<dma_fence **>(fence_alloc(members.size() * sizeof(dma_fence *), FENCE_GFP_KERNEL));
  for (std::size_t i = 0; i < members.size(); ++i)
    fences[i] = dma_fence_get(members[i]);
  dma_fence_array *array = dma_fence_array_create(static_cast<uint32_t>(members.size()), fences, dma_fence_context_alloc(1), 1, of_them == any);
  return &array->base;
}

/// Takes references of its own.
inline dma_fence *make_link(dma_fence *prev, dma_fence *fence, uint64_t seqno) {
  dma_fence_chain *link = dma_fence_chain_alloc();
  dma_fence_chain_init(link, dma_fence_get(prev), dma_fence_get(fence), seqno);
  return &link->base;
}

inline void fail(dma_fence *fence, int error) {
  dma_fence_set_error(fence, error);
  dma_fence_signal(fence);
}

/// Counts its calls, and the locks that were held.
struct counted : dma_fence_cb {
  std::atomic<int> calls{0};
};
inline void count(dma_fence *, dma_fence_cb *cb) noexcept { ++static_cast<counted *>(cb)->calls; }

/// Every test ends without a fence left.
struct Containers : testing::Test {
  int before = live_fences;
  std::vector<dma_fence *> ours;

  dma_fence *keep(dma_fence *fence) {
    ours.push_back(fence);
    return fence;
  }
  std::vector<dma_fence *> fences(int count) {
    std::vector<dma_fence *> made;
    for (int i = 0; i < count; ++i)
      made.push_back(keep(make_fence()));
    return made;
  }
  void TearDown() override {
    for (dma_fence *fence : ours)
      dma_fence_put(fence);
    fence_rcu_barrier();
    EXPECT_EQ(live_fences, before) << "references were lost, or given up twice";
  }
};

#endif
