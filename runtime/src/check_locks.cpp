//===- runtime/src/check_locks.cpp - the locks and sections that a thread holds -----------------------------------------===//
#if FENCE_CHECKS
#  include "check_graph.h"
#  include "lock_classes.h"
#  include "shared_memory.h"

#  include <algorithm>

namespace fence::check {

namespace {

/// With the class, because a lock and its first member, another lock, are at one address.
held_lock *find(thread_record &thread, const fence_lock_class *lock_class, const void *lock) noexcept {
  for (unsigned i = thread.held_count; i--;)
    if (thread.held[i].lock == lock && thread.held[i].lock_class == lock_class)
      return &thread.held[i];
  return nullptr;
}
bool holds(const thread_record &thread, const void *lock) noexcept {
  for (unsigned i = 0; i < thread.held_count; ++i)
    if (thread.held[i].lock == lock)
      return true;
  return false;
}

/// Whether there is room for one more. What is outgrown is lost, because the checker gives nothing back: less than what there is then. The room
/// stays for the next thread.
bool has_room(thread_record &thread) noexcept {
  if (thread.held_count < thread.held_room) [[likely]]
    return true;
  if (thread.held_room == thread_record::held_capacity)
    return false;
  unsigned room = thread.held_room ? 2 * thread.held_room : 32;
  auto *held = static_cast<held_lock *>(own_memory(room * sizeof(held_lock)));
  if (!held)
    return false;
  std::copy_n(thread.held, thread.held_count, held);
  thread.held = held;
  thread.held_room = room;
  return true;
}

void push(thread_record &thread, const fence_lock_class *lock_class, const void *lock, unsigned node, unsigned how) noexcept {
  if (!has_room(thread)) {
    ++thread.unseen;
    finding found{.kind = FENCE_REPORT_CAPACITY};
    found.message.add("this thread holds more than %u locks; the checker does not see the rest", thread.held_room);
    report(found);
    return;
  }
  held_lock &top = thread.held[thread.held_count];
  top.lock_class = lock_class;
  top.lock = lock;
  top.node = node;
  top.how = how;
  capture(top.taken);
  ++thread.held_count;
}

bool pop(thread_record &thread, const fence_lock_class *lock_class, const void *lock) noexcept {
  held_lock *held = find(thread, lock_class, lock);
  if (!held)
    return thread.unseen && thread.unseen--;
  for (held_lock *end = &thread.held[--thread.held_count]; held != end; ++held)
    *held = held[1];
  return true;
}

void report_recursion(const held_lock &held, const char *what) noexcept {
  finding found{.kind = FENCE_REPORT_LOCK_RECURSION};
  describe_lock(found.message, held);
  found.message.add(" %s", what);
  found.other_title = "it was taken";
  found.other = held.taken;
  report(found);
}

/// Whether this thread can get stuck on itself, which is reported.
bool is_recursion(thread_record &thread, const fence_lock_class *lock_class, const void *lock, unsigned node, unsigned how) noexcept {
  // With a wound/wait context the lock itself answers (-EALREADY, -EDEADLK).
  if (how & FENCE_ACQUIRE_ORDERED)
    return false;
  for (unsigned i = 0; i < thread.held_count; ++i) {
    const held_lock &held = thread.held[i];
    if (held.how & how & FENCE_ACQUIRE_READ)
      continue;
    if (held.lock == lock && held.lock_class == lock_class) {
      report_recursion(held, "is taken again by the thread that holds it");
      return true;
    }
    if (node != no_node && held.node == node) {
      report_recursion(held, "is held, and another of its class is taken without saying by its nest which one comes first");
      return true;
    }
  }
  return false;
}

void acquired(thread_record &thread, fence_lock_class *lock_class, const void *lock, unsigned nest, unsigned how) noexcept {
  bool section = lock_class && lock_class->kind == FENCE_LOCK_SECTION;
  unsigned node = node_of(lock_class, nest);
  // To enter a section never waits; to wait for its end does. A try never waits.
  if (section && how & FENCE_ACQUIRE_WAITING)
    note_wait(node);
  bool waits = section ? (how & FENCE_ACQUIRE_WAITING) != 0 : !(how & FENCE_ACQUIRE_TRY);
  if (waits && !is_recursion(thread, lock_class, lock, node, how) && node != no_node)
    for (unsigned i = 0; i < thread.held_count; ++i)
      add_edge(thread.held[i], node);
  if (section && waits)
    return;
  if (lock_class && lock_class->kind == FENCE_LOCK_SPINS)
    note_interrupts(node);
  push(thread, lock_class, lock, node, how);
}

} // namespace
} // namespace fence::check

using namespace fence;
using namespace fence::check;

extern "C" {

void fence_check_acquired(fence_lock_class *lock_class, const void *lock, unsigned nest, unsigned how) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  if (thread_record *thread = this_thread())
    acquired(*thread, lock_class, lock, nest, how);
}

void fence_check_released(fence_lock_class *lock_class, const void *lock) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread || pop(*thread, lock_class, lock))
    return;
  finding found{.kind = FENCE_REPORT_NOT_HELD};
  describe_lock(found.message, {.lock_class = lock_class, .lock = lock, .node = no_node, .how = 0, .taken = {}});
  found.message.add(" is given back by a thread that does not hold it");
  report(found);
}

bool fence_check_was_held() noexcept { return entry_of_this_thread.busy || !entry_of_this_thread.found; }

void fence_check_held(const void *lock, const char *file, int line) noexcept {
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread || thread->unseen || holds(*thread, lock))
    return;
  finding found{.kind = FENCE_REPORT_NOT_HELD, .file = file, .line = line};
  found.message.add("the lock at %p has to be held here and is not", lock);
  report(found);
}

//===- Signalling sections -------------------------------------------------===//

void fence_check_begin_signalling() noexcept {
  if (current.signalling)
    return;
  FENCE_CHECK_ENTRY(entry, );
  thread_record *thread = this_thread();
  if (!thread)
    return;
  acquired(*thread, &signalling_class, &signalling_class, 0, FENCE_ACQUIRE_READ);
  guarded hold(thread->lock);
  thread->signalling_since = shared::now();
  capture(thread->signalling_begun);
}

bool fence_check_end_signalling(bool cookie) noexcept {
  if (current.signalling > 1 && cookie) [[likely]]
    return true;
  FENCE_CHECK_ENTRY(entry, current.signalling != 0);
  thread_record *thread = this_thread();
  if (!thread)
    return current.signalling != 0;
  if (!current.signalling || cookie != (current.signalling > 1)) {
    finding found{.kind = FENCE_REPORT_UNBALANCED};
    found.message.add(current.signalling ? "a fence signalling section is ended with the cookie of another one"
                                         : "a fence signalling section is ended that this thread has not begun");
    found.other_title = current.signalling ? "the section was begun" : nullptr;
    found.other = thread->signalling_begun;
    report(found);
  }
  if (current.signalling == 1) {
    pop(*thread, &signalling_class, &signalling_class);
    forget_expected(*thread);
    guarded hold(thread->lock);
    thread->signalling_since = 0;
  }
  return current.signalling != 0;
}

} // extern "C"
#endif
