// Looking into containers and merging: every fence once, of each context the latest.
#include "test_containers.h"

#include <algorithm>

namespace {

struct Unwrap : Containers {
  static std::vector<dma_fence *> inside(dma_fence *head) {
    std::vector<dma_fence *> seen;
    dma_fence_unwrap cursor;
    dma_fence *fence;
    dma_fence_unwrap_for_each(fence, &cursor, head) seen.push_back(fence);
    dma_fence_unwrap_end(&cursor);
    return seen;
  }
  dma_fence *merged(std::vector<dma_fence *> fences) {
    std::vector<dma_fence_unwrap> cursors(fences.size());
    return keep(__dma_fence_unwrap_merge(static_cast<unsigned>(fences.size()), fences.data(), cursors.data()));
  }
  static std::vector<dma_fence *> sorted(std::vector<dma_fence *> fences) {
    std::sort(fences.begin(), fences.end());
    return fences;
  }
};

TEST_F(Unwrap, FindsWhatIsInChainsAndArrays) {
  auto f = fences(5);
  dma_fence *array = keep(make_array({f[0], f[1]})), *other = keep(make_array({f[3], f[4]}));
  dma_fence *old = keep(make_link(array, f[2], 1)), *tail = keep(make_link(old, other, 2));
  EXPECT_EQ(inside(f[0]), (std::vector<dma_fence *>{f[0]}));
  EXPECT_EQ(inside(array), (std::vector<dma_fence *>{f[0], f[1]}));
  EXPECT_EQ(inside(tail), (std::vector<dma_fence *>{f[3], f[4], f[2], f[0], f[1]}));
  EXPECT_EQ(inside(nullptr), std::vector<dma_fence *>{});
}

TEST_F(Unwrap, CanBeLeftEarly) {
  auto f = fences(2);
  dma_fence *tail = keep(make_link(f[0], f[1], 1));
  dma_fence_unwrap cursor;
  EXPECT_EQ(dma_fence_unwrap_first(tail, &cursor), f[1]);
  EXPECT_EQ(tail->refcount, 2u);
  dma_fence_unwrap_end(&cursor);
  EXPECT_EQ(tail->refcount, 1u);
}

TEST_F(Unwrap, MergesIntoAnArrayOfWhatIsPending) {
  auto f = fences(4);
  dma_fence *array = keep(make_array({f[0], f[1]}));
  dma_fence_signal(f[1]);
  dma_fence *result = merged({array, f[2], nullptr, f[3], f[0]});
  ASSERT_TRUE(dma_fence_is_array(result));
  EXPECT_EQ(sorted(inside(result)), sorted({f[0], f[2], f[3]}));
  EXPECT_NE(result->context, array->context);
}

TEST_F(Unwrap, KeepsTheLatestOfAContext) {
  uint64_t context = dma_fence_context_alloc(1);
  dma_fence *second = keep(make_fence(context, 2)), *third = keep(make_fence(context, 3)), *first = keep(make_fence(context, 1));
  EXPECT_EQ(merged({second, third, first}), third);
  EXPECT_EQ(merged({third, second}), third);
  EXPECT_EQ(merged({first, second}), second);
  EXPECT_EQ(third->refcount, 3u);
  dma_fence *other = keep(make_fence());
  EXPECT_EQ(sorted(inside(merged({first, other, third, second}))), sorted({other, third}));
}

TEST_F(Unwrap, KnowsTheLatestAlsoWhereNumbersWrapAround) {
  uint64_t context = dma_fence_context_alloc(1);
  dma_fence *before = keep(make_fence(context, 0xffff'fffe)), *after = keep(make_fence(context, 3));
  EXPECT_EQ(merged({before, after}), after);
  EXPECT_EQ(merged({after, before}), after);
}

TEST_F(Unwrap, GivesTheOnlyPendingFenceItself) {
  auto f = fences(2);
  dma_fence_signal(f[0]);
  EXPECT_EQ(merged({f[0], f[1]}), f[1]);
  EXPECT_EQ(merged({f[1], f[1]}), f[1]);
}

TEST_F(Unwrap, OfSignalledFencesHasTheTimeOfTheLast) {
  auto f = fences(3);
  dma_fence_signal_timestamp(f[0], 100);
  dma_fence_signal_timestamp(f[1], 300);
  dma_fence_signal_timestamp(f[2], 200);
  dma_fence *result = merged({f[0], f[1], f[2]});
  EXPECT_EQ(dma_fence_get_status(result), 1);
  EXPECT_EQ(dma_fence_timestamp(result), 300);
}

TEST_F(Unwrap, OfNothingHasSignalled) {
  EXPECT_EQ(dma_fence_get_status(merged({})), 1);
  EXPECT_EQ(dma_fence_get_status(merged({nullptr})), 1);
}

TEST_F(Unwrap, DoesNotForgetAFailure) {
  auto f = fences(3);
  fail(f[0], -EIO);
  EXPECT_EQ(dma_fence_get_status(merged({f[0]})), -EIO);
  dma_fence *result = merged({f[0], f[1], f[2]});
  dma_fence_signal(f[1]);
  EXPECT_EQ(dma_fence_get_status(result), 0);
  dma_fence_signal(f[2]);
  EXPECT_EQ(dma_fence_get_status(result), -EIO);
}

TEST_F(Unwrap, MergeFailsAtEveryAllocationWithoutALoss) {
  auto f = fences(2);
  dma_fence *both[] = {f[0], f[1]};
  dma_fence_unwrap cursors[2];
  for (long successes : {0, 1}) {
    fence_fail_allocation(successes);
    EXPECT_EQ(__dma_fence_unwrap_merge(2, both, cursors), nullptr);
  }
  fence_fail_allocation(0);
  EXPECT_EQ(__dma_fence_unwrap_merge(0, nullptr, nullptr), nullptr) << "no memory for a signalled fence";
  fence_fail_allocation(-1);
  EXPECT_EQ(f[0]->refcount, 1u);
  EXPECT_EQ(f[1]->refcount, 1u);
}

TEST_F(Unwrap, DedupsAnArrayInPlace) {
  uint64_t context = dma_fence_context_alloc(2);
  dma_fence *a1 = keep(make_fence(context, 1)), *a2 = keep(make_fence(context, 2)), *b = keep(make_fence(context + 1, 1));
  dma_fence *fences[] = {dma_fence_get(b), dma_fence_get(a2), dma_fence_get(a1)};
  ASSERT_EQ(dma_fence_dedup_array(fences, 3), 2);
  EXPECT_EQ(fences[0], a2);
  EXPECT_EQ(fences[1], b);
  EXPECT_EQ(a1->refcount, 1u);
  dma_fence_put(a2);
  dma_fence_put(b);
  EXPECT_EQ(dma_fence_dedup_array(fences, 0), 0);
}

} // namespace
