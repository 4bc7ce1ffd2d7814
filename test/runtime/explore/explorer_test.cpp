// The explorer itself: it sees every order that matters, each once, and calls wrong what is wrong.
#include "scenarios.h"

#include <cstdlib>

namespace {

std::uint32_t words[4];
long outcomes; ///< bit per value of words[0] at the end

void write_twice(int word) {
  shared::store_relaxed(words[word], 1u);
  shared::store_relaxed(words[word], 2u);
}
void same_address() {
  explore::threads(explore::body("a", [] { write_twice(0); }), explore::body("b", [] { write_twice(0); }));
}
void other_addresses() {
  explore::threads(explore::body("a", [] { write_twice(0); }), explore::body("b", [] { write_twice(1); }));
}
void only_reads() {
  auto read = [] {
    for (int i = 0; i < 2; ++i)
      static_cast<void>(shared::load_relaxed(words[0]));
  };
  explore::threads(explore::body("a", read), explore::body("b", read));
}

TEST(Explorer, TriesEachOrderOfDependentStepsOnce) {
  constexpr explore::bounds no_walks = {.walks = 0};
  EXPECT_EQ(explore::run("same_address", same_address, no_walks).schedules, 6) << "4 over 2";
  EXPECT_EQ(explore::run("other_addresses", other_addresses, no_walks).schedules, 1);
  EXPECT_EQ(explore::run("only_reads", only_reads, no_walks).schedules, 1);
}

void count_without_lock() {
  words[0] = 0;
  auto count = [] { shared::store_relaxed(words[0], shared::load_relaxed(words[0]) + 1); };
  explore::threads(explore::body("a", count), explore::body("b", count), explore::body("c", count));
  outcomes |= 1 << words[0];
}

TEST(Explorer, FindsEveryOutcomeWithAndWithoutABound) {
  for (explore::bounds limits : {explore::bounds{}, explore::bounds{.preemptions = 2, .walks = 0}}) {
    outcomes = 0;
    EXPECT_TRUE(explore::run("count_without_lock", count_without_lock, limits).complete);
    EXPECT_EQ(outcomes, 1 << 1 | 1 << 2 | 1 << 3);
  }
  outcomes = 0;
  explore::run("count_without_lock", count_without_lock, {.preemptions = 0, .walks = 0});
  EXPECT_EQ(outcomes, 1 << 3) << "nobody is stopped in the middle";
}

bool fails(const char *name, void (*scenario)(), explore::bounds limits = {}) {
  return explore::run(name, scenario, limits).failed;
}

TEST(Explorer, SaysWhenALockIsWaitedForInACircle) {
  EXPECT_TRUE(fails("circle", [] {
    fence_spinlock a = {}, b = {};
    auto take = [](fence_spinlock &first, fence_spinlock &second) {
      fence_spin_lock(&first);
      fence_spin_lock(&second);
      fence_spin_unlock(&second);
      fence_spin_unlock(&first);
    };
    explore::threads(explore::body("ab", [&] { take(a, b); }), explore::body("ba", [&] { take(b, a); }));
  }));
}

TEST(Explorer, SaysWhenAWakeUpIsLost) {
  auto scenario = [] {
    words[0] = words[1] = 0;
    explore::threads(explore::body("sleep",
                                   [] {
                                     if (!shared::load_acquire(words[0]))
                                       shared::wait(
                                           &words[1], 0,
                                           FENCE_FOREVER); // The word should have been the one that was looked at.
                                   }),
                     explore::body("wake", [] {
                       shared::store_release(words[0], 1u);
                       shared::wake(&words[1], 1);
                     }));
  };
  EXPECT_TRUE(fails("lost", scenario));
  EXPECT_FALSE(fails("lost_but_not_without_a_preemption", scenario, {.preemptions = 0, .walks = 0}));
}

TEST(Explorer, KnowsTheHeap) {
  EXPECT_TRUE(
      fails("leak", [] { words[0] = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(std::malloc(8))); }));
  EXPECT_TRUE(fails("freed_twice", [] {
    void *volatile memory = std::malloc(8);
    std::free(memory);
    std::free(memory);
  }));
  EXPECT_TRUE(fails("used_after_free", [] {
    auto *volatile word = static_cast<std::uint32_t *>(std::malloc(4));
    explore::threads(explore::body("free", [&] { std::free(word); }),
                     explore::body("use", [&] { shared::load_relaxed(*word); }));
  }));
}

TEST(Explorer, KnowsReadersAndGracePeriods) {
  struct object {
    fence_rcu_head head;
    std::uint32_t value;
  };
  auto scenario = [](bool waits) {
    static object *slot;
    slot = static_cast<object *>(std::calloc(1, sizeof(object)));
    explore::threads(explore::body("remove",
                                   [&] {
                                     object *gone = shared::exchange(slot, nullptr);
                                     if (waits)
                                       fence_synchronize_rcu();
                                     std::free(gone);
                                   }),
                     explore::body("read", [] {
                       fence_rcu_read_lock();
                       if (object *seen = shared::load_acquire(slot))
                         shared::load_relaxed(seen->value);
                       fence_rcu_read_unlock();
                     }));
  };
  static auto run = scenario;
  EXPECT_FALSE(fails("with_grace_period", [] { run(true); }));
#ifndef FENCE_EXPLORE_UNDER_TSAN // It would say so as well.
  EXPECT_TRUE(fails("without_grace_period", [] { run(false); }));
#endif
}

TEST(Explorer, CallsAScheduleWithoutEndAFailure) {
  EXPECT_TRUE(fails("endless", [] {
    words[0] = 0;
    for (;;)
      shared::fetch_add(words[0], 1u);
  }));
}

TEST(Explorer, RunsAScheduleAgain) {
  static std::uint32_t last;
  auto scenario = [] {
    words[0] = 0;
    explore::threads(explore::body("a", [] { shared::store_relaxed(words[0], 1u); }),
                     explore::body("b", [] { shared::store_relaxed(words[0], 2u); }));
    last = words[0];
  };
  setenv("FENCE_EXPLORE_REPLAY", "again:1.2.2.3", 1);
  EXPECT_EQ(explore::run("again", scenario, {}).schedules, 1);
  EXPECT_EQ(last, 2u);
  setenv("FENCE_EXPLORE_REPLAY", "again:1.3.3.2", 1);
  explore::run("again", scenario, {});
  EXPECT_EQ(last, 1u);
  unsetenv("FENCE_EXPLORE_REPLAY");
}

} // namespace
