//===- runtime/src/check_thread.h - what the checker keeps per thread -----------------------------------------------===//
//
// Next to thread_state.h, which every build has: the locks a thread holds, and where it entered what it is in.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_THREAD_H
#define FENCE_SRC_CHECK_THREAD_H

#include "check.h"
#include "check_entry.h"
#include "check_memory.h"
#include "check_report.h"
#include "check_stack.h"
#include "thread_state.h"

namespace fence::check {

struct held_lock {
  const fence_lock_class *lock_class; ///< null: of no class
  const void *lock;
  unsigned node; ///< in the graph of classes; no_node without class
  unsigned how;
  short_stack taken;
};

struct running_callback {
  const dma_fence *fence;
  const dma_fence_cb *cb;
  std::uint64_t held_back;
  unsigned rcu, signalling, held_count;
};

struct thread_record {
  /// A submission locks every buffer it uses: hundreds, all at a time.
  static constexpr unsigned held_capacity = 4096, callback_capacity = 32;

  int id; ///< as gettid()
  unsigned held_count, held_room;
  held_lock *held; ///< room for held_room
  short_stack entered[section_count]; ///< the outermost level of each
  unsigned callback_count;
  running_callback callbacks[callback_capacity];
  unsigned releasing; ///< fences' releases that are running
  bool ended;         ///< has been looked at for the last time
  bool expects;       ///< has said of a fence that its section will signal it
  unsigned unseen;    ///< locks that did not fit: what is given back may be one of them

  // What the dump reads from other threads.
  thread_record *next;
  quiet_lock lock;
  bool in_use;
  std::uint64_t signalling_since; ///< 0: not in a section
  short_stack signalling_begun;
};

/// The calling thread's; null if there is no memory for it, or when it is about to end.
thread_record *this_thread() noexcept;
/// Of all threads; goes on with next.
thread_record *first_thread() noexcept;

void describe_lock(text &into, const held_lock &held) noexcept;
/// Its signalling section ends.
void forget_expected(thread_record &thread) noexcept;

/// "preemption and interrupts are disabled, in a fence callback".
void describe_context(text &into) noexcept;
/// The stack that explains why this thread is atomic, for the other side of a report.
void explain_atomic(const thread_record &thread, finding &what) noexcept;
/// Reports what the thread still holds or is in, as a finding of that kind that begins with `message`. Whether there was something.
bool report_left_behind(thread_record &thread, const char *message) noexcept;

} // namespace fence::check
#endif
