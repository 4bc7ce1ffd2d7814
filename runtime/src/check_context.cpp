//===- runtime/src/check_context.cpp - what may not happen in the context that a thread is in --------------------------===//
#if FENCE_CHECKS
#  include "check_graph.h"
#  include "lock_classes.h"

#  include <fence/memory.h>

namespace fence::check {

namespace {

constexpr const char *section_names[section_count] = {"preemption off", "interrupts off", "a hard interrupt", "a soft interrupt",
                                                      "an RCU reader"};

unsigned level_of(section which) noexcept {
  switch (which) {
  case section::preempt: return current.preempt_off();
  case section::irqs: return current.irqs_off();
  case section::hardirq: return current.hardirq;
  case section::softirq: return current.softirq;
  case section::rcu: return current.rcu;
  }
  return 0;
}

void report_sleep(thread_record &thread, const char *what, const char *file, int line) noexcept {
  finding found{.kind = FENCE_REPORT_SLEEP_IN_ATOMIC, .file = file, .line = line};
  found.message.add("%s, but nothing may sleep here: ", what);
  describe_context(found.message);
  explain_atomic(thread, found);
  report(found);
}

/// The thread is in a signalling section and does what such a section must not.
void report_while_signalling(thread_record &thread, fence_report_kind kind, const char *what) noexcept {
  finding found{.kind = kind};
  found.message.add("%s in a fence signalling section", what);
  found.other_title = "the section was begun";
  found.other = thread.signalling_begun;
  report(found);
}

void report_in_callback(thread_record &thread, fence_report_kind kind, const char *what) noexcept {
  finding found{.kind = kind};
  found.message.add("%s in a fence callback", what);
  explain_atomic(thread, found);
  report(found);
}

void wait_for_section(thread_record &thread, fence_lock_class *lock_class) noexcept {
  unsigned node = node_of(lock_class, 0);
  for (unsigned i = 0; i < thread.held_count; ++i)
    add_edge(thread.held[i], node);
}

} // namespace
} // namespace fence::check

using namespace fence;
using namespace fence::check;

extern "C" {

void fence_check_might_sleep(const char *file, int line) noexcept {
  if (!current.atomic()) [[likely]]
    return;
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread())
    report_sleep(*thread, "something that may sleep", file, line);
}

void fence_check_enter(section which) noexcept {
  if (level_of(which))
    return;
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread())
    capture(thread->entered[static_cast<unsigned>(which)]);
}

bool fence_check_leave(section which) noexcept {
  if (level_of(which)) [[likely]]
    return true;
  FENCE_CHECK_ENTRY(entry, false);
  finding found{.kind = FENCE_REPORT_UNBALANCED};
  found.message.add("%s is left, which this thread is not in", section_names[static_cast<unsigned>(which)]);
  report(found);
  return false;
}

bool fence_check_irq_restore(unsigned long flags) noexcept {
  if (!fence_check_leave(section::irqs))
    return false;
  if (flags + 1 == current.irqs_off()) [[likely]]
    return true;
  FENCE_CHECK_ENTRY(entry, true);
  finding found{.kind = FENCE_REPORT_UNBALANCED};
  found.message.add("interrupts get back a state that is not the one of the last save: %lu levels off, of %u", flags, current.irqs_off());
  if (thread_record *thread = this_thread()) {
    found.other_title = "interrupts were disabled first";
    found.other = thread->entered[static_cast<unsigned>(section::irqs)];
  }
  report(found);
  return flags < current.irqs_off();
}

void fence_check_alloc(unsigned flags) noexcept {
  bool may_wait = (flags & FENCE_GFP_MAY_WAIT) != 0;
  if (!may_wait && !current.callback) [[likely]]
    return;
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread)
    return;
  if (current.callback && (may_wait || !thread->releasing)) {
    report_in_callback(*thread, FENCE_REPORT_ALLOC_IN_CALLBACK, "memory is allocated");
  } else if (!may_wait) {
    return;
  } else if (current.atomic()) {
    finding found{.kind = FENCE_REPORT_ALLOC_IN_ATOMIC};
    found.message.add("an allocation that may wait for memory, but nothing may sleep here: ");
    describe_context(found.message);
    explain_atomic(*thread, found);
    report(found);
  } else if (current.signalling) {
    report_while_signalling(*thread, FENCE_REPORT_ALLOC_IN_ATOMIC, "an allocation that may wait for memory");
  } else if (thread->held_count) {
    wait_for_section(*thread, &reclaim_class);
  }
}

void fence_check_free(const void *memory) noexcept {
  if (!current.callback || !memory) [[likely]]
    return;
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread(); thread && !thread->releasing)
    report_in_callback(*thread, FENCE_REPORT_ALLOC_IN_CALLBACK, "memory is given back");
}

void fence_check_release_begin() noexcept {
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread())
    ++thread->releasing;
}
void fence_check_release_end() noexcept {
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread(); thread && thread->releasing)
    --thread->releasing;
}

void fence_check_fence_wait(const dma_fence *) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread)
    return;
  if (current.callback)
    report_in_callback(*thread, FENCE_REPORT_WAIT_IN_CALLBACK, "a fence is waited for");
  else if (current.signalling)
    report_while_signalling(*thread, FENCE_REPORT_WAIT_WHILE_SIGNALLING, "a fence is waited for");
  else if (current.atomic())
    report_sleep(*thread, "a fence is waited for", nullptr, 0);
  else if (thread->held_count)
    wait_for_section(*thread, &signalling_class);
}

void fence_check_idle(const char *what) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread())
    report_left_behind(*thread, what);
}

} // extern "C"
#endif
