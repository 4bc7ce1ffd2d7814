// The same calls in the same contexts as fencelint sees them: by the annotations of the headers alone, and never run. analysed.py compares
// what it finds in CONTEXT_ROW with table.txt.
#include "bench.h"

namespace {
fence_spinlock outer;
} // namespace

#define CALL(row, ...)                                                                                                                     \
  static void call_##row() noexcept { __VA_ARGS__; }                                                                                       \
  void task_##row() noexcept { call_##row(); }                                                                                             \
  void spinlock_##row() noexcept {                                                                                                         \
    unsigned long flags = fence_spin_lock_irqsave(&outer);                                                                                 \
    call_##row();                                                                                                                          \
    fence_spin_unlock_irqrestore(&outer, flags);                                                                                           \
  }                                                                                                                                        \
  FENCE_RUNS_IN("runtime-interrupt") void hardirq_##row() noexcept { call_##row(); }                                                                 \
  void rcu_##row() noexcept {                                                                                                              \
    fence_rcu_read_lock();                                                                                                                 \
    call_##row();                                                                                                                          \
    fence_rcu_read_unlock();                                                                                                               \
  }                                                                                                                                        \
  FENCE_RUNS_IN("runtime-fence-callback") void callback_##row() noexcept { call_##row(); }                                                     \
  void signalling_##row() noexcept {                                                                                                       \
    bool cookie = dma_fence_begin_signalling();                                                                                            \
    call_##row();                                                                                                                          \
    dma_fence_end_signalling(cookie);                                                                                                      \
  }
#include "calls.def"
