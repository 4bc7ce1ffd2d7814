// Chains: numbers, finding points, and taking out what has signalled.
#include "test_containers.h"

namespace {

struct Chain : Containers {
  std::vector<dma_fence *> f, links;
  /// A chain of that many links with numbers step, 2*step...; its tail is links.back().
  void make_chain(int count, uint64_t step = 1) {
    f = fences(count);
    for (int i = 0; i < count; ++i)
      links.push_back(keep(make_link(i ? links[i - 1] : nullptr, f[i], step * (i + 1))));
  }
  dma_fence *found(uint64_t point) {
    dma_fence *fence = dma_fence_get(links.back());
    EXPECT_EQ(dma_fence_chain_find_seqno(&fence, point), 0);
    dma_fence_put(fence);
    return fence;
  }
  std::vector<dma_fence *> walked() {
    std::vector<dma_fence *> seen;
    dma_fence *link;
    dma_fence_chain_for_each(link, links.back()) seen.push_back(link);
    return seen;
  }
};

TEST_F(Chain, FindsTheLinkOfAPoint) {
  make_chain(3, 10);
  EXPECT_EQ(found(30), links[2]);
  EXPECT_EQ(found(21), links[2]);
  EXPECT_EQ(found(20), links[1]);
  EXPECT_EQ(found(10), links[0]);
  EXPECT_EQ(found(1), links[0]);
}

TEST_F(Chain, LeavesTheFenceAloneIfThePointIsNotThere) {
  make_chain(2, 10);
  dma_fence *fence = links[1];
  EXPECT_EQ(dma_fence_chain_find_seqno(&fence, 21), -EINVAL);
  EXPECT_EQ(fence, links[1]);
  EXPECT_EQ(links[1]->refcount, 1u);
  fence = f[0]; // No chain.
  EXPECT_EQ(dma_fence_chain_find_seqno(&fence, 1), -EINVAL);
  EXPECT_EQ(fence, f[0]);
  EXPECT_EQ(dma_fence_chain_find_seqno(&fence, 0), 0);
  EXPECT_EQ(fence, f[0]);
  fence = nullptr;
  EXPECT_EQ(dma_fence_chain_find_seqno(&fence, 1), -EINVAL);
}

TEST_F(Chain, FindsNothingForAPointThatHasBeenReached) {
  make_chain(3);
  dma_fence_signal(f[0]);
  EXPECT_EQ(found(1), nullptr);
  dma_fence_signal(f[1]);
  EXPECT_EQ(found(2), nullptr);
  EXPECT_EQ(found(3), links[2]);
}

TEST_F(Chain, NumbersNeverDecrease) {
  make_chain(1, 10);
  dma_fence *late = keep(make_link(links[0], f[0], 4));
  EXPECT_EQ(late->seqno, 10u);
  EXPECT_NE(late->context, links[0]->context) << "not in order, so it starts a timeline";
  EXPECT_EQ(to_dma_fence_chain(late)->prev_seqno, 0u);
  dma_fence *equal = keep(make_link(links[0], f[0], 10));
  EXPECT_EQ(equal->seqno, 10u);
  EXPECT_NE(equal->context, links[0]->context);
  dma_fence *next = keep(make_link(late, f[0], 11));
  EXPECT_EQ(next->seqno, 11u);
  EXPECT_EQ(next->context, late->context);
  EXPECT_EQ(to_dma_fence_chain(next)->prev_seqno, 10u);
}

TEST_F(Chain, NumbersHave64Bits) {
  f = fences(2);
  constexpr uint64_t large = 0x9000'0000; // With 32 bits it would lie before 0.
  dma_fence *first = keep(make_link(nullptr, f[0], 5)), *second = keep(make_link(first, f[1], large + 5));
  links = {first, second};
  EXPECT_EQ(second->context, first->context);
  EXPECT_TRUE(dma_fence_is_later(second, first));
  EXPECT_FALSE(dma_fence_is_later(first, second));
  EXPECT_EQ(found(large), second);
  EXPECT_EQ(found(5), first);
  dma_fence *third = keep(make_link(second, f[1], 0x1'0000'0000));
  EXPECT_EQ(third->context, first->context) << "the low 32 bits are smaller";
}

TEST_F(Chain, APointOfANewTimelineNeedsAllOfTheOldOne) {
  make_chain(3, 10);
  dma_fence *restart = keep(make_fence());
  dma_fence *late = keep(make_link(links[2], restart, 5)), *tail = keep(make_link(late, f[0], 40));
  links.push_back(tail);
  dma_fence_signal(restart); // So that the first link of the new timeline is taken out.
  EXPECT_EQ(found(15), links[2]) << "not the old timeline's point 15";
}

TEST_F(Chain, MayFollowAFenceThatIsNoLink) {
  f = fences(2);
  dma_fence *link = keep(make_link(f[0], f[1], 7));
  EXPECT_EQ(link->seqno, 7u);
  EXPECT_EQ(to_dma_fence_chain(link)->prev_seqno, 0u);
  dma_fence_signal(f[1]);
  EXPECT_FALSE(dma_fence_is_signaled(link));
  dma_fence_signal(f[0]);
  EXPECT_TRUE(dma_fence_is_signaled(link));
}

TEST_F(Chain, WalkGoesFromNewToOld) {
  make_chain(3);
  EXPECT_EQ(walked(), (std::vector<dma_fence *>{links[2], links[1], links[0]}));
}

TEST_F(Chain, WalkTakesOutWhatHasSignalled) {
  make_chain(5);
  dma_fence_signal(f[1]);
  dma_fence_signal(f[2]);
  EXPECT_EQ(links[2]->refcount, 2u);
  EXPECT_EQ(walked(), (std::vector<dma_fence *>{links[4], links[3], links[0]}));
  EXPECT_EQ(links[2]->refcount, 1u) << "only ours";
  EXPECT_EQ(links[0]->refcount, 3u) << "ours, of the link after it, and of the one that was taken out";
  EXPECT_EQ(to_dma_fence_chain(links[3])->prev_seqno, 3u) << "points stay where they were";
}

TEST_F(Chain, KeepsNothingOfAnOldPartThatHasSignalled) {
  make_chain(4);
  for (int i = 0; i < 3; ++i)
    dma_fence_signal(f[i]);
  EXPECT_EQ(walked(), (std::vector<dma_fence *>{links[3]}));
  EXPECT_EQ(to_dma_fence_chain(links[3])->prev, nullptr);
}

TEST_F(Chain, KnowsWhatItContains) {
  make_chain(1);
  EXPECT_EQ(dma_fence_chain_contained(links[0]), f[0]);
  EXPECT_EQ(dma_fence_chain_contained(f[0]), f[0]);
  EXPECT_EQ(dma_fence_chain_contained(nullptr), nullptr);
  EXPECT_EQ(&to_dma_fence_chain(links[0])->base, links[0]);
  EXPECT_EQ(to_dma_fence_chain(f[0]), nullptr);
  EXPECT_EQ(to_dma_fence_chain(nullptr), nullptr);
  EXPECT_FALSE(dma_fence_is_chain(keep(make_array(f))));
}

TEST_F(Chain, IsNotMadeWithoutMemory) {
  fence_fail_allocation(0);
  EXPECT_EQ(dma_fence_chain_alloc(), nullptr);
  fence_fail_allocation(-1);
  dma_fence_chain_free(dma_fence_chain_alloc());
  dma_fence_chain_free(nullptr);
}

TEST_F(Chain, OfAHundredThousandLinksIsReleasedWithoutRecursion) {
  dma_fence *stuck = keep(make_fence());
  dma_fence *tail = nullptr;
  for (int i = 0; i < 100'000; ++i) {
    dma_fence *next = make_link(tail, stuck, i + 1);
    dma_fence_put(tail);
    tail = next;
  }
  EXPECT_EQ(stuck->refcount, 100'001u);
  dma_fence_put(tail);
  EXPECT_EQ(stuck->refcount, 1u);
}

} // namespace
