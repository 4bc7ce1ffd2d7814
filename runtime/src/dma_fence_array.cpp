//===- runtime/src/dma_fence_array.cpp - a fence that waits for members ----------------------------------------------===//
//
// Two things have to come together before an array signals: all registrations have been tried (arming), and enough members have
// signalled (completion). `steps` counts both; the last one finishes. So the thread that finishes may take
// registrations back, and `work` is never used for two things at once.
//
//===----------------------------------------------------------------------===//
#include "container.h"

#include <fence/memory.h>

namespace shared = fence::shared;
using fence::decide;
using fence::error_of;
using fence::settle;

namespace {

dma_fence_array *array_of(dma_fence *fence) noexcept { return reinterpret_cast<dma_fence_array *>(fence); }
dma_fence_array *array_of(fence_deferred *work) noexcept {
  return reinterpret_cast<dma_fence_array *>(reinterpret_cast<char *>(work) - offsetof(dma_fence_array, work));
}
dma_fence_array_cb *registrations(dma_fence_array *array) noexcept { return reinterpret_cast<dma_fence_array_cb *>(array + 1); }

FENCE_NONBLOCKING const char *driver_name(dma_fence *) noexcept { return "dma_fence_array"; }
FENCE_NONBLOCKING const char *timeline_name(dma_fence *) noexcept { return "unbound"; }

/// Any: the result is that of the member that signalled first, by the time of signalling; whoever notices need not have seen them in order.
void decide_by_the_first(dma_fence_array *array) noexcept {
  dma_fence *first = nullptr;
  for (std::uint32_t i = 0; i < array->num_fences; ++i)
    if (dma_fence *member = array->fences[i]; dma_fence_test_signaled_flag(member))
      if (!first || dma_fence_timestamp(member) < dma_fence_timestamp(first))
        first = member;
  if (first)
    decide(array->result, error_of(first));
}

void finish(fence_deferred *work) noexcept {
  dma_fence_array *array = array_of(work);
  if (array->signal_on_any) {
    decide_by_the_first(array);
    for (std::uint32_t i = 0; i < array->num_armed; ++i)
      dma_fence_remove_callback(array->fences[i], &registrations(array)[i].cb);
  }
  settle(array->base, array->result);
  dma_fence_signal(&array->base);
  dma_fence_put(&array->base);
}

/// Whether this step was the last.
bool step(dma_fence_array *array) noexcept { return shared::fetch_sub(array->steps, 1u) == 1; }

/// Whether the array is complete with it.
bool count_member(dma_fence_array *array, dma_fence *member) noexcept {
  if (std::int32_t error = error_of(member); error && !array->signal_on_any)
    decide(array->result, error);
  std::uint32_t pending = shared::load_relaxed(array->num_pending);
  do
    if (pending == 0)
      return false; // Any: it was not the first.
  while (!shared::compare_exchange(array->num_pending, pending, pending - 1));
  return pending == 1;
}

void member_signalled(dma_fence *member, dma_fence_cb *cb) noexcept {
  dma_fence_array *array = reinterpret_cast<dma_fence_array_cb *>(cb)->array;
  // The array may be gone as soon as this step has been counted and is not the last.
  if (count_member(array, member) && step(array))
    fence::defer(array->work, finish);
}
static_assert(offsetof(dma_fence_array_cb, cb) == 0);

void arm(fence_deferred *work) noexcept {
  dma_fence_array *array = array_of(work);
  for (std::uint32_t i = 0; i < array->num_fences && shared::load_acquire(array->num_pending); ++i) {
    registrations(array)[i].array = array;
    array->num_armed = i + 1;
    if (dma_fence_add_callback(array->fences[i], &registrations(array)[i].cb, member_signalled) != 0 &&
        count_member(array, array->fences[i]))
      step(array); // Not the last: arming is still to be counted.
  }
  if (step(array))
    finish(work);
}

/// Looks without a lock whether enough members have signalled, and decides the result then.
template <class Signaled> bool complete(dma_fence_array *array, Signaled signaled) noexcept {
  const bool any = array->signal_on_any;
  bool found = false; // what ends the search: one that has signalled (any), or one that has not (all)
  for (std::uint32_t i = 0; i < array->num_fences && !found; ++i)
    found = signaled(array->fences[i]) == any;
  if (found != any)
    return false;
  if (any)
    decide_by_the_first(array);
  else
    for (std::uint32_t i = 0; i < array->num_fences; ++i)
      if (std::int32_t error = error_of(array->fences[i]))
        decide(array->result, error);
  return true;
}

bool enable_signaling(dma_fence *fence) noexcept {
  dma_fence_array *array = array_of(fence);
  if (complete(array, dma_fence_test_signaled_flag)) {
    settle(array->base, array->result);
    return false;
  }
  dma_fence_get(fence); // finish() gives it up.
  fence::defer(array->work, arm);
  return true;
}

FENCE_NONBLOCKING bool signaled(dma_fence *fence) noexcept {
  dma_fence_array *array = array_of(fence);
  if (!complete(array, dma_fence_is_signaled))
    return false;
  settle(array->base, array->result);
  return true;
}

void set_deadline(dma_fence *fence, std::int64_t deadline) noexcept {
  dma_fence_array *array = array_of(fence);
  for (std::uint32_t i = 0; i < array->num_fences; ++i)
    dma_fence_set_deadline(array->fences[i], deadline);
}

void release(dma_fence *fence) noexcept {
  fence::defer(array_of(fence)->work, [](fence_deferred *work) {
    dma_fence_array *array = array_of(work);
    for (std::uint32_t i = 0; i < array->num_fences; ++i)
      dma_fence_put(array->fences[i]);
    fence_free(array->fences);
    dma_fence_free(&array->base);
  });
}

constexpr dma_fence_ops array_ops = {.kind = DMA_FENCE_KIND_ARRAY,
                                     .use_64bit_seqno = false,
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

dma_fence_array *dma_fence_array_alloc(uint32_t num_fences) noexcept {
  return static_cast<dma_fence_array *>(
      fence_alloc(sizeof(dma_fence_array) + num_fences * sizeof(dma_fence_array_cb), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
}

void dma_fence_array_init(dma_fence_array *array, uint32_t num_fences, dma_fence **fences, uint64_t context, uint64_t seqno,
                          bool signal_on_any) noexcept {
  unsigned depth = 0;
  for (std::uint32_t i = 0; i < num_fences; ++i)
    if (unsigned of_member = fence::depth_of(fences[i]); of_member > depth)
      depth = of_member;
  fence_spin_lock_init_class(&array->lock, fence::container_lock_class(depth + 1));
  array->fences = fences;
  array->num_fences = num_fences;
  array->num_pending = signal_on_any ? 1 : num_fences;
  array->num_armed = 0;
  array->steps = 2;
  array->result = fence::undecided;
  array->signal_on_any = signal_on_any;
  dma_fence_init(&array->base, &array_ops, &array->lock, context, seqno);
}

dma_fence_array *dma_fence_array_create(uint32_t num_fences, dma_fence **fences, uint64_t context, uint64_t seqno,
                                        bool signal_on_any) noexcept {
  if (!num_fences || !fences)
    return nullptr;
  dma_fence_array *array = dma_fence_array_alloc(num_fences);
  if (array)
    dma_fence_array_init(array, num_fences, fences, context, seqno, signal_on_any);
  return array;
}

bool dma_fence_match_context(dma_fence *fence, uint64_t context) noexcept {
  dma_fence *member;
  unsigned index;
  dma_fence_array_for_each(member, index, fence) if (member->context != context) return false;
  return fence != nullptr;
}

dma_fence *dma_fence_array_first(dma_fence *head) noexcept {
  dma_fence_array *array = to_dma_fence_array(head);
  return array ? array->fences[0] : head;
}

dma_fence *dma_fence_array_next(dma_fence *head, unsigned index) noexcept {
  dma_fence_array *array = to_dma_fence_array(head);
  return array && index < array->num_fences ? array->fences[index] : nullptr;
}

} // extern "C"
