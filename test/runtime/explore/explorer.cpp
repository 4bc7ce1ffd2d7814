// The scheduler: fibers, the choice between them, and the search over choices.
//
// A schedule is the list of choices made where more than one thread could go on; the search is depth first over that list, running the
// scenario anew each time. Without a bound on preemptions sleep sets leave out schedules that differ only in the order of steps on
// different addresses; with a bound they are not used, because the schedule that stands for others may need more preemptions than they do.
//
// Compiled without ThreadSanitizer, and nothing here that runs on a fiber is a template of the standard library: so it does not see that the
// switches order the threads, and reports each pair of accesses that only they kept apart.
#include "explorer.h"
#include "shared_memory.h"
#include "thread_state.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ucontext.h>
#include <unistd.h>

#if defined(__has_feature)
#  if __has_feature(address_sanitizer)
#    define FENCE_ASAN 1
#  endif
#endif
#ifdef __SANITIZE_ADDRESS__
#  define FENCE_ASAN 1
#endif
#ifdef FENCE_EXPLORE_UNDER_TSAN // This file itself is not instrumented, so it cannot ask the compiler.
extern "C" {
void __tsan_acquire(void *);
void __tsan_release(void *);
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned);
void __tsan_destroy_fiber(void *);
void __tsan_switch_to_fiber(void *, unsigned);
void __tsan_java_init(unsigned long, unsigned long);
void __tsan_java_alloc(unsigned long, unsigned long);
}
#endif
#ifdef FENCE_ASAN
#  include <sanitizer/asan_interface.h>
#  include <sanitizer/common_interface_defs.h>
#endif

namespace explore {
namespace {

constexpr std::size_t stack_size = 64 * 1024;
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

fiber fibers[engine::most_threads];
alignas(64) char stacks[engine::most_threads][stack_size];
ucontext_t outside;
#ifdef FENCE_EXPLORE_UNDER_TSAN
void *outside_tsan;
char spawned; ///< whoever starts a thread comes before it
#endif
#ifdef FENCE_ASAN
const void *outside_bottom;
std::size_t outside_size;
#endif
int count, running;
std::uint64_t clock_now;
unsigned long waits;

choice choices[most_choices];
int depth, known;
options asleep; ///< at the present state
int preemptions, most_preemptions;
bool by_sleep_sets, walking, telling;
std::uint64_t random_state;
int steps;
enum class outcome { running, passed, failed, pruned } ended;
const char *failure;

//===- Fibers ---------------------------------------------------------------===//

/// The fibers have one variable for their state in the runtime, since they are one kernel thread. ThreadSanitizer is told that it is new memory
/// each time; Java's collector is whom it lets say that.
void set_state(const fence::thread_state &state) noexcept {
  fence::current = state;
#ifdef FENCE_EXPLORE_UNDER_TSAN
  __tsan_java_alloc(reinterpret_cast<unsigned long>(&fence::current), sizeof fence::current);
#endif
}

void switch_to(int next) noexcept {
  int self = running;
  fibers[self].state = fence::current;
  running = next;
  set_state(fibers[next].state);
#ifdef FENCE_EXPLORE_UNDER_TSAN
  __tsan_release(&fibers[self].state); // Acquired after the schedule, so that the next one does not race with it.
  __tsan_switch_to_fiber(fibers[next].tsan, 1);
#endif
#ifdef FENCE_ASAN
  void *fake;
  __sanitizer_start_switch_fiber(&fake, stacks[next], stack_size);
#endif
  swapcontext(&fibers[self].context, &fibers[next].context);
#ifdef FENCE_ASAN
  __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
}

[[noreturn]] void leave(outcome how) noexcept {
  ended = how;
  engine::in_scenario = false;
#ifdef FENCE_EXPLORE_UNDER_TSAN
  __tsan_release(&fibers[running].state);
  __tsan_switch_to_fiber(outside_tsan, 1);
#endif
  // ASan: the fiber is not resumed, and `outside` takes its bounds from here.
#ifdef FENCE_ASAN
  __sanitizer_start_switch_fiber(nullptr, outside_bottom, outside_size);
#endif
  setcontext(&outside);
  __builtin_unreachable();
}

//===- The choice --------------------------------------------------------------===//

bool can_go_on(const fiber &f) noexcept {
  switch (f.pending) {
  case waits_for::nothing:
  case waits_for::step: return true;
  case waits_for::relax: return f.moved;
  case waits_for::ready: return f.ready(f.ready_of);
  case waits_for::wake:
  case waits_for::never: return false;
  }
  return false;
}

options what_can_happen() noexcept {
  options all = 0;
  for (int i = 0; i < count; ++i) {
    if (can_go_on(fibers[i]))
      all |= options{1} << i;
    if (fibers[i].pending == waits_for::wake && fibers[i].deadline != UINT64_MAX)
      all |= options{1} << (timeouts_from + i);
  }
  return all;
}

bool depend(int a, int b) noexcept {
  if (a >= static_cast<int>(timeouts_from) || b >= static_cast<int>(timeouts_from))
    return true; // The clock belongs to everybody.
  const fiber &one = fibers[a], &other = fibers[b];
  if (!one.address || !other.address)
    return false;
  if (one.only_reads && other.only_reads)
    return false;
  return one.address < other.address + other.size && other.address < one.address + one.size;
}

/// The first to be tried: whoever runs goes on; else the lowest number, threads before time.
int preferred(options open) noexcept {
  if (running >= 0 && open >> running & 1)
    return running;
  return __builtin_ctzll(open);
}

int choose(options all) noexcept {
  // Every place where more than one could go on is on the list, whatever the bounds make of it: so the list means the same without them.
  if (!(all & (all - 1))) {
    if (by_sleep_sets && !walking && (all & asleep))
      leave(outcome::pruned);
    return __builtin_ctzll(all);
  }
  if (depth < known)
    return choices[depth++].chosen;
  options open = all;
  int chosen;
  if (walking) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    for (std::uint64_t skip = random_state % static_cast<unsigned>(__builtin_popcountll(all)); skip; --skip)
      open &= open - 1;
    chosen = __builtin_ctzll(open);
  } else {
    if (by_sleep_sets)
      open &= ~asleep;
    else if (all >> running & 1 && preemptions >= most_preemptions)
      open = options{1} << running;
    if (!open)
      leave(outcome::pruned);
    chosen = preferred(open);
  }
  if (depth == most_choices)
    fail("too many choices in one schedule");
  choices[depth++] = {open, asleep, chosen};
  ++known;
  return chosen;
}

void tell(int chosen) noexcept {
  const fiber &f = fibers[chosen % static_cast<int>(timeouts_from)];
  const char *what = chosen >= static_cast<int>(timeouts_from)    ? "its wait times out"
                     : f.pending == waits_for::step               ? "step on"
                     : f.pending == waits_for::relax              ? "spins no longer for"
                     : f.pending == waits_for::ready              ? "is ready for"
                                                                  : "goes on";
  std::fprintf(stderr, "  %4d  %-12s %s", steps, f.name, what);
  if (f.address)
    std::fprintf(stderr, " %p", const_cast<const char *>(f.address));
  std::fputc('\n', stderr);
}

/// What every other thread would do stays asleep only as long as the chosen step has nothing to do with it.
void wake_dependents(int chosen, options before) noexcept {
  asleep = 0;
  for (options left = before & ~(options{1} << chosen); left; left &= left - 1) {
    int other = __builtin_ctzll(left);
    if (other % static_cast<int>(timeouts_from) != chosen % static_cast<int>(timeouts_from) && !depend(other, chosen))
      asleep |= options{1} << other;
  }
}

/// This thread has said what it wants; somebody goes on.
void schedule() noexcept {
  options all = what_can_happen();
  if (!all)
    fail("nobody can go on: a deadlock, or a wake-up that was lost");
  if (++steps > most_steps)
    fail("the schedule does not end");
  bool could_stay = all >> running & 1;
  int chosen = choose(all);
  if (by_sleep_sets && !walking)
    // What was open before this one at the same place has been explored: it sleeps.
    wake_dependents(chosen, (depth && (all & (all - 1)) ? choices[depth - 1].sleep : asleep));
  if (could_stay && chosen != running)
    ++preemptions;
  if (telling)
    tell(chosen);
  int next = chosen % static_cast<int>(timeouts_from);
  fiber &f = fibers[next];
  f.timed_out = chosen >= static_cast<int>(timeouts_from);
  if (f.timed_out && clock_now < f.deadline)
    clock_now = f.deadline;
  f.pending = waits_for::nothing;
  if (next != running)
    switch_to(next);
}

void moved_on(const volatile void *address) noexcept {
  for (int i = 0; i < count; ++i)
    if (i != running && fibers[i].relaxed_on == address)
      fibers[i].moved = true;
}

void start_of_fiber() noexcept {
#ifdef FENCE_ASAN
  const void *from;
  std::size_t size;
  __sanitizer_finish_switch_fiber(nullptr, &from, &size);
  if (running == 0) {
    outside_bottom = from;
    outside_size = size;
  }
#endif
  fiber &self = fibers[running];
#ifdef FENCE_EXPLORE_UNDER_TSAN
  __tsan_acquire(&spawned);
#endif
  self.run(self.what);
  fence::end_of_thread();
  engine::release(&self);
  self.pending = waits_for::never;
  if (running == 0)
    leave(outcome::passed);
  schedule();
  __builtin_unreachable();
}

void start(const char *name, void (*run)(void *), void *what) noexcept {
  if (count == engine::most_threads)
    fail("too many threads");
  fiber &f = fibers[count];
#ifdef FENCE_EXPLORE_UNDER_TSAN
  void *tsan = f.tsan;
  // One that was left in the middle still has its calls on ThreadSanitizer's stack.
  if (tsan && f.pending != waits_for::never) {
    __tsan_destroy_fiber(tsan);
    tsan = nullptr;
  }
#endif
  std::memset(static_cast<void *>(&f), 0, sizeof f);
#ifdef FENCE_EXPLORE_UNDER_TSAN
  f.tsan = tsan ? tsan : __tsan_create_fiber(0);
  __tsan_release(&spawned);
#endif
#ifdef FENCE_ASAN
  ASAN_UNPOISON_MEMORY_REGION(stacks[count], stack_size);
#endif
  f.name = name;
  f.run = run;
  f.what = what;
  f.pending = waits_for::nothing;
  getcontext(&f.context);
  f.context.uc_stack = {stacks[count], 0, stack_size};
  makecontext(&f.context, start_of_fiber, 0);
  ++count;
}

} // namespace

//===- What scenarios and models call --------------------------------------------===//

void fail(const char *what) noexcept {
  failure = what;
  leave(outcome::failed);
}

namespace engine {
int self() noexcept { return running; }
void step(const volatile void *address, std::size_t size, bool only_reads) noexcept {
  if (!in_scenario)
    return;
  fiber &f = fibers[running];
  f.only_reads = only_reads;
  f.pending = waits_for::step;
  f.address = static_cast<const volatile char *>(address);
  f.size = size;
  schedule();
  f.last_step = address;
  if (!only_reads)
    moved_on(address);
  if (const char *fault = fault_of(address))
    fail(fault);
}
void block(bool (*ready)(const void *), const void *what, const void *address) noexcept {
  fiber &f = fibers[running];
  f.pending = waits_for::ready;
  f.only_reads = false;
  f.address = static_cast<const char *>(address);
  f.size = 1;
  f.ready = ready;
  f.ready_of = what;
  schedule();
}
#ifdef FENCE_EXPLORE_UNDER_TSAN
void acquire(const void *address) noexcept { __tsan_acquire(const_cast<void *>(address)); }
void release(const void *address) noexcept { __tsan_release(const_cast<void *>(address)); }
#else
void acquire(const void *) noexcept {}
void release(const void *) noexcept {}
#endif
} // namespace engine

namespace {
bool all_have_ended(const void *) noexcept {
  for (int i = 2; i < count; ++i)
    if (fibers[i].pending != waits_for::never)
      return false;
  return engine::rcu_is_idle() && fibers[1].pending == waits_for::ready;
}
bool reclaimer_has_ended(const void *) noexcept { return fibers[1].pending == waits_for::never; }
} // namespace

void threads_of(const body *bodies, int number) {
  for (int i = 0; i < number; ++i)
    start(bodies[i].name, bodies[i].run, bodies[i].what);
  engine::block(all_have_ended, nullptr, nullptr);
  for (int i = 2; i < count; ++i)
    engine::acquire(&fibers[i]);
}

void scribble_on_stack() noexcept {
  volatile char gone[2048];
  for (volatile char &byte : gone)
    byte = static_cast<char>(0xdd);
}

//===- The search -----------------------------------------------------------------===//

namespace {

void (*scenario_of_this_run)();

void main_thread(void *) noexcept {
  start("reclaimer", [](void *) { engine::reclaim(); }, nullptr);
  scenario_of_this_run();
  engine::block(all_have_ended, nullptr, nullptr);
  engine::stop_reclaimer();
  engine::block(reclaimer_has_ended, nullptr, nullptr);
}

void run_once() noexcept {
  count = depth = preemptions = steps = 0;
  running = 0;
  asleep = 0;
  clock_now = 1'000'000'000;
  waits = 0;
  engine::reset_rcu();
  engine::reset_arena();
  fence::thread_state kept = fence::current;
  set_state({});
  ended = outcome::running;
  start("main", main_thread, nullptr);
#ifdef FENCE_EXPLORE_UNDER_TSAN
  outside_tsan = __tsan_get_current_fiber();
#endif
  volatile bool back = false;
  getcontext(&outside);
  if (!back) {
    back = true;
    engine::in_scenario = true;
#ifdef FENCE_EXPLORE_UNDER_TSAN
    __tsan_switch_to_fiber(fibers[0].tsan, 1);
#endif
#ifdef FENCE_ASAN
    void *fake;
    __sanitizer_start_switch_fiber(&fake, stacks[0], stack_size);
#endif
    setcontext(&fibers[0].context);
  }
#ifdef FENCE_ASAN
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
#ifdef FENCE_EXPLORE_UNDER_TSAN
  for (int i = 0; i < count; ++i)
    __tsan_acquire(&fibers[i].state);
#endif
  set_state(kept);
  if (ended == outcome::passed && engine::blocks_in_use()) {
    ended = outcome::failed;
    failure = "memory is still in use at the end";
  }
}

/// The next list of choices, or false after the last.
bool advance() noexcept {
  while (known) {
    choice &last = choices[known - 1];
    options done = options{1} << last.chosen;
    last.open &= ~done;
    if (by_sleep_sets)
      last.sleep |= done;
    if (last.open) {
      last.chosen = __builtin_ctzll(last.open);
      return true;
    }
    --known;
  }
  return false;
}

void print_replay(const char *name) noexcept {
  std::fprintf(stderr, "run it again: FENCE_EXPLORE_REPLAY=%s:", name);
  constexpr int worth_printing = 1000;
  for (int i = 0; i < depth && i < worth_printing; ++i)
    std::fprintf(stderr, "%s%d", i ? "." : "", choices[i].chosen);
  std::fputc('\n', stderr);
}

const char *name_of_this_run;
[[maybe_unused]] void on_crash(int) noexcept { // AddressSanitizer has a handler of its own.
  std::fprintf(stderr, "explore: %s: the program crashed in this schedule\n", name_of_this_run);
  print_replay(name_of_this_run);
  _exit(1);
}

void report(const char *name) noexcept {
  std::fprintf(stderr, "explore: %s: %s (after %d steps)\n", name, failure, steps);
  for (int i = 0; i < count; ++i)
    std::fprintf(stderr, "  %-12s %s\n", fibers[i].name,
                 fibers[i].pending == waits_for::never   ? "has ended"
                 : fibers[i].pending == waits_for::wake  ? "sleeps"
                 : fibers[i].pending == waits_for::relax ? "spins"
                 : fibers[i].pending == waits_for::ready ? "waits for a grace period or for the others"
                                                         : "runs");
  print_replay(name);
}

/// Whether FENCE_EXPLORE_REPLAY asks for a schedule of this scenario; then its choices are the known ones.
bool is_replayed(const char *name) noexcept {
  const char *text = std::getenv("FENCE_EXPLORE_REPLAY");
  std::size_t length = std::strlen(name);
  if (!text || std::strncmp(text, name, length) != 0 || text[length] != ':')
    return false;
  text += length + 1;
  for (known = 0; *text && known < most_choices; text += *text == '.')
    choices[known++] = {0, 0, static_cast<int>(std::strtol(text, const_cast<char **>(&text), 10))};
  return true;
}

} // namespace

bounds as_far_as_this_build_goes(bounds full) noexcept {
#if defined(FENCE_EXPLORE_UNDER_TSAN) || defined(FENCE_ASAN)
  full.preemptions = 1;
#endif
  const char *most = std::getenv("FENCE_EXPLORE_PREEMPTIONS");
  if (most && full.preemptions > std::atoi(most))
    full.preemptions = std::atoi(most);
  return full;
}

result run(const char *name, void (*scenario)(), bounds limits) {
  scenario_of_this_run = scenario;
  name_of_this_run = name;
#ifndef FENCE_ASAN
  static char handlers_stack[64 * 1024];
  stack_t other = {};
  other.ss_sp = handlers_stack;
  other.ss_size = sizeof handlers_stack;
  sigaltstack(&other, nullptr);
  struct sigaction crash = {};
  crash.sa_handler = on_crash;
  crash.sa_flags = SA_ONSTACK;
  sigaction(SIGSEGV, &crash, nullptr);
  sigaction(SIGABRT, &crash, nullptr);
#endif
#ifdef FENCE_EXPLORE_UNDER_TSAN
  static bool told = false;
  if (!told)
    __tsan_java_init(reinterpret_cast<unsigned long>(&fence::current), sizeof fence::current);
  told = true;
#endif
  result total = {false, false, 0, 0, 0};
  known = 0;
  walking = false;
  telling = is_replayed(name);
  by_sleep_sets = limits.preemptions == any_number && !telling;
  most_preemptions = limits.preemptions;
  auto once = [&] {
    run_once();
    ++(ended == outcome::pruned ? total.pruned : total.schedules);
    if (steps > total.steps)
      total.steps = steps;
    total.failed = ended == outcome::failed;
    if (total.failed)
      report(name);
    return !total.failed;
  };
  if (telling) {
    most_preemptions = most_steps;
    once();
    total.complete = true;
    return total;
  }
  do {
    if (!once())
      return total;
    if (total.schedules + total.pruned >= limits.schedules)
      return total;
  } while (advance());
  total.complete = true;
  long searched = total.schedules;
  walking = true;
  for (long i = 0; i < limits.walks && !total.failed; ++i) {
    known = 0;
    random_state = 0x9e3779b97f4a7c15u * static_cast<std::uint64_t>(i + 1);
    once();
  }
  std::printf("explored %s: %ld schedules", name, searched);
  if (by_sleep_sets)
    std::printf(" (all; %ld more were found equivalent on the way)", total.pruned);
  else
    std::printf(" (all with up to %d preemptions)", limits.preemptions);
  std::printf(", %ld random ones, up to %ld steps\n", limits.walks, total.steps);
  return total;
}

} // namespace explore

//===- What the runtime's sources call ----------------------------------------------===//

namespace fence::shared {

using namespace explore;

void step(const volatile void *address) noexcept { engine::step(address); }
void step_to_read(const volatile void *address) noexcept { engine::step(address, 1, true); }

bool wait(std::uint32_t *word, std::uint32_t expected, std::uint64_t deadline) noexcept {
  fiber &f = fibers[running];
  engine::step(word);
  f.only_reads = false;
  if (*word != expected)
    return true;
  f.pending = waits_for::wake;
  f.address = reinterpret_cast<const char *>(word);
  f.size = 1;
  f.deadline = deadline;
  f.since = ++waits;
  schedule();
  return !f.timed_out;
}

void wake(std::uint32_t *word, int number) noexcept {
  // As for the kernel, the word is only an address here: what it lay in may have gone.
  fiber &self = fibers[running];
  self.pending = waits_for::step;
  self.only_reads = false;
  self.address = reinterpret_cast<const char *>(word);
  self.size = 1;
  schedule();
  while (number-- > 0) {
    fiber *first = nullptr;
    for (int i = 0; i < count; ++i)
      if (fibers[i].pending == waits_for::wake && fibers[i].address == self.address && (!first || fibers[i].since < first->since))
        first = &fibers[i];
    if (!first)
      return;
    first->pending = waits_for::nothing;
    first->address = nullptr;
  }
}

std::uint64_t now() noexcept { return clock_now; }

void relax() noexcept {
  fiber &f = fibers[running];
  // One spin may be in vain, for whoever counts them; to spin on would only repeat what it has seen.
  bool in_vain = f.relaxed_on == f.last_step && !f.moved;
  f.pending = in_vain ? waits_for::relax : waits_for::step;
  f.relaxed_on = f.last_step;
  f.only_reads = true;
  f.address = static_cast<const volatile char *>(f.last_step);
  f.size = 1;
  f.moved = false;
  schedule();
}

} // namespace fence::shared
