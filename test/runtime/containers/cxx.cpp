// The C++ side of containers and sync objects: ownership, ranges, and errors as results.
#include "test_containers.h"

#include <fence/fence_array.hpp>
#include <fence/fence_unwrap.hpp>
#include <fence/syncobj.hpp>
#include <thread>

namespace {

using namespace std::chrono_literals;
using fence::any_fence;
using fence::aref;

struct Cxx : Containers {
  static aref<any_fence> make(uint64_t context = dma_fence_context_alloc(1), uint64_t seqno = 1) {
    return aref<any_fence>(&any_fence::from(*make_fence(context, seqno)), fence::adopt);
  }
  static std::vector<any_fence *> addresses(auto &&range) {
    std::vector<any_fence *> seen;
    for (any_fence &each : range)
      seen.push_back(&each);
    return seen;
  }
};
using List = std::vector<any_fence *>;

static_assert(!std::is_copy_constructible_v<fence::chain_link> && std::is_nothrow_move_assignable_v<fence::chain_link>);
static_assert(std::input_iterator<fence::links_of::iterator> && std::forward_iterator<fence::members_of::iterator>);
static_assert(!std::copyable<fence::unwrap::iterator> && !std::default_initializable<fence::syncobj>);

TEST_F(Cxx, ArraysOfAllAndOfAny) {
  auto a = make(), b = make();
  auto all = fence::all_of(a, b), any = fence::any_of(a, b);
  ASSERT_TRUE(all && any);
  EXPECT_EQ(addresses(fence::members_of(**all)), (List{a.get(), b.get()}));
  EXPECT_EQ(fence::members_of(**all).size(), 2u);
  EXPECT_EQ(addresses(fence::members_of(*a)), List{a.get()});
  EXPECT_TRUE(b->signal(fence::error(EIO)));
  EXPECT_EQ((*any)->error(), fence::error(EIO));
  EXPECT_EQ((*all)->status(), fence::fence_status::pending);
  EXPECT_TRUE(a->signal());
  EXPECT_EQ((*all)->error(), fence::error(EIO));
}

TEST_F(Cxx, AnArrayTakesReferencesOnlyIfItIsMade) {
  aref<any_fence> members[] = {make(), nullptr};
  EXPECT_EQ(fence::all_of(std::span(members)).error(), fence::error(EINVAL));
  EXPECT_EQ(fence::all_of(std::span<aref<any_fence>>()).error(), fence::error(EINVAL));
  members[1] = make();
  for (long successes : {0, 1}) {
    fence_fail_allocation(successes);
    EXPECT_EQ(fence::any_of(std::span(members)).error(), fence::error(ENOMEM));
  }
  fence_fail_allocation(-1);
  EXPECT_TRUE(members[0] && members[1]);
  auto made = fence::any_of(std::span(members));
  EXPECT_TRUE(made);
  EXPECT_FALSE(members[0] || members[1]);
}

TEST_F(Cxx, ChainsAreJoinedAndWalked) {
  aref<any_fence> f[] = {make(), make(), make()}, timeline;
  List ends;
  for (int i = 0; i < 3; ++i) {
    auto link = fence::chain_link::allocate();
    ASSERT_TRUE(link);
    timeline = std::move(*link).join(std::move(timeline), f[i], i + 1u);
    ends.push_back(timeline.get());
  }
  EXPECT_EQ(addresses(fence::links_of(*timeline)), (List{ends[2], ends[1], ends[0]}));
  EXPECT_EQ(&fence::links_of(*timeline).begin().contained(), f[2].get());
  for (any_fence &link : fence::links_of(*timeline))
    if (&link == ends[1])
      break; // Leaves no reference behind.
  EXPECT_EQ(fence::find_point(timeline, 2).value().get(), ends[1]);
  EXPECT_EQ(fence::find_point(timeline, 4).error(), fence::error(EINVAL));
  EXPECT_EQ(fence::find_point(nullptr, 4).error(), fence::error(EINVAL));
  EXPECT_TRUE(f[0]->signal());
  auto reached = fence::find_point(timeline, 1);
  ASSERT_TRUE(reached);
  EXPECT_EQ(*reached, nullptr);
}

TEST_F(Cxx, ALinkThatIsNotJoinedIsFreed) {
  auto link = fence::chain_link::allocate();
  ASSERT_TRUE(link);
  fence::chain_link other = std::move(*link);
  other = std::move(*fence::chain_link::allocate());
  fence_fail_allocation(0);
  EXPECT_EQ(fence::chain_link::allocate().error(), fence::error(ENOMEM));
  fence_fail_allocation(-1);
}

TEST_F(Cxx, UnwrapsInARangeFor) {
  auto a = make(), b = make(), c = make();
  auto array = fence::all_of(a, b);
  ASSERT_TRUE(array);
  auto tail = std::move(*fence::chain_link::allocate()).join(c, *array, 1);
  EXPECT_EQ(addresses(fence::unwrap(*tail)), (List{a.get(), b.get(), c.get()}));
  for (any_fence &each : fence::unwrap(*tail)) {
    EXPECT_EQ(&each, a.get());
    EXPECT_EQ(tail->raw()->refcount, 2u);
    break;
  }
  EXPECT_EQ(tail->raw()->refcount, 1u);
  auto here = fence::unwrap(*tail).begin();
  auto moved = std::move(here);
  ++moved;
  here = std::move(moved);
  EXPECT_EQ(&*here, b.get());
}

TEST_F(Cxx, Merges) {
  uint64_t context = dma_fence_context_alloc(1);
  auto old = make(context, 1), latest = make(context, 2), other = make();
  auto merged = fence::merge(old, other, latest);
  ASSERT_TRUE(merged);
  EXPECT_EQ(addresses(fence::unwrap(**merged)).size(), 2u);
  EXPECT_EQ(fence::merge(old, latest)->get(), latest.get());
  EXPECT_TRUE((*fence::merge(std::span<const aref<any_fence>>()))->is_signaled());
  for (long successes : {0, 1, 2}) {
    fence_fail_allocation(successes);
    EXPECT_EQ(fence::merge(latest, other).error(), fence::error(ENOMEM)) << successes;
  }
  fence_fail_allocation(-1);
}

TEST_F(Cxx, SyncObjectsHoldAFence) {
  auto a = make();
  auto object = fence::syncobj::make(a);
  ASSERT_TRUE(object);
  EXPECT_EQ((*object)->current_fence(), a);
  (*object)->reset();
  EXPECT_EQ((*object)->current_fence(), nullptr);
  EXPECT_EQ((*object)->find(0).error(), fence::error(EINVAL));
  (*object)->signal();
  EXPECT_TRUE((*(*object)->find(0))->is_signaled());
  (*object)->replace_fence(a);
  aref<fence::syncobj> another = *object;
  EXPECT_EQ((*another->find(0)).get(), a.get());
  fence_fail_allocation(0);
  EXPECT_EQ(fence::syncobj::make().error(), fence::error(ENOMEM));
  fence_fail_allocation(0);
  EXPECT_EQ(another->signal_point(3).error(), fence::error(ENOMEM));
  fence_fail_allocation(-1);
}

TEST_F(Cxx, SyncObjectsHaveATimeline) {
  auto a = make();
  auto created = fence::syncobj::make();
  ASSERT_TRUE(created);
  fence::syncobj &timeline = **created;
  EXPECT_EQ(timeline.wait(1, 1ms).error(), fence::error(EINVAL));
  EXPECT_EQ(timeline.await_submission(1, 1ms).error(), fence::error(ETIMEDOUT));
  std::thread producer([&] {
    timeline.add_point(std::move(*fence::chain_link::allocate()), a, 1);
    EXPECT_TRUE(timeline.signal_point(2));
    EXPECT_TRUE(a->signal());
  });
  EXPECT_TRUE(timeline.wait(2, 1min, fence::submission::awaited));
  producer.join();
  EXPECT_EQ(timeline.last_reached(), 2u);
  EXPECT_EQ(timeline.last_submitted(), 2u);
  EXPECT_TRUE(timeline.await_submission(2, std::chrono::nanoseconds::max()));
}

TEST_F(Cxx, WaitsForAnyOrAllOfSeveral) {
  auto a = make(), b = make();
  auto first = fence::syncobj::make(a), second = fence::syncobj::make(b);
  ASSERT_TRUE(first && second);
  const fence::timeline_point both[] = {{**first}, {**second}};
  EXPECT_EQ(fence::syncobj::wait_any(both, 1us).error(), fence::error(ETIMEDOUT));
  EXPECT_EQ(fence::syncobj::wait_any(both, -5ms).error(), fence::error(ETIMEDOUT));
  EXPECT_TRUE(b->signal());
  EXPECT_EQ(*fence::syncobj::wait_any(both, 0ms), 1u);
  EXPECT_EQ(fence::syncobj::wait_all(both, 0ms).error(), fence::error(ETIMEDOUT));
  EXPECT_EQ(*fence::syncobj::wait_any(both, 0ms, fence::submission::enough), 0u);
  EXPECT_TRUE(a->signal());
  EXPECT_EQ(*fence::syncobj::wait_all(both, 24h * 365'000'000), 0u);
  EXPECT_EQ(fence::syncobj::wait_any({}, 0ms).error(), fence::error(EINVAL));
  fence_interrupt(fence_thread_self());
  (*first)->reset();
  EXPECT_EQ(fence::syncobj::wait_any(both, 1min, fence::submission::awaited).value(), 1u) << "the other one is done";
  EXPECT_EQ((*first)->wait(0, 1min, fence::submission::awaited).error(), fence::error(EINTR));
  EXPECT_TRUE(fence_clear_interrupt());
  std::vector<fence::timeline_point> many(17, fence::timeline_point{**first});
  EXPECT_EQ(fence::syncobj::wait_any(many, 0ms).error(), fence::error(E2BIG));
}

} // namespace
