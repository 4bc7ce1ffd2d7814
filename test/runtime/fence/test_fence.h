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

#endif
