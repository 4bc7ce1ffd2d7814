//===- runtime/src/dma_fence_chain.cpp - a timeline of fences --------------------------------------------------------===//
//
// A link waits for its own fence and then for the link before it, as a fence like any other. So each link makes two registrations at
// most, whatever the order in which the fences signal; waiting for every older fence oneself would be quadratic when they signal from
// the newest to the oldest.
//
//===----------------------------------------------------------------------===//
#include "container.h"

#include <fence/memory.h>

namespace shared = fence::shared;
using fence::decide;
using fence::error_of;
using fence::settle;

namespace {

dma_fence_chain *link_of(dma_fence *fence) noexcept { return reinterpret_cast<dma_fence_chain *>(fence); }
dma_fence_chain *link_of(fence_deferred *work) noexcept {
  return reinterpret_cast<dma_fence_chain *>(reinterpret_cast<char *>(work) - offsetof(dma_fence_chain, woken));
}
static_assert(offsetof(dma_fence_chain_woken, work) == 0);

FENCE_NONBLOCKING const char *driver_name(dma_fence *) noexcept { return "dma_fence_chain"; }
FENCE_NONBLOCKING const char *timeline_name(dma_fence *) noexcept { return "unbound"; }

void note_error(dma_fence_chain *link, std::int32_t error) noexcept {
  if (error < 0)
    decide(link->result, error);
}

dma_fence *get_prev(dma_fence_chain *link) noexcept {
  fence_rcu_read_lock();
  dma_fence *prev = dma_fence_get_rcu_safe(&link->prev);
  fence_rcu_read_unlock();
  return prev;
}

/// A reference to what is before `link` and pending, or null; what has signalled on the way is taken out.
dma_fence *pending_before(dma_fence_chain *link) noexcept {
  for (;;) {
    dma_fence *prev = get_prev(link);
    if (!prev)
      return nullptr;
    dma_fence *rest = nullptr;
    // A link that has signalled itself is the end: everything before it has signalled too.
    if (dma_fence_chain *older = to_dma_fence_chain(prev); older && !dma_fence_test_signaled_flag(prev)) {
      if (!dma_fence_is_signaled(older->fence))
        return prev;
      note_error(link, error_of(older->fence));
      rest = get_prev(older);
      // Read after its prev: what was taken out there left its error before.
      note_error(link, shared::load_acquire(older->result));
    } else {
      if (!dma_fence_is_signaled(prev))
        return prev;
      note_error(link, error_of(prev));
    }
    dma_fence *seen = prev;
    dma_fence_put(shared::compare_exchange(link->prev, seen, rest) ? prev : rest);
    dma_fence_put(prev);
  }
}

void advance(dma_fence_chain *link) noexcept;

void woken(fence_deferred *work) noexcept {
  dma_fence_chain *link = link_of(work);
  dma_fence_put(link->woken.waited_for);
  advance(link);
}

void signalled(dma_fence *fence, dma_fence_cb *cb) noexcept {
  auto *link = reinterpret_cast<dma_fence_chain *>(reinterpret_cast<char *>(cb) - offsetof(dma_fence_chain, cb));
  link->woken.waited_for = fence; // From here on `cb` is no more; the fence's list has let go of it.
  fence::defer(link->woken.work, woken);
}

/// Takes the caller's reference. False: it has signalled. True: the link is another thread's from here on.
bool waits_for(dma_fence_chain *link, dma_fence *fence) noexcept {
  if (dma_fence_add_callback(fence, &link->cb, signalled) == 0)
    return true;
  note_error(link, error_of(fence));
  dma_fence_put(fence);
  return false;
}

/// Waits for the next thing, or signals. Holds the reference that enable_signaling() took.
void advance(dma_fence_chain *link) noexcept {
  if (waits_for(link, dma_fence_get(link->fence)))
    return;
  while (dma_fence *prev = pending_before(link))
    if (waits_for(link, prev))
      return;
  settle(link->base, link->result);
  dma_fence_signal(&link->base);
  dma_fence_put(&link->base);
}

bool enable_signaling(dma_fence *fence) noexcept {
  dma_fence_chain *link = link_of(fence);
  if (dma_fence_test_signaled_flag(link->fence) && !shared::load_acquire(link->prev)) {
    note_error(link, error_of(link->fence));
    settle(link->base, link->result);
    return false;
  }
  dma_fence_get(fence); // advance() gives it up.
  fence::defer(link->woken.work, [](fence_deferred *work) { advance(link_of(work)); });
  return true;
}

FENCE_NONBLOCKING bool signaled(dma_fence *fence) noexcept {
  dma_fence_chain *link = link_of(fence);
  if (!dma_fence_is_signaled(link->fence))
    return false;
  note_error(link, error_of(link->fence));
  if (dma_fence *prev = pending_before(link)) {
    dma_fence_put(prev);
    return false;
  }
  settle(link->base, link->result);
  return true;
}

void set_deadline(dma_fence *fence, std::int64_t deadline) noexcept {
  dma_fence *link;
  dma_fence_chain_for_each(link, fence) dma_fence_set_deadline(dma_fence_chain_contained(link), deadline);
}

void release(dma_fence *fence) noexcept {
  // Deferred, so that a chain of thousands is taken apart in a loop.
  fence::defer(link_of(fence)->woken.work, [](fence_deferred *work) {
    dma_fence_chain *link = link_of(work);
    dma_fence_put(shared::load_relaxed(link->prev));
    dma_fence_put(link->fence);
    dma_fence_free(&link->base);
  });
}

constexpr dma_fence_ops chain_ops = {.kind = DMA_FENCE_KIND_CHAIN,
                                     .use_64bit_seqno = true,
                                     .get_driver_name = driver_name,
                                     .get_timeline_name = timeline_name,
                                     .enable_signaling = enable_signaling,
                                     .signaled = signaled,
                                     .wait = nullptr,
                                     .release = release,
                                     .fence_value_str = nullptr,
                                     .timeline_value_str = nullptr,
                                     .set_deadline = set_deadline};

} // namespace

extern "C" {

dma_fence_chain *dma_fence_chain_alloc(void) noexcept {
  return static_cast<dma_fence_chain *>(fence_alloc(sizeof(dma_fence_chain), FENCE_GFP_KERNEL));
}

void dma_fence_chain_free(dma_fence_chain *chain) noexcept { fence_free(chain); }

void dma_fence_chain_init(dma_fence_chain *chain, dma_fence *prev, dma_fence *fence, uint64_t seqno) noexcept {
  dma_fence_chain *older = to_dma_fence_chain(prev);
  std::uint64_t context = 0;
  chain->prev_seqno = 0;
  if (older && seqno > prev->seqno) {
    context = prev->context;
    chain->prev_seqno = prev->seqno;
  } else {
    context = dma_fence_context_alloc(1);
    if (older)
      seqno = prev->seqno;
  }
  // It may be polled under its lock, which polls its own fence and everything older.
  unsigned before = fence::depth_of(prev), depth = fence::depth_of(fence) + 1;
  if (!older)
    ++before;
  fence_spin_lock_init_class(&chain->lock, fence::container_lock_class(before > depth ? before : depth));
  chain->fence = fence;
  chain->result = fence::undecided;
  shared::store_release(chain->prev, prev);
  dma_fence_init(&chain->base, &chain_ops, &chain->lock, context, seqno);
}

dma_fence *dma_fence_chain_walk(dma_fence *fence) noexcept {
  dma_fence_chain *link = to_dma_fence_chain(fence);
  dma_fence *prev = link ? pending_before(link) : nullptr;
  dma_fence_put(fence);
  return prev;
}

int dma_fence_chain_find_seqno(dma_fence **pfence, uint64_t seqno) noexcept {
  if (!seqno)
    return 0;
  dma_fence_chain *head = to_dma_fence_chain(*pfence);
  if (!head || head->base.seqno < seqno)
    return -EINVAL;
  std::uint64_t context = head->base.context;
  dma_fence *found;
  dma_fence_chain_for_each(found, &head->base) {
    // The oldest link of this timeline that is not behind the point.
    dma_fence_chain *link = to_dma_fence_chain(found);
    if (found->context != context || !link || link->prev_seqno < seqno)
      break;
  }
  dma_fence_put(&head->base);
  *pfence = found;
  return 0;
}

} // extern "C"
