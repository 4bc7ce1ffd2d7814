//===- runtime/src/dma_fence.cpp - the fence ------------------------------------------------------------------------===//
//
// One bit decides: whoever sets DMA_FENCE_FLAG_SIGNALED_BIT under the fence's lock signals it, and everything that was written before
// (error, timestamp) is seen by whoever reads the bit. So asking needs no lock; registering, removing and signalling take it.
//
// The list of callbacks, the time of signalling and the node of the grace period share their memory, because a fence is only ever in one of
// these states and there are millions of them. Hence the order in signal(): the list moves out before the time moves in.
//
//===----------------------------------------------------------------------===//
#include "dma_fence.h"

#include <fence/memory.h>

using fence::current;
namespace shared = fence::shared;

namespace {

constexpr unsigned long signaled_bit = 1ul << DMA_FENCE_FLAG_SIGNALED_BIT;
constexpr unsigned long timestamp_bit = 1ul << DMA_FENCE_FLAG_TIMESTAMP_BIT;
constexpr unsigned long enabled_bit = 1ul << DMA_FENCE_FLAG_ENABLE_SIGNAL_BIT;

std::uint64_t next_context = 1;

FENCE_LOCK_CLASS(stub_lock_class, "dma_fence_stub", FENCE_LOCK_SPINS);

/// Makes `to` the head of the ring of `from`, which is not empty.
FENCE_NONBLOCKING void move_ring(const fence_list &from, fence_list &to) noexcept {
  to = from;
  to.next->prev = to.prev->next = &to;
}

FENCE_NONBLOCKING void run_callbacks(dma_fence *fence, fence_list &waiting) noexcept {
  ++current.callback;
  while (!fence_list_empty(&waiting)) {
    fence_list *node = waiting.next;
    // Unlinked first: the callback may free the memory it lies in.
    fence_list_unlink(node);
    auto *cb = reinterpret_cast<dma_fence_cb *>(node);
    fence_check_callback_unlinked(cb);
    fence_check_callback_begin(fence, cb);
    fence::call_nonblocking(cb->func, fence, cb);
    fence_check_callback_end();
  }
  --current.callback;
}
static_assert(offsetof(dma_fence_cb, node) == 0);

FENCE_NONBLOCKING int signal_locked(dma_fence *fence, std::int64_t timestamp) noexcept {
  fence_assert_held(fence->lock);
  if (dma_fence_test_signaled_flag(fence)) [[unlikely]]
    return -EINVAL;
  bool somebody_waits = !fence_list_empty(&fence->cb_list);
  fence_list waiting;
  if (somebody_waits)
    move_ring(fence->cb_list, waiting);
  fence->timestamp = timestamp;
  shared::fetch_or(fence->flags, signaled_bit | timestamp_bit);
  fence_check_fence_signaled(fence);
  fence::traced(fence::trace::signaled, fence);
  if (somebody_waits)
    run_callbacks(fence, waiting);
  return 0;
}

FENCE_NONBLOCKING int signal(dma_fence *fence, std::int64_t timestamp) noexcept {
  fence_check_fence_used(fence);
  unsigned long flags = fence::lock_irqsave(fence->lock, 0);
  int result = signal_locked(fence, timestamp);
  fence::unlock_irqrestore(fence->lock, flags);
  return result;
}

/// Whether callbacks can still be added: makes the driver report completion, and signals at once if it says that the work is done.
FENCE_NONBLOCKING bool enable_signaling_locked(dma_fence *fence) noexcept {
  if (dma_fence_test_signaled_flag(fence))
    return false;
  if (shared::fetch_or(fence->flags, enabled_bit) & enabled_bit || !fence->ops->enable_signaling)
    return true;
  fence::traced(fence::trace::enable_signal, fence);
  if (fence->ops->enable_signaling(fence))
    return true;
  dma_fence_signal_locked(fence);
  return false;
}

} // namespace

extern "C" {

//===- Making and counting --------------------------------------------------===//

void dma_fence_init(dma_fence *fence, const dma_fence_ops *ops, fence_spinlock *lock, uint64_t context, uint64_t seqno) noexcept {
  fence->lock = lock;
  fence->ops = ops;
  fence_list_init(&fence->cb_list);
  fence->context = context;
  fence->seqno = seqno;
  // Atomic, because in memory that is used anew somebody may still ask whether this is the fence he knew.
  shared::store_relaxed(fence->flags, 0);
  shared::store_relaxed(fence->error, 0);
  shared::store_release(fence->refcount, 1);
  fence_check_fence_created(fence);
  fence::traced(fence::trace::init, fence);
}

uint64_t dma_fence_context_alloc(unsigned num) noexcept { return shared::fetch_add(next_context, num); }

dma_fence *dma_fence_get(dma_fence *fence) noexcept {
  if (fence)
    fence::take_reference(fence->refcount, fence);
  return fence;
}

void dma_fence_put(dma_fence *fence) noexcept {
  if (!fence || !fence::give_up_reference(fence->refcount, fence))
    return;
  fence::traced(fence::trace::destroy, fence);
  if (!dma_fence_test_signaled_flag(fence)) {
    bool abandoned = false;
    unsigned long flags = fence::lock_irqsave(fence->lock, 0);
    if (!fence_list_empty(&fence->cb_list)) {
      abandoned = true;
      // Whoever waits has to learn that this will not happen any more.
      dma_fence_set_error(fence, -EDEADLK);
      signal_locked(fence, static_cast<std::int64_t>(shared::now()));
    }
    fence::unlock_irqrestore(fence->lock, flags);
    if (abandoned)
      fence_check_fence_abandoned(fence);
  }
  fence_check_fence_destroyed(fence);
  if (fence->ops->release) {
    fence_check_release_begin();
    fence->ops->release(fence);
    fence_check_release_end();
  } else {
    dma_fence_free(fence);
  }
}

dma_fence *dma_fence_get_rcu(dma_fence *fence) noexcept {
  return fence && fence::take_reference_unless_zero(fence->refcount) ? fence : nullptr;
}

dma_fence *dma_fence_get_rcu_safe(dma_fence **slot) noexcept {
  for (;;) {
    dma_fence *fence = shared::load_acquire(*slot);
    if (!fence)
      return nullptr;
    if (!dma_fence_get_rcu(fence))
      continue; // It goes away, so the slot is about to change.
    // Its memory may have become another fence between the load and the reference; then the slot has changed, too.
    if (shared::load_acquire(*slot) == fence)
      return fence;
    dma_fence_put(fence);
  }
}

void dma_fence_free(dma_fence *fence) noexcept { fence_free_rcu(fence, &fence->rcu); }

//===- Signalling ------------------------------------------------------------===//

int dma_fence_signal(dma_fence *fence) noexcept {
  if (!fence)
    return -EINVAL;
  return signal(fence, static_cast<std::int64_t>(shared::now()));
}
int dma_fence_signal_locked(dma_fence *fence) noexcept { return signal_locked(fence, static_cast<std::int64_t>(shared::now())); }
int dma_fence_signal_timestamp(dma_fence *fence, int64_t timestamp) noexcept {
  return fence ? signal(fence, timestamp) : -EINVAL;
}
int dma_fence_signal_timestamp_locked(dma_fence *fence, int64_t timestamp) noexcept { return signal_locked(fence, timestamp); }

void dma_fence_set_error(dma_fence *fence, int error) noexcept {
  fence_check_error_set(fence, error);
  shared::store_release(fence->error, error);
}

//===- Asking ----------------------------------------------------------------===//

bool dma_fence_is_signaled_slow(dma_fence *fence) noexcept {
  if (!fence->ops->signaled || !fence->ops->signaled(fence))
    return false;
  dma_fence_signal(fence);
  return true;
}

bool dma_fence_is_signaled_locked(dma_fence *fence) noexcept {
  if (dma_fence_test_signaled_flag(fence))
    return true;
  if (!fence->ops->signaled || !fence->ops->signaled(fence))
    return false;
  dma_fence_signal_locked(fence);
  return true;
}

int dma_fence_get_status_locked(dma_fence *fence) noexcept {
  if (!dma_fence_is_signaled_locked(fence))
    return 0;
  int error = shared::load_acquire(fence->error);
  return error ? error : 1;
}
int dma_fence_get_status(dma_fence *fence) noexcept {
  if (!dma_fence_is_signaled(fence))
    return 0;
  int error = shared::load_acquire(fence->error);
  return error ? error : 1;
}

int64_t dma_fence_timestamp(dma_fence *fence) noexcept { return fence->timestamp; }

bool __dma_fence_is_later(uint64_t a, uint64_t b, const dma_fence_ops *ops) noexcept {
  if (ops->use_64bit_seqno)
    return a > b;
  // 32 bits wrap around: later is what is less than half the circle ahead.
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b)) > 0;
}
bool dma_fence_is_later(dma_fence *a, dma_fence *b) noexcept {
  return a->context == b->context && __dma_fence_is_later(a->seqno, b->seqno, a->ops);
}
bool dma_fence_is_later_or_same(dma_fence *a, dma_fence *b) noexcept { return a == b || dma_fence_is_later(a, b); }
dma_fence *dma_fence_later(dma_fence *a, dma_fence *b) noexcept {
  if (a->context != b->context)
    return nullptr;
  dma_fence *later = dma_fence_is_later(a, b) ? a : b;
  return dma_fence_is_signaled(later) ? nullptr : later;
}

int dma_fence_describe(dma_fence *fence, char *text, size_t size) noexcept {
  char value[32], timeline[32] = "";
  std::snprintf(value, sizeof value, "%llu", static_cast<unsigned long long>(fence->seqno));
  if (fence->ops->fence_value_str)
    fence->ops->fence_value_str(fence, value, sizeof value);
  if (fence->ops->timeline_value_str)
    fence->ops->timeline_value_str(fence, timeline, sizeof timeline);
  return std::snprintf(text, size, "%s %s %llu:%s%s%s %s", fence->ops->get_driver_name(fence), fence->ops->get_timeline_name(fence),
                       static_cast<unsigned long long>(fence->context), value, *timeline ? " at " : "", timeline,
                       dma_fence_is_signaled(fence) ? "signalled" : "pending");
}

void dma_fence_set_deadline(dma_fence *fence, int64_t deadline) noexcept {
  if (fence->ops->set_deadline && !dma_fence_is_signaled(fence))
    fence->ops->set_deadline(fence, deadline);
}

//===- Being told -------------------------------------------------------------===//

int dma_fence_add_callback(dma_fence *fence, dma_fence_cb *cb, dma_fence_func_t func) noexcept {
  if (!fence || !cb || !func)
    return -EINVAL;
  fence_check_fence_used(fence);
  if (!fence_check_callback_added(fence, cb))
    return -EINVAL;
  cb->func = func;
  fence_list_init(&cb->node);
  if (dma_fence_test_signaled_flag(fence)) {
    fence_check_callback_unlinked(cb);
    return -ENOENT;
  }
  unsigned long flags = fence::lock_irqsave(fence->lock, 0);
  bool added = enable_signaling_locked(fence);
  if (added)
    fence_list_append(&fence->cb_list, &cb->node);
  else
    fence_check_callback_unlinked(cb);
  fence::unlock_irqrestore(fence->lock, flags);
  return added ? 0 : -ENOENT;
}

bool dma_fence_remove_callback(dma_fence *fence, dma_fence_cb *cb) noexcept {
  if (!fence_check_callback_remove(fence, cb))
    return false;
  unsigned long flags = fence::lock_irqsave(fence->lock, 0);
  bool was_waiting = !fence_list_empty(&cb->node);
  if (was_waiting) {
    fence_check_callback_unlinked(cb);
    fence_list_unlink(&cb->node);
  }
  fence::unlock_irqrestore(fence->lock, flags);
  return was_waiting;
}

void dma_fence_enable_sw_signaling(dma_fence *fence) noexcept {
  unsigned long flags = fence::lock_irqsave(fence->lock, 0);
  enable_signaling_locked(fence);
  fence::unlock_irqrestore(fence->lock, flags);
}

//===- The stub ---------------------------------------------------------------===//

namespace {
FENCE_NONBLOCKING const char *stub_name(dma_fence *) noexcept { return "stub"; }
constexpr dma_fence_ops stub_ops = {.kind = 0,
                                    .use_64bit_seqno = false,
                                    .get_driver_name = stub_name,
                                    .get_timeline_name = stub_name,
                                    .enable_signaling = nullptr,
                                    .signaled = nullptr,
                                    .wait = nullptr,
                                    .release = nullptr,
                                    .fence_value_str = nullptr,
                                    .timeline_value_str = nullptr,
                                    .set_deadline = nullptr};
fence_spinlock stub_lock = FENCE_SPINLOCK_INIT(&stub_lock_class);
// Never released: the reference it is born with stays here.
dma_fence stub = {.lock = &stub_lock,
                  .ops = &stub_ops,
                  .cb_list = {},
                  .context = 0,
                  .seqno = 0,
                  .flags = signaled_bit | timestamp_bit | enabled_bit,
                  .refcount = 1,
                  .error = 0};
} // namespace

dma_fence *dma_fence_get_stub(void) noexcept { return dma_fence_get(&stub); }

dma_fence *dma_fence_allocate_private_stub(int64_t timestamp) noexcept {
  auto *fence = static_cast<dma_fence *>(fence_alloc(sizeof(dma_fence), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
  if (!fence)
    return nullptr;
  dma_fence_init(fence, &stub_ops, &stub_lock, 0, 0);
  dma_fence_signal_timestamp(fence, timestamp);
  return fence;
}

//===- Signalling sections ----------------------------------------------------===//

bool dma_fence_begin_signalling(void) noexcept {
  fence_check_begin_signalling();
  return current.signalling++ != 0;
}
void dma_fence_end_signalling(bool cookie) noexcept {
  if (fence_check_end_signalling(cookie) && current.signalling) [[likely]]
    --current.signalling;
}

} // extern "C"
