// The driver's fence: made in place or not at all, counted, released after a grace period.
#include "test_fences.hpp"

#include <cstring>
#include <fence/memory.h>
#include <string>

namespace {

using fence::aref;
using fence::any_fence;
using test::make;
using test::make_context;

static_assert(sizeof(test::plain) == 64);
static_assert(sizeof(fence::dma_fence<test::counted_fence>) == 64);
static_assert(!std::is_copy_constructible_v<test::plain> && !std::is_move_constructible_v<test::plain>);
static_assert(std::is_standard_layout_v<test::embedding>, "an embedding struct may be shared with C");

TEST(Fence, AsABaseClass) {
  auto context = make_context();
  aref<test::counted_fence> one = make<test::counted_fence>(context, 5);
  EXPECT_EQ(one->number, 5);
  EXPECT_EQ(&one->context(), context.get());
  EXPECT_EQ(one->context_number(), context->number());
  EXPECT_EQ(one->seqno(), 1u);
  EXPECT_FALSE(one->is_signaled());
  ASSERT_TRUE(one->signal());
  EXPECT_TRUE(one->is_signaled());
  aref<any_fence> base = one;
  EXPECT_EQ(base->as<test::counted_fence>(), one.get());
}
TEST(Fence, AsAMember) {
  auto context = make_context();
  aref<test::embedding> one = make<test::embedding>(context);
  EXPECT_EQ(one->before[2], 3);
  EXPECT_EQ(one->after, 4);
  aref<any_fence> inner = fence::to_any(one);
  EXPECT_EQ(inner.get(), &one->done);
  EXPECT_EQ(inner->as<test::embedding>(), one.get());
  EXPECT_EQ(inner->as<test::counted_fence>(), nullptr);
  ASSERT_TRUE(one->done.signal());
  one.reset();
  EXPECT_TRUE(inner->is_signaled());
}
TEST(Fence, IsMadeThroughItsTypeAsWell) {
  auto context = make_context();
  auto one = test::counted_fence::make(*context, 3);
  ASSERT_TRUE(one);
  auto two = fence::dma_fence<test::embedding>::make(*context);
  ASSERT_TRUE(two);
  EXPECT_EQ((*two)->done.seqno(), 2u);
}
TEST(Fence, CarriesData) {
  auto context = make_context();
  auto one = make<fence::fence_with<std::string>>(context, std::string(53, 'x'));
  EXPECT_EQ(one->data.size(), 53u);
  one.reset();
  fence_rcu_barrier();
}

TEST(Fence, IsDestroyedAfterAGracePeriod) {
  auto context = make_context();
  auto one = make<test::counted_fence>(context);
  EXPECT_EQ(test::counted_fence::alive, 1);
  fence_rcu_read_lock();
  one.reset();
  EXPECT_EQ(test::counted_fence::alive, 1);
  fence_rcu_read_unlock();
  fence_rcu_barrier();
  EXPECT_EQ(test::counted_fence::alive, 0);
}

struct large {
  char before[8000] = {};
  fence::dma_fence<large> done;
  FENCE_EMBED(large, done)
};
TEST(Fence, MayLieFarFromTheStartOfItsStruct) {
  auto context = make_context();
  auto one = make<large>(context);
  one.reset();
  fence_rcu_barrier();
}

TEST(Fence, OfAnyAgeKeepsItsContext) {
  auto context = make_context();
  fence::fence_context *raw = context.get();
  auto destroyed = make<test::counted_fence>(context);
  auto freed = make<test::plain>(context);
  context.reset();
  // Its lock and its names are the context's.
  ASSERT_TRUE(destroyed->signal());
  ASSERT_TRUE(freed->signal());
  EXPECT_EQ(&freed->context(), raw);
  char text[100];
  EXPECT_EQ(std::string(freed->describe(text).data()).find("test driver test timeline"), 0u);
  destroyed.reset();
  freed.reset();
  fence_rcu_barrier();
}

TEST(Fence, WithALockOfItsOwn) {
  struct own final : fence::dma_fence<own, fence::own_lock> {};
  auto context = make_context();
  auto one = make<own>(context);
  auto two = make<own>(context);
  EXPECT_NE(one->raw()->lock, two->raw()->lock);
  EXPECT_EQ(&one->context(), context.get());
  ASSERT_TRUE(one->signal());
}

//===- Creation that fails ---------------------------------------------------===//

struct fallible {
  fallible() noexcept { ++alive; }
  ~fallible() { --alive; }
  fence::result<void> init(int error) noexcept {
    if (error)
      return fence::error(error);
    return {};
  }
  fence::dma_fence<fallible> done;
  FENCE_EMBED(fallible, done)
  static inline std::atomic<int> alive{0};
};

TEST(Making, ThatFailsLeavesNothingAndTakesNoSeqno) {
  auto context = make_context();
  auto first = make<fallible>(context, 0);
  auto failed = context->make_fence<fallible>(EIO);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), fence::error(EIO));
  EXPECT_EQ(fallible::alive, 1);
  EXPECT_EQ(context->last_seqno(), 1u);
  auto second = make<fallible>(context, 0);
  EXPECT_EQ(second->done.seqno(), 2u);
  first.reset();
  second.reset();
  fence_rcu_barrier();
  EXPECT_EQ(fallible::alive, 0);
}
TEST(Making, WithoutMemoryIsAnError) {
  auto context = make_context();
  fence_fail_allocation(0);
  auto failed = context->make_fence<test::plain>();
  fence_fail_allocation(-1);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), fence::error(ENOMEM));
  EXPECT_EQ(context->last_seqno(), 0u);
  fence_fail_allocation(0);
  auto no_context = fence::fence_context::make("test driver", "test timeline");
  fence_fail_allocation(-1);
  ASSERT_FALSE(no_context);
  EXPECT_EQ(no_context.error(), fence::error(ENOMEM));
}
TEST(Making, InAtomicContextTakesWhatThereIs) {
  auto context = make_context();
  fence_preempt_disable();
  auto one = context->make_fence_atomic<test::plain>();
  fence_preempt_enable();
  ASSERT_TRUE(one);
}

//===- Asking ------------------------------------------------------------------===//

TEST(AnyFence, TellsHowItEnded) {
  auto context = make_context();
  auto good = make<test::plain>(context), bad = make<test::plain>(context);
  EXPECT_EQ(good->status(), fence::fence_status::pending);
  EXPECT_FALSE(good->timestamp());
  auto before = fence::clock::now();
  ASSERT_TRUE(good->signal());
  ASSERT_TRUE(bad->signal(fence::error(EIO)));
  auto after = fence::clock::now();
  EXPECT_EQ(good->status(), fence::fence_status::done);
  EXPECT_FALSE(good->error());
  EXPECT_EQ(bad->status(), fence::fence_status::failed);
  EXPECT_EQ(bad->error(), fence::error(EIO));
  ASSERT_TRUE(good->timestamp());
  EXPECT_LE(before, *good->timestamp());
  EXPECT_GE(after, *good->timestamp());
}
TEST(AnyFence, SignalsOnce) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  EXPECT_FALSE(one->check_and_signal());
  EXPECT_TRUE(one->check_and_signal());
  EXPECT_EQ(one->signal().error(), fence::error(EINVAL));
  EXPECT_EQ(one->signal(fence::error(EIO)).error(), fence::error(EINVAL));
  EXPECT_EQ(one->status(), fence::fence_status::done) << "an error after the signal is not taken";
}
TEST(AnyFence, TakesTheTimeOfTheDevice) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  fence::time_point when(std::chrono::seconds(5));
  ASSERT_TRUE(one->signal_at(when));
  EXPECT_EQ(one->timestamp(), when);
}
TEST(AnyFence, OrdersFencesOfAContext) {
  auto context = make_context(), other = make_context();
  auto one = make<test::plain>(context), two = make<test::plain>(context), elsewhere = make<test::plain>(other);
  EXPECT_TRUE(two->is_later_than(*one));
  EXPECT_FALSE(one->is_later_than(*two));
  EXPECT_FALSE(elsewhere->is_later_than(*one));
}
TEST(AnyFence, DescribesWhatFits) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  char text[8];
  std::span<char> fits = one->describe(text);
  EXPECT_EQ(std::string(fits.begin(), fits.end()), "test dr");
  EXPECT_TRUE(one->describe({}).empty());
}
TEST(AnyFence, OfC) {
  aref<any_fence> stub = fence::stub_fence();
  EXPECT_TRUE(stub->is_signaled());
  EXPECT_EQ(stub->as<test::plain>(), nullptr);
  ::dma_fence *raw = stub.release()->raw();
  aref<::dma_fence> as_c(raw, fence::adopt);
  EXPECT_EQ(&fence::as_fence(as_c), &any_fence::from(*raw));
}

//===- Seqnos -------------------------------------------------------------------===//

TEST(Context, GivesEachFenceItsOwnSeqno) {
  auto context = make_context();
  constexpr int threads = 4, each = 200;
  std::vector<aref<test::plain>> made[threads];
  {
    std::vector<std::jthread> makers;
    for (auto &mine : made)
      makers.emplace_back([&] {
        for (int i = 0; i < each; ++i)
          mine.push_back(*context->make_fence<test::plain>());
      });
  }
  std::vector<bool> seen(threads * each + 1);
  for (auto &mine : made)
    for (std::uint64_t last = 0; auto &one : mine) {
      EXPECT_GT(one->seqno(), last) << "a thread's fences come in order";
      last = one->seqno();
      EXPECT_FALSE(seen.at(last));
      seen[last] = true;
    }
  EXPECT_EQ(context->last_seqno(), static_cast<std::uint64_t>(threads * each));
}

} // namespace
