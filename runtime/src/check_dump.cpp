//===- runtime/src/check_dump.cpp - what is pending, and what is still there ------------------------------------------------===//
#if FENCE_CHECKS
#  include "check_fences.h"

#  include "shared_memory.h"

#  include <sys/syscall.h>
#  include <sys/uio.h>
#  include <unistd.h>

namespace fence::check {

namespace {

double seconds(std::uint64_t nanoseconds) noexcept { return static_cast<double>(nanoseconds) * 1e-9; }

/// The record of a thread that is in a signalling section, locked for visit(record, since).
template <class Visit> void for_each_section(Visit visit) noexcept {
  for (thread_record *thread = first_thread(); thread; thread = thread->next) {
    guarded hold(thread->lock);
    if (thread->in_use && thread->signalling_since)
      visit(*thread);
  }
}

/// Whether the memory still has this fence. Its driver may have given it back without a put, also to the system: so it is read in a way that
/// may fail.
bool is_there(const fence_info &info) noexcept {
  dma_fence seen;
  iovec to{&seen, sizeof seen}, from{const_cast<void *>(info.key), sizeof seen};
  if (syscall(SYS_process_vm_readv, getpid(), &to, 1ul, &from, 1ul, 0ul) != static_cast<long>(sizeof seen))
    return false;
  return seen.ops == info.ops && seen.context == info.context && seen.seqno == info.seqno;
}

void give_line(fence_line_sink sink, void *data, const text &line) noexcept { sink(line.c_str(), data); }

} // namespace

void describe_fence(text &into, const fence_info &info) noexcept {
  auto *fence = const_cast<dma_fence *>(static_cast<const dma_fence *>(info.key));
  std::uint64_t now = shared::now();
  if (is_there(info))
    into.add("%s %s ", fence->ops->get_driver_name(fence), fence->ops->get_timeline_name(fence));
  else
    into.add("(its memory was given back without a put) ");
  into.add("%llu:%llu, %.3f s old, %u callback%s, ", static_cast<unsigned long long>(info.context),
           static_cast<unsigned long long>(info.seqno), seconds(now > info.born ? now - info.born : 0), info.callbacks, info.callbacks == 1 ? "" : "s");
  if (info.expected) {
    into.add("expected from the signalling section of thread %d", info.expected);
    return;
  }
  side_table<context_info>::locked at(contexts, key_of_context(info.context));
  if (context_info *context = at.find(); context && context->last_signaller)
    into.add("made by thread %d; its context was signalled last by thread %d, %.3f s ago", info.maker, context->last_signaller,
             seconds(now - context->last_signalled));
  else
    into.add("made by thread %d; nothing of its context has signalled", info.maker);
}

void explain_owner(const fence_info &info, finding &found) noexcept {
  found.other_title = "it was made";
  found.other = info.made;
  for_each_section([&](thread_record &thread) {
    found.details.add("thread %d is in a signalling section for %.3f s%s\n", thread.id, seconds(shared::now() - thread.signalling_since),
                      thread.id == info.expected ? ", and is expected to signal it" : "");
    if (thread.id == info.expected) {
      found.other_title = "the section that is expected to signal it was begun";
      found.other = thread.signalling_begun;
    }
  });
}

} // namespace fence::check

using namespace fence;
using namespace fence::check;

extern "C" {

unsigned long fence_dump_pending(fence_line_sink sink, void *data) noexcept {
  entry entry(__builtin_return_address(0));
  if (!sink)
    sink = line_to_stderr;
  unsigned long count = 0;
  fences.for_each([&](fence_info &info) {
    if (!info.pending)
      return;
    text line;
    describe_fence(line, info);
    give_line(sink, data, line);
    ++count;
  });
  for_each_section([&](thread_record &thread) {
    text line;
    line.add("thread %d is in a signalling section for %.3f s", thread.id, seconds(shared::now() - thread.signalling_since));
    give_line(sink, data, line);
  });
  return count;
}

unsigned long fence_report_leaks(uint64_t context) noexcept {
  entry entry(__builtin_return_address(0));
  unsigned long all = 0;
  // One context after the other, in the order of their numbers: a report's handler must not find a table locked.
  for (std::uint64_t from = context;;) {
    std::uint64_t next = UINT64_MAX;
    fences.for_each([&](fence_info &info) {
      if (info.context >= from && info.context < next)
        next = info.context;
    });
    if (next == UINT64_MAX || (context && next != context))
      return all;
    unsigned long alive = 0, pending = 0;
    std::uint64_t oldest = UINT64_MAX;
    finding found{.kind = FENCE_REPORT_LEAK};
    text about;
    fences.for_each([&](fence_info &info) {
      if (info.context != next)
        return;
      ++alive;
      pending += info.pending;
      if (info.born >= oldest)
        return;
      oldest = info.born;
      about = text();
      describe_fence(about, info);
      found.other = info.made;
    });
    if (alive) {
      found.message.add("context %llu still has %lu fence%s, %lu of them pending", static_cast<unsigned long long>(next), alive,
                        alive == 1 ? "" : "s", pending);
      found.details.add("the oldest: %s\n", about.c_str());
      found.other_title = "it was made";
      report_without_place(found);
      all += alive;
    }
    if (context)
      return all;
    from = next + 1;
  }
}

} // extern "C"
#else
#  include <cerrno>
#  include <fence/check.h>

// In the build without checks nothing is known.
extern "C" {
unsigned long fence_dump_pending(fence_line_sink, void *) noexcept { return 0; }
unsigned long fence_report_leaks(uint64_t) noexcept { return 0; }
unsigned long fence_dump_lock_graph(fence_line_sink, void *) noexcept { return 0; }
void fence_expect_signal(const dma_fence *) noexcept {}
int fence_watchdog_start(double) noexcept { return -ENOSYS; }
void fence_watchdog_stop(void) noexcept {}
}
#endif
