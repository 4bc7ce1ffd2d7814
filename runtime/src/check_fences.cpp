//===- runtime/src/check_fences.cpp - the life of fences and of registrations --------------------------------------------===//
#if FENCE_CHECKS
#  include "check_fences.h"

#  include "dma_fence.h"
#  include "shared_memory.h"

namespace fence::check {

side_table<fence_info> fences;
side_table<context_info> contexts;

namespace {

struct callback_info {
  const void *key;
  callback_info *next;
  const dma_fence *fence;
  std::uint64_t serial; ///< of the fence
  short_stack added;
};
/// Every registration that is linked.
side_table<callback_info> callbacks;

std::uint64_t next_serial;

void name_fence(text &into, const dma_fence *fence) noexcept {
  into.add("fence %llu:%llu", static_cast<unsigned long long>(fence->context), static_cast<unsigned long long>(fence->seqno));
}

void forget_one_of(std::uint64_t context) noexcept {
  side_table<context_info>::locked at(contexts, key_of_context(context));
  if (context_info *info = at.find(); info && --info->alive == 0)
    at.erase(info);
}

/// The serial number of a fence that is alive, or 0.
std::uint64_t serial_of(const dma_fence *fence) noexcept {
  side_table<fence_info>::locked at(fences, fence);
  fence_info *info = at.find();
  return info ? info->serial : 0;
}

void count_callback(const dma_fence *fence, int difference) noexcept {
  side_table<fence_info>::locked at(fences, fence);
  if (fence_info *info = at.find())
    info->callbacks += static_cast<unsigned>(difference);
}

} // namespace

void forget_expected(thread_record &thread) noexcept {
  if (!thread.expects)
    return;
  thread.expects = false;
  fences.for_each([&](fence_info &info) {
    if (info.expected == thread.id)
      info.expected = 0;
  });
}

} // namespace fence::check

using namespace fence;
using namespace fence::check;

extern "C" {

void fence_check_fence_created(const dma_fence *fence) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  bool known = false;
  std::uint64_t old_context = 0;
  {
    side_table<fence_info>::locked at(fences, fence);
    fence_info *info = at.find();
    if (info) { // Its memory was given back without a put, or it was on a stack.
      known = true;
      old_context = info->context;
    } else {
      info = at.insert();
    }
    if (!info)
      return;
    fence_info *next = info->next;
    *info = {.key = fence,
             .next = next,
             .born = shared::now(),
             .serial = __atomic_add_fetch(&next_serial, 1, __ATOMIC_RELAXED),
             .ops = fence->ops,
             .context = fence->context,
             .seqno = fence->seqno,
             .callbacks = 0,
             .maker = thread ? thread->id : 0,
             .expected = 0,
             .pending = true,
             .hang_reported = false,
             .made = {}};
    capture(info->made);
  }
  if (known)
    forget_one_of(old_context);
  side_table<context_info>::locked at(contexts, key_of_context(fence->context));
  context_info *info = at.find();
  if (!info)
    info = at.insert();
  if (info)
    ++info->alive;
}

void fence_check_fence_signaled(const dma_fence *fence) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  {
    side_table<fence_info>::locked at(fences, fence);
    if (fence_info *info = at.find())
      info->pending = false;
  }
  thread_record *thread = this_thread();
  side_table<context_info>::locked at(contexts, key_of_context(fence->context));
  if (context_info *info = at.find(); info && thread) {
    info->last_signaller = thread->id;
    info->last_signalled = shared::now();
  }
}

void fence_check_fence_destroyed(const dma_fence *fence) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  {
    side_table<fence_info>::locked at(fences, fence);
    fence_info *info = at.find();
    if (!info)
      return;
    at.erase(info);
  }
  forget_one_of(fence->context);
}

void fence_check_fence_abandoned(const dma_fence *fence) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  finding found{.kind = FENCE_REPORT_ABANDONED};
  name_fence(found.message, fence);
  found.message.add(" is released without having signalled, and callbacks waited for it");
  {
    side_table<fence_info>::locked at(fences, fence);
    if (fence_info *info = at.find()) {
      found.other_title = "it was made";
      found.other = info->made;
    }
  }
  report(found);
}

void fence_check_fence_used(const dma_fence *fence) noexcept {
  std::uint32_t count = shared::load_relaxed(fence->refcount);
  if (count != 0 && count < saturated) [[likely]]
    return;
  FENCE_CHECK_ENTRY(entry, );
  finding found{.kind = FENCE_REPORT_REFERENCE_COUNT};
  name_fence(found.message, fence);
  found.message.add(" is used after it has been released");
  report(found);
}

void fence_check_error_set(const dma_fence *fence, int error) noexcept {
  // Two that both find out why the work failed, as who polls and who is told do, may say so one after the other: the same again is no change.
  int seen = 0;
  bool late = dma_fence_test_signaled_flag(fence) && (seen = shared::load_acquire(fence->error)) != error;
  bool not_negative = error >= 0 || error < -4095;
  if (!late && !not_negative) [[likely]]
    return;
  FENCE_CHECK_ENTRY(entry, );
  finding found{.kind = FENCE_REPORT_ERROR_CODE};
  name_fence(found.message, fence);
  if (late && !seen)
    found.message.add(" gets the error %d after it has signalled: whoever looked saw success", error);
  else if (late)
    found.message.add(" gets the error %d after it has signalled: whoever looked saw the error %d", error, seen);
  else
    found.message.add(" gets the error %d, which is not a negative errno", error);
  report(found);
}

//===- Registrations --------------------------------------------------------===//

bool fence_check_callback_added(const dma_fence *fence, const dma_fence_cb *cb) noexcept {
  FENCE_CHECK_ENTRY(entry, true);
  const dma_fence *linked_to;
  std::uint64_t linked_serial;
  short_stack added;
  std::uint64_t serial = serial_of(fence);
  {
    side_table<callback_info>::locked at(callbacks, cb);
    callback_info *info = at.find();
    if (!info) {
      if ((info = at.insert())) {
        info->fence = fence;
        info->serial = serial;
        capture(info->added);
      }
      linked_to = nullptr;
    } else {
      linked_to = info->fence;
      linked_serial = info->serial;
      added = info->added;
      info->fence = fence;
      info->serial = serial;
      capture(info->added);
    }
  }
  count_callback(fence, 1);
  // That fence may have gone with everything that was linked to it, and the registration's memory be used anew.
  if (!linked_to || !linked_serial || serial_of(linked_to) != linked_serial)
    return true;
  finding found{.kind = FENCE_REPORT_CALLBACK};
  found.message.add("a registration is added to ");
  name_fence(found.message, fence);
  found.message.add(linked_to == fence ? " that waits for it already" : " that waits for another fence already");
  found.other_title = "it was added";
  found.other = added;
  report(found);
  // The first registration stands.
  count_callback(fence, -1);
  side_table<callback_info>::locked at(callbacks, cb);
  if (callback_info *info = at.find()) {
    info->fence = linked_to;
    info->serial = linked_serial;
    info->added = added;
  }
  return false;
}

void fence_check_callback_unlinked(const dma_fence_cb *cb) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  const dma_fence *fence;
  {
    side_table<callback_info>::locked at(callbacks, cb);
    callback_info *info = at.find();
    if (!info)
      return;
    fence = info->fence;
    at.erase(info);
  }
  count_callback(fence, -1);
}

bool fence_check_callback_remove(const dma_fence *fence, const dma_fence_cb *cb) noexcept {
  if (!current.callback) [[likely]]
    return true;
  FENCE_CHECK_ENTRY(entry, true);
  thread_record *thread = this_thread();
  for (unsigned i = 0; thread && i < thread->callback_count; ++i)
    if (thread->callbacks[i].fence == fence) {
      finding found{.kind = FENCE_REPORT_CALLBACK};
      name_fence(found.message, fence);
      found.message.add(thread->callbacks[i].cb == cb ? ": a callback removes itself while it runs, which takes the lock that it runs under"
                                                      : ": a callback removes another one of its fence, whose lock it runs under");
      report(found);
      return false;
    }
  return true;
}

void fence_check_callback_begin(const dma_fence *fence, const dma_fence_cb *cb) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread)
    return;
  if (thread->callback_count < thread_record::callback_capacity)
    thread->callbacks[thread->callback_count] = {fence, cb, current.held_back, current.rcu, current.signalling, thread->held_count};
  ++thread->callback_count;
}

void fence_check_callback_end() noexcept {
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread || !thread->callback_count || --thread->callback_count >= thread_record::callback_capacity)
    return;
  const running_callback &before = thread->callbacks[thread->callback_count];
  if (before.held_back == current.held_back && before.rcu == current.rcu && before.signalling == current.signalling &&
      before.held_count == thread->held_count)
    return;
  finding found{.kind = FENCE_REPORT_LEFT_BEHIND};
  name_fence(found.message, before.fence);
  found.message.add(": a callback returns in another context than it was called in: %u locks held, before %u", thread->held_count,
                    before.held_count);
  for (unsigned i = before.held_count; i < thread->held_count; ++i) {
    describe_lock(found.details, thread->held[i]);
    found.details.add("\n");
    found.other_title = "the last of them was taken";
    found.other = thread->held[i].taken;
  }
  report(found);
}

void fence_expect_signal(const dma_fence *fence) noexcept {
  if (!current.signalling)
    return;
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread)
    return;
  side_table<fence_info>::locked at(fences, fence);
  if (fence_info *info = at.find()) {
    info->expected = thread->id;
    thread->expects = true;
  }
}

} // extern "C"
#endif
