// Sync objects without waiting: what they hold, points, and what a query says.
#include "test_containers.h"

#include <fence/drm-syncobj.h>

namespace {

struct Syncobj : Containers {
  drm_syncobj *object = nullptr;
  void SetUp() override { ASSERT_EQ(drm_syncobj_create(&object, 0, nullptr), 0); }
  void TearDown() override {
    drm_syncobj_put(object);
    Containers::TearDown();
  }
  void add(uint64_t point, dma_fence *fence) { drm_syncobj_add_point(object, dma_fence_chain_alloc(), fence, point); }
  uint64_t reached() { return drm_syncobj_query(object, 0); }
  uint64_t submitted() { return drm_syncobj_query(object, DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED); }
  dma_fence *found(uint64_t point) {
    dma_fence *fence = nullptr;
    EXPECT_EQ(drm_syncobj_find_fence(object, point, 0, 0, &fence), 0);
    dma_fence_put(fence); // The object has one, too.
    return fence;
  }
};

TEST_F(Syncobj, IsCreatedEmptySignalledOrWithAFence) {
  EXPECT_EQ(drm_syncobj_fence_get(object), nullptr);
  drm_syncobj *other;
  ASSERT_EQ(drm_syncobj_create(&other, DRM_SYNCOBJ_CREATE_SIGNALED, nullptr), 0);
  dma_fence *fence = drm_syncobj_fence_get(other);
  EXPECT_TRUE(dma_fence_is_signaled(fence));
  dma_fence_put(fence);
  drm_syncobj_put(other);
  auto f = fences(1);
  ASSERT_EQ(drm_syncobj_create(&other, 0, f[0]), 0);
  EXPECT_EQ(f[0]->refcount, 2u);
  EXPECT_EQ(drm_syncobj_get(other), other);
  drm_syncobj_put(other);
  EXPECT_EQ(f[0]->refcount, 2u);
  drm_syncobj_put(other);
  EXPECT_EQ(f[0]->refcount, 1u);
  drm_syncobj_put(nullptr);
}

TEST_F(Syncobj, IsNotCreatedWithUnknownFlagsOrWithoutMemory) {
  drm_syncobj *other = nullptr;
  EXPECT_EQ(drm_syncobj_create(&other, 0x80, nullptr), -EINVAL);
  EXPECT_EQ(drm_syncobj_create(nullptr, 0, nullptr), -EINVAL);
  fence_fail_allocation(0);
  EXPECT_EQ(drm_syncobj_create(&other, 0, nullptr), -ENOMEM);
  fence_fail_allocation(-1);
  EXPECT_EQ(other, nullptr);
}

TEST_F(Syncobj, ReplacesItsFence) {
  auto f = fences(2);
  drm_syncobj_replace_fence(object, f[0]);
  EXPECT_EQ(found(0), f[0]);
  drm_syncobj_replace_fence(object, f[1]);
  EXPECT_EQ(found(0), f[1]);
  EXPECT_EQ(f[0]->refcount, 1u);
  drm_syncobj_reset(object);
  EXPECT_EQ(drm_syncobj_fence_get(object), nullptr);
  EXPECT_EQ(f[1]->refcount, 1u);
  drm_syncobj_signal(object);
  EXPECT_TRUE(dma_fence_is_signaled(found(0)));
}

TEST_F(Syncobj, FindsTheFenceOfAPoint) {
  auto f = fences(2);
  add(10, f[0]);
  add(20, f[1]);
  EXPECT_EQ(dma_fence_chain_contained(found(20)), f[1]);
  EXPECT_EQ(dma_fence_chain_contained(found(11)), f[1]);
  EXPECT_EQ(dma_fence_chain_contained(found(10)), f[0]);
  dma_fence *fence;
  EXPECT_EQ(drm_syncobj_find_fence(object, 21, 0, 0, &fence), -EINVAL);
  EXPECT_EQ(drm_syncobj_find_fence(object, 1, 0x80, 0, &fence), -EINVAL);
  EXPECT_EQ(drm_syncobj_find_fence(object, 1, 0, -1, &fence), -EINVAL);
  dma_fence_signal(f[0]);
  EXPECT_TRUE(dma_fence_is_signaled(found(10)));
  EXPECT_EQ(dma_fence_chain_contained(found(11)), f[1]);
}

TEST_F(Syncobj, QueryTellsTheLastPointReached) {
  EXPECT_EQ(reached(), 0u);
  auto f = fences(3);
  for (int i = 0; i < 3; ++i)
    add(10 * (i + 1), f[i]);
  EXPECT_EQ(reached(), 0u);
  EXPECT_EQ(submitted(), 30u);
  dma_fence_signal(f[1]);
  EXPECT_EQ(reached(), 0u) << "the first point is still pending";
  dma_fence_signal(f[0]);
  EXPECT_EQ(reached(), 20u);
  dma_fence_signal(f[2]);
  EXPECT_EQ(reached(), 30u);
}

TEST_F(Syncobj, QueryOfABinaryObjectIsZero) {
  auto f = fences(1);
  drm_syncobj_replace_fence(object, f[0]);
  EXPECT_EQ(reached(), 0u);
  EXPECT_EQ(submitted(), 0u);
  dma_fence_signal(f[0]);
  EXPECT_EQ(reached(), 0u);
}

TEST_F(Syncobj, APointOutOfOrderStartsATimeline) {
  auto f = fences(2);
  add(10, f[0]);
  add(5, f[1]);
  EXPECT_EQ(submitted(), 10u);
  dma_fence_signal(f[1]);
  EXPECT_EQ(reached(), 0u) << "the point before is pending";
  dma_fence_signal(f[0]);
  EXPECT_EQ(reached(), 10u);
}

TEST_F(Syncobj, ATimelineMayStartAfterABinaryFence) {
  auto f = fences(2);
  drm_syncobj_replace_fence(object, f[0]);
  add(1, f[1]);
  dma_fence_signal(f[1]);
  EXPECT_EQ(reached(), 0u);
  EXPECT_FALSE(dma_fence_is_signaled(found(1)));
  dma_fence_signal(f[0]);
  EXPECT_EQ(reached(), 1u);
}

TEST_F(Syncobj, SignalsAPointWithoutWork) {
  auto f = fences(1);
  add(1, f[0]);
  ASSERT_EQ(drm_syncobj_timeline_signal(object, 2), 0);
  EXPECT_EQ(submitted(), 2u);
  EXPECT_EQ(reached(), 0u) << "not before the points before it";
  dma_fence_signal(f[0]);
  EXPECT_EQ(reached(), 2u);
  fence_fail_allocation(0);
  EXPECT_EQ(drm_syncobj_timeline_signal(object, 3), -ENOMEM);
  fence_fail_allocation(-1);
  EXPECT_EQ(submitted(), 2u);
}

TEST_F(Syncobj, DoesNotGrowWhileItsPointsAreReached) {
  for (uint64_t point = 1; point <= 1000; ++point) {
    dma_fence *fence = make_fence();
    add(point, fence);
    dma_fence_signal(fence);
    dma_fence_put(fence);
  }
  EXPECT_LE(live_fences - before, 2);
  EXPECT_EQ(reached(), 1000u);
}

} // namespace
