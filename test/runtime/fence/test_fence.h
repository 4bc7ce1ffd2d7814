// A fence as a C driver would make one, for the tests of the C API: it counts what the runtime asks of it.
#ifndef TEST_FENCE_H
#define TEST_FENCE_H

#include <cstdlib>
#include <fence/dma-fence.h>

inline const char *name_of_test_fence(dma_fence *) noexcept { return "test"; }

/// The plain fence: no optional operation, memory from malloc(), so that the runtime frees it.
inline constexpr dma_fence_ops plain_ops = {.kind = 0,
                                            .use_64bit_seqno = false,
                                            .get_driver_name = name_of_test_fence,
                                            .get_timeline_name = name_of_test_fence,
                                            .enable_signaling = nullptr,
                                            .signaled = nullptr,
                                            .wait = nullptr,
                                            .release = nullptr,
                                            .fence_value_str = nullptr,
                                            .timeline_value_str = nullptr,
                                            .set_deadline = nullptr};

inline fence_spinlock *lock_of_test_fences() {
  static fence_lock_class lock_class = {"test_fence", FENCE_LOCK_SPINS, 0};
  static fence_spinlock lock = FENCE_SPINLOCK_INIT(&lock_class);
  return &lock;
}

inline dma_fence *make_fence(const dma_fence_ops &ops = plain_ops, uint64_t context = 1, uint64_t seqno = 1) {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  dma_fence_init(fence, &ops, lock_of_test_fences(), context, seqno);
  return fence;
}

/// A fence with every operation of a driver but `wait`, which counts them. It lies where the test puts it; its release frees nothing.
struct watched_fence : dma_fence {
  fence_spinlock own_lock;
  bool can_enable = true; ///< what enable_signaling answers
  bool done = false;      ///< what signaled answers
  int enabled = 0, asked = 0, released = 0;
  bool enabled_under_lock = false;
  bool signalled_at_release = false;
  int64_t deadline = 0;

  static watched_fence &of(dma_fence *fence) noexcept { return *static_cast<watched_fence *>(fence); }
  explicit watched_fence(uint64_t context = 1, uint64_t seqno = 1);
  watched_fence(const watched_fence &) = delete;
};

inline constexpr dma_fence_ops watched_ops = [] {
  dma_fence_ops ops = plain_ops;
  ops.enable_signaling = [](dma_fence *fence) noexcept {
    auto &self = watched_fence::of(fence);
    __atomic_fetch_add(&self.enabled, 1, __ATOMIC_RELEASE);
    self.enabled_under_lock = fence_spin_is_locked(fence->lock) && fence_in_atomic();
    return self.can_enable;
  };
  ops.signaled = [](dma_fence *fence) noexcept {
    __atomic_fetch_add(&watched_fence::of(fence).asked, 1, __ATOMIC_RELAXED); // several threads may wait
    return watched_fence::of(fence).done;
  };
  ops.release = [](dma_fence *fence) noexcept {
    ++watched_fence::of(fence).released;
    watched_fence::of(fence).signalled_at_release = dma_fence_test_signaled_flag(fence);
  };
  ops.set_deadline = [](dma_fence *fence, int64_t deadline) noexcept { watched_fence::of(fence).deadline = deadline; };
  return ops;
}();

inline watched_fence::watched_fence(uint64_t context, uint64_t seqno) {
  static fence_lock_class lock_class = {"watched_fence", FENCE_LOCK_SPINS, 0};
  fence_spin_lock_init_class(&own_lock, &lock_class);
  dma_fence_init(this, &watched_ops, &own_lock, context, seqno);
}

/// A callback that counts its calls and remembers of which fence.
struct counted : dma_fence_cb {
  int calls = 0;
  dma_fence *fence = nullptr;
  bool linked = false, signalled = false, under_lock = false, in_callback = false;
  int error = 0;

  static void called(dma_fence *fence, dma_fence_cb *cb) noexcept {
    auto *self = static_cast<counted *>(cb);
    ++self->calls;
    self->fence = fence;
    self->linked = !fence_list_empty(&cb->node);
    self->signalled = dma_fence_test_signaled_flag(fence);
    self->under_lock = fence_spin_is_locked(fence->lock);
    self->in_callback = fence_in_fence_callback();
    self->error = dma_fence_get_status_locked(fence);
  }
};

#endif
