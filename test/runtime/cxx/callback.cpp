// A payload is destroyed exactly once: where it ran if it ran, else where it was taken back.
#include "test_fences.hpp"

#include <fence/callback.hpp>
#include <fence/memory.h>
#include <optional>
#include <vector>

namespace {

using fence::any_fence;
using fence::aref;
using fence::atomic_token;
using fence::registration;
using test::make;
using test::make_context;

/// Says where it ran and where it was destroyed.
struct witness {
  using atomic_destructible = std::true_type;
  struct log {
    int called = 0, destroyed = 0, destroyed_in_callback = 0;
    int error = 0;
    bool atomic = false;
  };
  explicit witness(log &to) noexcept : to(&to) {}
  witness(witness &&other) noexcept : to(std::exchange(other.to, nullptr)) {}
  ~witness() {
    if (!to)
      return;
    ++to->destroyed;
    to->destroyed_in_callback += fence_in_fence_callback();
  }
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &fence) noexcept {
    ++to->called;
    to->error = fence.error().code();
    to->atomic = fence_in_atomic() && fence_in_fence_callback();
  }
  log *to;
};

TEST(Registration, RunsUnderTheLockAndDestroysThePayloadThere) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  witness::log log;
  registration told(one, witness(log));
  EXPECT_TRUE(told.pending());
  EXPECT_EQ(log.called, 0);
  ASSERT_TRUE(one->signal(fence::error(EIO)));
  EXPECT_EQ(log.called, 1);
  EXPECT_EQ(log.error, EIO);
  EXPECT_TRUE(log.atomic);
  EXPECT_EQ(log.destroyed, 1);
  EXPECT_EQ(log.destroyed_in_callback, 1);
  EXPECT_FALSE(told.pending());
  EXPECT_FALSE(told.cancel()) << "it has run";
}
TEST(Registration, GivesThePayloadBackWhenCancelled) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  witness::log log;
  registration told(one, witness(log));
  {
    std::optional<witness> back = told.cancel();
    ASSERT_TRUE(back);
    EXPECT_EQ(back->to, &log);
    EXPECT_EQ(log.destroyed, 0);
  }
  EXPECT_EQ(log.destroyed, 1);
  EXPECT_EQ(log.destroyed_in_callback, 0);
  EXPECT_FALSE(told.cancel()) << "nothing is registered";
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(log.called, 0);
}
TEST(Registration, ThatEndsCancelsInItsOwnContext) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  witness::log log;
  { registration told(one, witness(log)); }
  EXPECT_EQ(log.destroyed, 1);
  EXPECT_EQ(log.destroyed_in_callback, 0);
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(log.called, 0);
}
TEST(Registration, OnAFenceThatHasSignalledGivesThePayloadBack) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  ASSERT_TRUE(one->signal());
  witness::log log;
  registration<witness> told;
  fence::added<witness> added = told.add(one, witness(log));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error(), fence::error(ENOENT));
  EXPECT_EQ(log.destroyed, 0);
  EXPECT_EQ(added.take().to, &log);
  EXPECT_EQ(log.destroyed, 1);
  EXPECT_EQ(log.called, 0);
}
TEST(Registration, InUseIsBusy) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  witness::log first, second;
  registration told(one, witness(first));
  fence::added<witness> added = told.add(one, witness(second));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error(), fence::error(EBUSY));
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(first.called, 1);
  EXPECT_EQ(second.called, 0);
}
TEST(Registration, IsUsedAgainAfterItsEnd) {
  auto context = make_context();
  auto one = make<test::plain>(context), two = make<test::plain>(context);
  witness::log log;
  registration told(one, witness(log));
  ASSERT_TRUE(one->signal());
  EXPECT_FALSE(told.cancel());
  ASSERT_TRUE(told.add(two, witness(log)));
  ASSERT_TRUE(two->signal());
  EXPECT_EQ(log.called, 2);
}
TEST(Registration, KeepsTheFence) {
  auto context = make_context();
  auto one = make<test::counted_fence>(context);
  witness::log log;
  registration told(one, witness(log));
  one.reset();
  fence_rcu_barrier();
  EXPECT_EQ(test::counted_fence::alive, 1);
  EXPECT_TRUE(told.cancel());
  fence_rcu_barrier();
  EXPECT_EQ(test::counted_fence::alive, 0);
}
TEST(Registration, NeverAllocates) {
  auto context = make_context();
  auto one = make<test::plain>(context), two = make<test::plain>(context);
  witness::log log;
  fence_fail_allocation(-1);
  {
    registration told(one, witness(log)), cancelled(two, witness(log));
    ASSERT_TRUE(one->signal());
  }
  EXPECT_EQ(fence_fail_allocation(-1), 0);
}

/// Hands a fence on, which is what a payload may own: giving up its reference never sleeps.
struct signals_another {
  using atomic_destructible = std::true_type;
  aref<any_fence> other;
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { other->check_and_signal(); }
};
TEST(Registration, MayOwnAFence) {
  static fence_lock_class submissions = {"submissions", FENCE_LOCK_SPINS, 0};
  auto hardware = make_context();
  auto submission = fence::fence_context::make("test driver", "submissions", &submissions);
  ASSERT_TRUE(submission);
  auto inner = make<test::plain>(hardware);
  auto outer = make<test::counted_fence>(*submission);
  registration told(inner, signals_another{outer});
  ASSERT_TRUE(inner->signal());
  EXPECT_TRUE(outer->is_signaled());
  outer.reset();
  fence_rcu_barrier();
  EXPECT_EQ(test::counted_fence::alive, 0) << "the payload went when it had run";
}

TEST(Registration, OfAnyKindOfFence) {
  auto context = make_context();
  auto embedding = make<test::embedding>(context);
  witness::log log;
  registration<witness> on_struct(*embedding, witness(log)), on_field(embedding->done, witness(log)),
      on_c(*embedding->done.raw(), witness(log));
  ASSERT_TRUE(embedding->done.signal());
  EXPECT_EQ(log.called, 3);
}

//===- Nobody holds on to it ---------------------------------------------------===//

TEST(OnSignal, RunsOnceAndIsFreed) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  witness::log log;
  ASSERT_TRUE(fence::on_signal(one, witness(log)));
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(log.called, 1);
  EXPECT_EQ(log.destroyed_in_callback, 1);
  fence_rcu_barrier(); // The sanitizer looks whether the memory is given back.
}
TEST(OnSignal, OfASignalledFenceGivesThePayloadBack) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  ASSERT_TRUE(one->signal());
  witness::log log;
  auto added = fence::on_signal(one, witness(log));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error(), fence::error(ENOENT));
  EXPECT_EQ(added.take().to, &log);
  EXPECT_EQ(log.called, 0);
}
TEST(OnSignal, WithoutMemoryGivesThePayloadBack) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  witness::log log;
  fence_fail_allocation(0);
  auto added = fence::on_signal(one, witness(log));
  fence_fail_allocation(-1);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error(), fence::error(ENOMEM));
  EXPECT_EQ(log.destroyed, 0);
}

//===- Tokens -------------------------------------------------------------------===//

static_assert(!std::is_default_constructible_v<atomic_token> && !std::is_copy_constructible_v<atomic_token>);
static_assert(!std::is_copy_constructible_v<fence::sleepable_token>);

int context_of(fence::context where) {
  return where.visit([](atomic_token &) { return 1; }, [](fence::sleepable_token &) { return 2; });
}
struct asks {
  int *answer;
  FENCE_NONBLOCKING void called(atomic_token &token, any_fence &) noexcept {
    fence::context where(token);
    *answer = where.is_atomic() && where.atomic() == &token && !where.sleepable();
  }
};
TEST(Tokens, SayInWhichContext) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  int answer = 0;
  registration told(one, asks{&answer});
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(answer, 1);
  fence::sleepable_token token;
  EXPECT_EQ(context_of(token), 2);
  EXPECT_FALSE(fence::context(token).is_atomic());
}

//===- What may be destroyed in atomic context ------------------------------------===//

struct frees {
  ~frees() {}
};
struct sleeping {
  static constexpr bool put_may_sleep = true;
  void get() noexcept;
  void put() noexcept;
};
template <class T> constexpr bool atomic = fence::is_atomic_destructible_v<T>;
static_assert(atomic<int *> && atomic<witness> && atomic<aref<any_fence>> && atomic<aref<test::counted_fence>>);
static_assert(!atomic<frees> && !atomic<std::vector<int>> && !atomic<aref<sleeping>>);
static_assert(atomic<std::optional<witness>> && !atomic<std::optional<frees>>);
static_assert(atomic<std::pair<int, witness>> && !atomic<std::tuple<int, frees>> && !atomic<std::variant<int, frees>> &&
              !atomic<std::array<frees, 2>>);

} // namespace
