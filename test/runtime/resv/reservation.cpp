// What a reservation keeps, replaces and gives up; with the lock held.
#include "reservation_test.h"

#include <cerrno>
#include <string>
#include <thread>

namespace {

TEST_F(Reservation, LocksAndUnlocks) {
  EXPECT_FALSE(dma_resv_is_locked(&resv));
  ASSERT_TRUE(dma_resv_trylock(&resv));
  EXPECT_TRUE(dma_resv_is_locked(&resv));
  std::thread([&] { EXPECT_FALSE(dma_resv_trylock(&resv)); }).join();
  dma_resv_unlock(&resv);
  fence_ww_acquire_ctx ctx;
  fence_ww_acquire_init(&ctx, &dma_resv_ww_class);
  EXPECT_EQ(dma_resv_lock_interruptible(&resv, &ctx), 0);
  EXPECT_EQ(dma_resv_lock(&resv, &ctx), -EALREADY);
  dma_resv_unlock(&resv);
  dma_resv_lock_slow(&resv, &ctx);
  dma_resv_unlock(&resv);
  EXPECT_EQ(dma_resv_lock_slow_interruptible(&resv, &ctx), 0);
  dma_resv_unlock(&resv);
  fence_ww_acquire_fini(&ctx);
}

TEST_F(Reservation, KeepsAReferenceUntilItsEnd) {
  dma_fence *kept = fence(1);
  lock();
  add(kept, DMA_RESV_USAGE_WRITE);
  EXPECT_EQ(references(kept), 2u);
  EXPECT_EQ(all(), (entries{{kept, DMA_RESV_USAGE_WRITE}}));
  unlock();
  dma_resv_fini(&resv);
  EXPECT_EQ(references(kept), 1u);
  dma_resv_init(&resv);
}

TEST_F(Reservation, ALaterFenceOfTheContextTakesThePlaceOfAnEarlierOne) {
  dma_fence *early = fence(1, 1), *late = fence(1, 2);
  lock();
  add(early, DMA_RESV_USAGE_READ);
  add(late, DMA_RESV_USAGE_READ);
  EXPECT_EQ(all(), (entries{{late, DMA_RESV_USAGE_READ}}));
  EXPECT_EQ(references(early), 1u);
  add(early, DMA_RESV_USAGE_READ);
  EXPECT_EQ(all().size(), 2u) << "an earlier one says nothing about the later one";
}

TEST_F(Reservation, AFenceForFewerWaitersDoesNotReplaceOneForMore) {
  dma_fence *write = fence(1, 1), *read = fence(1, 2), *kernel = fence(1, 3);
  lock();
  add(write, DMA_RESV_USAGE_WRITE);
  add(read, DMA_RESV_USAGE_READ);
  EXPECT_EQ(all(), (entries{{write, DMA_RESV_USAGE_WRITE}, {read, DMA_RESV_USAGE_READ}}));
  add(kernel, DMA_RESV_USAGE_KERNEL);
  EXPECT_EQ(all()[0], (std::pair{kernel, DMA_RESV_USAGE_KERNEL}));
}

TEST_F(Reservation, AFenceThatHasSignalledGivesItsPlace) {
  dma_fence *done = fence(1), *next = fence(2);
  lock();
  add(done, DMA_RESV_USAGE_KERNEL);
  dma_fence_signal(done);
  add(next, DMA_RESV_USAGE_BOOKKEEP);
  EXPECT_EQ(all(), (entries{{next, DMA_RESV_USAGE_BOOKKEEP}}));
  EXPECT_EQ(references(done), 1u);
}

TEST_F(Reservation, RoomIsReservedForAllThatFollow) {
  lock();
  ASSERT_EQ(dma_resv_reserve_fences(&resv, 20), 0);
  for (uint64_t context = 1; context <= 20; ++context)
    dma_resv_add_fence(&resv, fence(context), DMA_RESV_USAGE_READ);
  EXPECT_EQ(all().size(), 20u);
  ASSERT_EQ(dma_resv_reserve_fences(&resv, 1), 0);
  dma_resv_add_fence(&resv, fence(21), DMA_RESV_USAGE_READ);
  EXPECT_EQ(all().size(), 21u);
  for (dma_fence *each : fences)
    EXPECT_EQ(references(each), 2u);
}

TEST_F(Reservation, MakingRoomLeavesBehindWhatHasSignalled) {
  lock();
  ASSERT_EQ(dma_resv_reserve_fences(&resv, 4), 0);
  for (uint64_t context = 1; context <= 4; ++context)
    dma_resv_add_fence(&resv, fence(context), DMA_RESV_USAGE_READ);
  dma_fence_signal(fences[1]);
  dma_fence_signal(fences[3]);
  ASSERT_EQ(dma_resv_reserve_fences(&resv, 4), 0);
  EXPECT_EQ(all(), (entries{{fences[0], DMA_RESV_USAGE_READ}, {fences[2], DMA_RESV_USAGE_READ}}));
  for (size_t i = 0; i < 4; ++i)
    EXPECT_EQ(references(fences[i]), i % 2 ? 1u : 2u);
}

TEST_F(Reservation, WithoutMemoryNothingChanges) {
  lock();
  add(fence(1), DMA_RESV_USAGE_READ);
  fence_fail_allocation(0);
  EXPECT_EQ(dma_resv_reserve_fences(&resv, 100), -ENOMEM);
  unsigned count;
  dma_fence **got;
  fence_fail_allocation(0);
  EXPECT_EQ(dma_resv_get_fences(&resv, DMA_RESV_USAGE_READ, &count, &got), -ENOMEM);
  EXPECT_EQ(count, 0u);
  dma_resv other;
  dma_resv_init(&other);
  ASSERT_TRUE(dma_resv_trylock(&other)); // two reservations at once need a context, or a try
  fence_fail_allocation(0);
  EXPECT_EQ(dma_resv_copy_fences(&other, &resv), -ENOMEM);
  fence_fail_allocation(-1);
  dma_resv_unlock(&other);
  dma_resv_fini(&other);
  EXPECT_EQ(all().size(), 1u);
  EXPECT_EQ(references(fences[0]), 2u);
}

TEST_F(Reservation, AddingWithoutRoomEndsTheProcess) {
  lock();
  dma_fence *homeless = fence(1);
  EXPECT_DEATH(dma_resv_add_fence(&resv, homeless, DMA_RESV_USAGE_READ), "without dma_resv_reserve_fences");
}

TEST_F(Reservation, ReplacesAllFencesOfAContextAndTheirReferences) {
  dma_fence *first = fence(7, 1), *second = fence(7, 2), *other = fence(8), *instead = fence(9);
  lock();
  add(second, DMA_RESV_USAGE_KERNEL);
  add(first, DMA_RESV_USAGE_BOOKKEEP);
  add(other, DMA_RESV_USAGE_READ);
  dma_resv_replace_fences(&resv, 7, instead, DMA_RESV_USAGE_BOOKKEEP);
  EXPECT_EQ(all(), (entries{{instead, DMA_RESV_USAGE_BOOKKEEP}, {instead, DMA_RESV_USAGE_BOOKKEEP}, {other, DMA_RESV_USAGE_READ}}));
  EXPECT_EQ(references(first), 1u);
  EXPECT_EQ(references(second), 1u);
  EXPECT_EQ(references(instead), 3u);
}

TEST_F(Reservation, CopiesWhatHasNotSignalled) {
  dma_resv copy;
  dma_resv_init(&copy);
  lock();
  add(fence(1), DMA_RESV_USAGE_WRITE);
  add(fence(2), DMA_RESV_USAGE_READ);
  add(fence(3), DMA_RESV_USAGE_READ);
  unlock();
  dma_fence_signal(fences[1]);
  ASSERT_EQ(dma_resv_lock(&copy, nullptr), 0);
  // What the copy held before goes.
  dma_fence *before = fence(4);
  ASSERT_EQ(dma_resv_reserve_fences(&copy, 1), 0);
  dma_resv_add_fence(&copy, before, DMA_RESV_USAGE_READ);
  ASSERT_EQ(dma_resv_copy_fences(&copy, &resv), 0);
  EXPECT_EQ(references(before), 1u);
  dma_resv_iter cursor;
  dma_fence *each;
  entries seen;
  dma_resv_for_each_fence(&cursor, &copy, DMA_RESV_USAGE_BOOKKEEP, each) seen.emplace_back(each, dma_resv_iter_usage(&cursor));
  EXPECT_EQ(seen, (entries{{fences[0], DMA_RESV_USAGE_WRITE}, {fences[2], DMA_RESV_USAGE_READ}}));
  dma_resv_unlock(&copy);
  dma_resv_fini(&copy);
  EXPECT_EQ(references(fences[0]), 2u);
}

TEST_F(Reservation, DescribesItsFences) {
  lock();
  add(fence(5, 6), DMA_RESV_USAGE_WRITE);
  char text[200];
  size_t length = dma_resv_describe(&resv, text, sizeof text);
  EXPECT_EQ(length, std::string(text).size());
  EXPECT_NE(std::string(text).find("write fence: test test 5:6 pending"), std::string::npos) << text;
  char little[8];
  EXPECT_EQ(dma_resv_describe(&resv, little, sizeof little), length);
  EXPECT_STREQ(little, "write f");
  EXPECT_EQ(dma_resv_describe(&resv, nullptr, 0), length);
}

TEST_F(Reservation, WritersWaitForReadersAndReadersForWriters) {
  EXPECT_EQ(dma_resv_usage_rw(true), DMA_RESV_USAGE_READ);
  EXPECT_EQ(dma_resv_usage_rw(false), DMA_RESV_USAGE_WRITE);
}

} // namespace
