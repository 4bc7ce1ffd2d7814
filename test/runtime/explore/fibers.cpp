// The fibers: made for each schedule, switched between, left behind when it ends early.
#include "fibers.h"

#include <cstring>

#ifdef FENCE_EXPLORE_UNDER_TSAN // These files are not instrumented, so they cannot ask the compiler.
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
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace explore {
namespace engine {

fiber fibers[most_threads];
int count, running;
std::uint64_t clock_now;
int steps;
outcome ended;
const char *failure;

namespace {

constexpr std::size_t stack_size = 64 * 1024;
alignas(64) char stacks[most_threads][stack_size];
ucontext_t outside;
#ifdef FENCE_EXPLORE_UNDER_TSAN
void *outside_tsan;
char spawned; ///< whoever starts a thread comes before it
#endif
#ifdef FENCE_ASAN
const void *outside_bottom;
std::size_t outside_size;
#endif

/// The fibers have one variable for their state in the runtime, since they are one kernel thread. ThreadSanitizer is told that it is new memory
/// each time; Java's collector is whom it lets say that.
void set_state(const fence::thread_state &state) noexcept {
  fence::current = state;
#ifdef FENCE_EXPLORE_UNDER_TSAN
  __tsan_java_alloc(reinterpret_cast<unsigned long>(&fence::current), sizeof fence::current);
#endif
}
} // namespace

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
  in_scenario = false;
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

//===- Their lives --------------------------------------------------------------===//

namespace {

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
  release(&self);
  self.pending = waits_for::never;
  if (running == 0)
    leave(outcome::passed);
  schedule();
  __builtin_unreachable();
}

void start(const char *name, void (*run)(void *), void *what) noexcept {
  if (count == most_threads)
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

bool all_have_ended(const void *) noexcept {
  for (int i = 2; i < count; ++i)
    if (fibers[i].pending != waits_for::never)
      return false;
  return rcu_is_idle() && fibers[1].pending == waits_for::ready;
}
bool reclaimer_has_ended(const void *) noexcept { return fibers[1].pending == waits_for::never; }

void (*scenario_of_this_run)();

void main_thread(void *) noexcept {
  start("reclaimer", [](void *) { reclaim(); }, nullptr);
  scenario_of_this_run();
  block(all_have_ended, nullptr, nullptr);
  stop_reclaimer();
  block(reclaimer_has_ended, nullptr, nullptr);
}

} // namespace

void run_once(void (*scenario)()) noexcept {
  scenario_of_this_run = scenario;
  count = depth = preemptions = steps = 0;
  running = 0;
  asleep = 0;
  clock_now = 1'000'000'000;
  reset_rcu();
  reset_arena();
  fence::thread_state kept = fence::current;
  set_state({});
  ended = outcome::running;
  start("main", main_thread, nullptr);
#ifdef FENCE_EXPLORE_UNDER_TSAN
  static bool told = false;
  if (!told)
    __tsan_java_init(reinterpret_cast<unsigned long>(&fence::current), sizeof fence::current);
  told = true;
  outside_tsan = __tsan_get_current_fiber();
#endif
  volatile bool back = false;
  getcontext(&outside);
  if (!back) {
    back = true;
    in_scenario = true;
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
  if (ended == outcome::passed && blocks_in_use()) {
    ended = outcome::failed;
    failure = "memory is still in use at the end";
  }
}

//===- What orders them ------------------------------------------------------------===//

#ifdef FENCE_EXPLORE_UNDER_TSAN
void acquire(const void *address) noexcept { __tsan_acquire(const_cast<void *>(address)); }
void release(const void *address) noexcept { __tsan_release(const_cast<void *>(address)); }
#else
void acquire(const void *) noexcept {}
void release(const void *) noexcept {}
#endif

} // namespace engine

void threads_of(const body *bodies, int number) {
  for (int i = 0; i < number; ++i)
    engine::start(bodies[i].name, bodies[i].run, bodies[i].what);
  engine::block(engine::all_have_ended, nullptr, nullptr);
  for (int i = 2; i < engine::count; ++i)
    engine::acquire(&engine::fibers[i]);
}

} // namespace explore
