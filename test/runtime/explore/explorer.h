// Runs a scenario through every interleaving of its threads.
//
// The runtime's sources are compiled with FENCE_EXPLORE, so each access to shared memory first comes here, and here one thread at a time is let on.
// Threads are fibers of one kernel thread: a switch costs a fraction of a microsecond and a schedule is repeatable to the byte.
// What it takes for granted: accesses between two steps do not race (the same scenarios run under ThreadSanitizer, which is not told about
// the scheduler's switches), and memory is sequentially consistent.
#ifndef FENCE_EXPLORE_EXPLORER_H
#define FENCE_EXPLORE_EXPLORER_H

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace explore {

/// One thread of a scenario. Refers to the callable, which has to outlive threads().
struct body {
  const char *name;
  void (*run)(void *);
  void *what;
  template <class F>
  body(const char *n, F &&f)
      : name(n), run([](void *self) { (*static_cast<std::remove_reference_t<F> *>(self))(); }),
        what(const_cast<void *>(static_cast<const void *>(&f))) {}
};

/// Called once by a scenario: runs the threads in some order and returns when they and the reclaimer have nothing left to do.
void threads_of(const body *bodies, int count);
template <class... Body> void threads(Body &&...bodies) {
  const body all[] = {bodies...};
  threads_of(all, sizeof...(bodies));
}

/// Ends this schedule, and the exploration, as a failure.
[[noreturn]] void fail(const char *what) noexcept;
inline void check(bool holds, const char *what) noexcept {
  if (!holds)
    fail(what);
}
#define EXPLORE_CHECK(condition) ::explore::check(condition, #condition)

/// Fills stack that is no longer used, so that whoever still reads a frame that has gone reads nonsense.
void scribble_on_stack() noexcept;

constexpr int any_number = -1;
struct bounds {
  int preemptions = any_number; ///< how often a thread that could go on is stopped; any_number explores everything
  long schedules = 2'000'000;   ///< more than this is a failure: the bound above was meant to be reached
  long walks = 200;             ///< random schedules after that, without a bound on preemptions
};
struct result {
  bool failed, complete;
  long schedules, pruned;
  long steps; ///< of the longest schedule
};
/// What a build that is slowed down by a sanitizer explores of that, or FENCE_EXPLORE_PREEMPTIONS in the environment lets it.
bounds as_far_as_this_build_goes(bounds full) noexcept;
/// Explores `scenario`. Prints what failed and how to run that schedule again.
result run(const char *name, void (*scenario)(), bounds limits);

//===- For the models that stand in for the kernel and for liburcu ---------------===//

namespace engine {
constexpr int most_threads = 8;
extern const char rcu; ///< the address that readers and grace periods share
int self() noexcept;
/// Another thread may run here; then this one goes on.
void step(const volatile void *address, std::size_t size = 1, bool only_reads = false) noexcept;
/// Others run until ready(what); that they may make it so, they step on `address`.
void block(bool (*ready)(const void *), const void *what, const void *address) noexcept;
void acquire(const void *address) noexcept; ///< tells ThreadSanitizer
void release(const void *address) noexcept;
void reset_rcu() noexcept;
bool rcu_is_idle() noexcept;
void reclaim() noexcept; ///< the body of the reclaimer; returns when it has been told to
void stop_reclaimer() noexcept;

extern bool in_scenario; ///< memory comes from the arena
void reset_arena() noexcept;
/// Null, or what is wrong with it.
const char *fault_of(const volatile void *address) noexcept;
std::size_t blocks_in_use() noexcept;
} // namespace engine

} // namespace explore

/// A test that explores the function's body.
#define EXPLORE(name, ...)                                                                                             \
  static void scenario_##name();                                                                                       \
  TEST(Explore, name) {                                                                                                \
    explore::result result = explore::run(#name, scenario_##name, explore::as_far_as_this_build_goes({__VA_ARGS__}));  \
    EXPECT_FALSE(result.failed);                                                                                       \
    EXPECT_TRUE(result.complete) << "more schedules than expected";                                                    \
  }                                                                                                                    \
  static void scenario_##name()

#endif
