//===- runtime/src/check_thread.cpp - the checker's record of a thread, from its first check to its end ---------------===//
#if FENCE_CHECKS
#  include "check_thread.h"

#  include "check_graph.h"

#  include <cstring>
#  include <pthread.h>
#  include <unistd.h>

namespace fence::check {

namespace {

__thread thread_record *mine __attribute__((tls_model("initial-exec")));
thread_record *newest; ///< every record there ever was: only added to

pthread_key_t key;
bool have_key;

void look_last(thread_record &thread) noexcept {
  if (!thread.ended)
    report_left_behind(thread, "a thread ends");
  thread.ended = true;
}

/// Of a thread of which the runtime itself keeps nothing; else it has been looked at before.
void thread_ends(void *record) noexcept {
  auto *thread = static_cast<thread_record *>(record);
  entry_of_this_thread = {true, __builtin_return_address(0), false};
  look_last(*thread);
  mine = nullptr;
  guarded hold(thread->lock);
  thread->in_use = false;
  thread->signalling_since = 0;
  entry_of_this_thread.busy = false;
}

thread_record *take_over_ended() noexcept {
  for (thread_record *at = first_thread(); at; at = at->next) {
    guarded hold(at->lock);
    if (!at->in_use) {
      at->in_use = true;
      return at;
    }
  }
  return nullptr;
}

thread_record *make() noexcept {
  auto *record = static_cast<thread_record *>(own_memory(sizeof(thread_record)));
  if (!record)
    return nullptr;
  record->in_use = true;
  record->next = __atomic_load_n(&newest, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(&newest, &record->next, record, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
  }
  return record;
}

[[gnu::cold, gnu::noinline]] FENCE_AUDITED("once per thread") thread_record *first_use() noexcept {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, [] { have_key = pthread_key_create(&key, thread_ends) == 0; });
  thread_record *record = take_over_ended();
  if (!record)
    record = make();
  if (!record)
    return nullptr;
  record->id = static_cast<int>(gettid());
  record->held_count = record->callback_count = record->releasing = 0;
  record->unseen = 0;
  record->expects = record->ended = false;
  mine = record;
  if (have_key)
    pthread_setspecific(key, record);
  return record;
}

constexpr const char *lock_words[] = {"spinlock", "lock", "section"};

} // namespace

thread_record *this_thread() noexcept { return mine ? mine : first_use(); }
thread_record *first_thread() noexcept { return __atomic_load_n(&newest, __ATOMIC_ACQUIRE); }

void describe_lock(text &into, const held_lock &held) noexcept {
  if (held.lock_class)
    into.add("%s '%s'", lock_words[held.lock_class->kind % 3], held.lock_class->name);
  else
    into.add("a lock without class (%p)", held.lock);
}

void describe_context(text &into) noexcept {
  const char *separator = "";
  auto add = [&](bool is, const char *what) {
    if (!is)
      return;
    into.add("%s%s", separator, what);
    separator = ", ";
  };
  add(current.preempt_off() && current.irqs_off(), "preemption and interrupts are disabled");
  add(current.preempt_off() && !current.irqs_off(), "preemption is disabled");
  add(!current.preempt_off() && current.irqs_off(), "interrupts are disabled");
  add(current.hardirq, "in a hard interrupt");
  add(current.softirq, "in a soft interrupt");
  add(current.rcu, "in an RCU read-side section");
  add(current.callback, "in a fence callback");
  add(current.signalling, "in a fence signalling section");
}

void explain_atomic(const thread_record &thread, finding &what) noexcept {
  for (unsigned i = thread.held_count; i--;) {
    const held_lock &held = thread.held[i];
    if (held.lock_class && held.lock_class->kind == FENCE_LOCK_SPINS) {
      what.details.add("it holds ");
      describe_lock(what.details, held);
      what.details.add("\n");
      what.other_title = "the spinlock was taken";
      what.other = held.taken;
      return;
    }
  }
  struct {
    unsigned level;
    section which;
    const char *title;
  } const parts[] = {
      {current.preempt_off(), section::preempt, "preemption was disabled"}, {current.irqs_off(), section::irqs, "interrupts were disabled"},
      {current.hardirq, section::hardirq, "the interrupt was entered"},     {current.softirq, section::softirq, "the soft interrupt was entered"},
      {current.rcu, section::rcu, "the RCU reader was entered"},
  };
  for (const auto &part : parts)
    if (part.level) {
      what.other_title = part.title;
      what.other = thread.entered[static_cast<unsigned>(part.which)];
      return;
    }
}

bool report_left_behind(thread_record &thread, const char *message) noexcept {
  if (!thread.held_count && !current.atomic() && !current.signalling && !current.first_deferred)
    return false;
  finding found{.kind = FENCE_REPORT_LEFT_BEHIND};
  found.message.add("%s with something held: ", message);
  describe_context(found.message);
  if (thread.held_count) {
    found.message.add("%s%u held", current.atomic() || current.signalling ? ", " : "", thread.held_count);
    found.other_title = "the last of them was taken";
    found.other = thread.held[thread.held_count - 1].taken;
  } else {
    explain_atomic(thread, found);
  }
  for (unsigned i = 0; i < thread.held_count; ++i) {
    describe_lock(found.details, thread.held[i]);
    found.details.add("\n");
  }
  if (current.first_deferred)
    found.details.add("what it has deferred (wake-ups, work) comes only now\n");
  report(found);
  return true;
}

} // namespace fence::check

extern "C" void fence_check_thread_ends() noexcept {
  using namespace fence::check;
  FENCE_CHECK_ENTRY(entry, );
  if (mine)
    look_last(*mine);
}
#endif
