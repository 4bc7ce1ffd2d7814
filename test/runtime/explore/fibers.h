// What the parts of the explorer share: the fibers, what each waits for, and the list of choices that is a schedule.
//
// None of this is instrumented by ThreadSanitizer, and nothing that runs on a fiber is a template of the standard library: so it does not see that
// the scheduler's switches order the threads, and reports each pair of accesses that only they kept apart.
#ifndef FENCE_EXPLORE_FIBERS_H
#define FENCE_EXPLORE_FIBERS_H

#include "explorer.h"
#include "thread_state.h"

#include <cstdint>
#include <ucontext.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FENCE_ASAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define FENCE_ASAN 1
#endif

namespace explore::engine {

constexpr int most_choices = 4096, most_steps = 4096;
using options = std::uint64_t; ///< bit i: thread i goes on; bit 32 + i: its wait times out
constexpr options timeouts_from = 32;

enum class waits_for { nothing, step, relax, wake, ready, never };

struct fiber {
  ucontext_t context;
  const char *name;
  void (*run)(void *);
  void *what;
  fence::thread_state state;
  // What it will do when it is let on, or what it waits for.
  waits_for pending;
  const volatile char *address; ///< null: of its own
  std::size_t size;
  bool only_reads;
  const volatile void *last_step;
  const volatile void *relaxed_on;
  bool moved; ///< somebody else has stepped on relaxed_on since
  std::uint64_t deadline;
  unsigned long since; ///< wakes go to whoever waits longest
  bool timed_out;
  bool (*ready)(const void *);
  const void *ready_of;
  void *tsan;
};

struct choice {
  options open;  ///< still to be tried, the chosen one included
  options sleep; ///< what another schedule covers
  int chosen;
};
// The running schedule.
extern fiber fibers[most_threads];
extern int count, running;
extern std::uint64_t clock_now;
extern int steps;
enum class outcome { running, passed, failed, pruned };
extern outcome ended;
extern const char *failure;

// The list of choices, and how it is searched.
extern choice choices[most_choices];
extern int depth, known;
extern int preemptions, most_preemptions;
extern bool by_sleep_sets, walking, telling;
extern std::uint64_t random_state;
extern options asleep; ///< at the present state

/// This thread has said what it wants; somebody goes on.
void schedule() noexcept;
/// Goes on with that thread where it stopped.
void switch_to(int next) noexcept;
/// Ends the schedule; what its threads have on their stacks is forgotten.
[[noreturn]] void leave(outcome how) noexcept;
/// Runs the scenario once, with the choices that are known and then with new ones.
void run_once(void (*scenario)()) noexcept;
/// Makes the next list of choices known, or returns false after the last.
bool advance() noexcept;

} // namespace explore::engine
#endif
