// Arrays: when they signal, with which error, what they ask of their members and what they keep of them.
#include "test_containers.h"

#include <thread>

namespace {

using Array = Containers;

TEST_F(Array, SignalsWithItsLastMember) {
  auto f = fences(3);
  dma_fence *array = keep(make_array(f));
  counted told;
  ASSERT_EQ(dma_fence_add_callback(array, &told, count), 0);
  dma_fence_signal(f[1]);
  dma_fence_signal(f[2]);
  EXPECT_EQ(told.calls, 0);
  EXPECT_FALSE(dma_fence_is_signaled(array));
  dma_fence_signal(f[0]);
  EXPECT_EQ(told.calls, 1);
  EXPECT_EQ(dma_fence_get_status(array), 1);
}

TEST_F(Array, OfAnySignalsWithItsFirstMember) {
  auto f = fences(3);
  dma_fence *array = keep(make_array(f, any));
  counted told;
  ASSERT_EQ(dma_fence_add_callback(array, &told, count), 0);
  EXPECT_FALSE(dma_fence_is_signaled(array));
  dma_fence_signal(f[1]);
  EXPECT_EQ(told.calls, 1);
  dma_fence_signal(f[0]);
  EXPECT_EQ(told.calls, 1);
}

TEST_F(Array, OfAnyLetsGoOfTheOthersWhenTheFirstHasSignalled) {
  auto f = fences(2);
  dma_fence *array = make_array(f, any);
  dma_fence_enable_sw_signaling(array);
  dma_fence_put(array);
  EXPECT_EQ(f[1]->refcount, 2u);
  dma_fence_signal(f[0]);
  EXPECT_EQ(f[1]->refcount, 1u) << "the second never signals, and must not keep the array";
  EXPECT_TRUE(fence_list_empty(&f[1]->cb_list)) << "nor call it";
}

TEST_F(Array, CanBePolledWithoutAnyCallback) {
  auto f = fences(2);
  dma_fence *of_all = keep(make_array(f)), *of_any = keep(make_array(f, any));
  EXPECT_FALSE(dma_fence_is_signaled(of_all));
  EXPECT_FALSE(dma_fence_is_signaled(of_any));
  dma_fence_signal(f[1]);
  EXPECT_FALSE(dma_fence_is_signaled(of_all));
  EXPECT_TRUE(dma_fence_is_signaled(of_any));
  of(f[0])->done = true; // The device is done, and nobody has signalled yet.
  EXPECT_TRUE(dma_fence_is_signaled(of_all));
  EXPECT_EQ(of(f[0])->enabled, 0);
}

TEST_F(Array, HasTheErrorThatCameFirst) {
  auto f = fences(3);
  dma_fence *array = keep(make_array(f));
  dma_fence_enable_sw_signaling(array);
  fail(f[2], -EIO);
  fail(f[0], -EINVAL);
  dma_fence_signal(f[1]);
  EXPECT_EQ(dma_fence_get_status(array), -EIO);
}

TEST_F(Array, HasAMembersErrorAlsoWhenItIsOnlyPolled) {
  auto f = fences(2);
  dma_fence *array = keep(make_array(f));
  dma_fence_signal(f[0]);
  fail(f[1], -EIO);
  EXPECT_EQ(dma_fence_get_status(array), -EIO);
}

TEST_F(Array, HasAnErrorFromBeforeItWasAsked) {
  auto f = fences(2);
  dma_fence *array = keep(make_array(f));
  fail(f[0], -EIO);
  dma_fence_enable_sw_signaling(array);
  EXPECT_FALSE(dma_fence_is_signaled(array));
  dma_fence_signal(f[1]);
  EXPECT_EQ(dma_fence_get_status(array), -EIO);
}

TEST_F(Array, OfAnyHasTheResultOfTheMemberThatWasFirst) {
  auto f = fences(4);
  dma_fence *well = keep(make_array({f[0], f[1]}, any)), *failed = keep(make_array({f[2], f[3]}, any));
  dma_fence_enable_sw_signaling(well);
  dma_fence_enable_sw_signaling(failed);
  dma_fence_signal(f[1]);
  fail(f[0], -EIO);
  fail(f[2], -EIO);
  dma_fence_signal(f[3]);
  EXPECT_EQ(dma_fence_get_status(well), 1);
  EXPECT_EQ(dma_fence_get_status(failed), -EIO);
}

TEST_F(Array, OfAnyKnowsWhoWasFirstAlsoAfterwards) {
  auto f = fences(2);
  dma_fence *array = keep(make_array(f, any));
  fail(f[1], -EIO);
  dma_fence_signal(f[0]);
  EXPECT_EQ(dma_fence_get_status(array), -EIO);
}

TEST_F(Array, AsksItsMembersOnlyWhenItIsAsked) {
  auto f = fences(2);
  dma_fence *array = keep(make_array(f));
  EXPECT_EQ(of(f[0])->enabled, 0);
  dma_fence_enable_sw_signaling(array);
  EXPECT_EQ(of(f[0])->enabled, 1);
  EXPECT_EQ(of(f[1])->enabled, 1);
  dma_fence_signal(f[0]);
  dma_fence_signal(f[1]);
}

TEST_F(Array, SignalsAtOnceIfEveryMemberHas) {
  auto f = fences(2);
  dma_fence_signal(f[0]);
  fail(f[1], -EIO);
  dma_fence *array = keep(make_array(f));
  counted told;
  EXPECT_EQ(dma_fence_add_callback(array, &told, count), -ENOENT);
  EXPECT_EQ(dma_fence_get_status(array), -EIO);
  EXPECT_EQ(told.calls, 0);
}

TEST_F(Array, SignalsIfEveryMemberIsDoneWhenItIsAsked) {
  auto f = fences(2);
  of(f[0])->can_enable = of(f[1])->can_enable = false;
  dma_fence *array = keep(make_array(f));
  counted told;
  ASSERT_EQ(dma_fence_add_callback(array, &told, count), 0);
  EXPECT_EQ(told.calls, 1);
  EXPECT_TRUE(dma_fence_test_signaled_flag(array));
}

TEST_F(Array, PassesADeadlineOn) {
  auto f = fences(2);
  dma_fence *array = keep(make_array(f));
  dma_fence_set_deadline(array, 77);
  EXPECT_EQ(of(f[0])->deadline, 77);
  EXPECT_EQ(of(f[1])->deadline, 77);
}

TEST_F(Array, CanBeWaitedFor) {
  auto f = fences(2);
  dma_fence *array = keep(make_array(f));
  EXPECT_EQ(dma_fence_wait_timeout(array, false, 0), 0);
  std::thread device([&] {
    dma_fence_signal(f[0]);
    dma_fence_signal(f[1]);
  });
  EXPECT_EQ(dma_fence_wait(array, false), 0);
  device.join();
}

TEST_F(Array, LivesUntilItsMembersHaveSignalledIfSomebodyAsked) {
  auto f = fences(2);
  dma_fence *array = make_array(f);
  counted told;
  ASSERT_EQ(dma_fence_add_callback(array, &told, count), 0);
  dma_fence_put(array);
  dma_fence_signal(f[0]);
  dma_fence_signal(f[1]);
  EXPECT_EQ(told.calls, 1);
  EXPECT_EQ(f[0]->refcount, 1u);
}

TEST_F(Array, SignalsAfterTheDriversLockWasGivenBack) {
  // Members of one lock, which the array's callback may want as well.
  auto f = fences(2);
  dma_fence *array = keep(make_array(f));
  struct relocking : dma_fence_cb {
    fence_spinlock *lock;
    bool was_locked;
  } told{};
  told.lock = &of(f[1])->lock;
  ASSERT_EQ(dma_fence_add_callback(array, &told,
                                   [](dma_fence *, dma_fence_cb *cb) noexcept {
                                     auto *self = static_cast<relocking *>(cb);
                                     self->was_locked = fence_spin_is_locked(self->lock);
                                   }),
            0);
  dma_fence_signal(f[0]);
  told.was_locked = true;
  unsigned long flags = fence_spin_lock_irqsave(&of(f[1])->lock);
  dma_fence_signal_locked(f[1]);
  EXPECT_FALSE(dma_fence_test_signaled_flag(array)) << "not under somebody else's lock";
  fence_spin_unlock_irqrestore(&of(f[1])->lock, flags);
  EXPECT_TRUE(dma_fence_test_signaled_flag(array));
  EXPECT_FALSE(told.was_locked);
}

TEST_F(Array, MayHoldAFenceTwice) {
  auto f = fences(1);
  dma_fence *array = keep(make_array({f[0], f[0]}));
  dma_fence_enable_sw_signaling(array);
  dma_fence_signal(f[0]);
  EXPECT_TRUE(dma_fence_test_signaled_flag(array));
}

TEST_F(Array, MayHoldArrays) {
  auto f = fences(3);
  dma_fence *inner = keep(make_array({f[0], f[1]})), *outer = keep(make_array({inner, f[2]}));
  EXPECT_NE(inner->lock->lock_class, outer->lock->lock_class) << "polled together, the outer one first";
  dma_fence_enable_sw_signaling(outer);
  dma_fence_signal(f[2]);
  fail(f[1], -EIO);
  EXPECT_FALSE(dma_fence_test_signaled_flag(outer));
  dma_fence_signal(f[0]);
  EXPECT_EQ(dma_fence_get_status(outer), -EIO);
}

TEST_F(Array, IsNotMadeOfNothingOrWithoutMemory) {
  EXPECT_EQ(dma_fence_array_create(0, nullptr, 1, 1, false), nullptr);
  auto f = fences(1);
  EXPECT_EQ(dma_fence_array_create(0, f.data(), 1, 1, false), nullptr);
  EXPECT_EQ(dma_fence_array_create(1, nullptr, 1, 1, false), nullptr);
  fence_fail_allocation(0);
  EXPECT_EQ(dma_fence_array_create(1, f.data(), 1, 1, false), nullptr);
  fence_fail_allocation(0);
  EXPECT_EQ(dma_fence_array_alloc(1), nullptr);
  fence_fail_allocation(-1);
  EXPECT_EQ(f[0]->refcount, 1u) << "still the caller's";
}

TEST_F(Array, CanBeInitialisedWhereNothingMayBeAllocated) {
  auto f = fences(2);
  auto **members = static_cast<dma_fence **>(fence_alloc(2 * sizeof(dma_fence *), FENCE_GFP_KERNEL));
  members[0] = dma_fence_get(f[0]);
  members[1] = dma_fence_get(f[1]);
  dma_fence_array *array = dma_fence_array_alloc(2);
  fence_fail_allocation(-1);
  dma_fence_array_init(array, 2, members, 9, 5, false);
  EXPECT_EQ(fence_fail_allocation(-1), 0);
  EXPECT_EQ(array->base.context, 9u);
  EXPECT_EQ(array->base.seqno, 5u);
  EXPECT_EQ(array->num_fences, 2u);
  dma_fence_put(&array->base);
}

TEST_F(Array, IsKnownAsSuch) {
  auto f = fences(1);
  dma_fence *array = keep(make_array(f)), *link = keep(make_link(nullptr, f[0], 1));
  EXPECT_TRUE(dma_fence_is_array(array));
  EXPECT_FALSE(dma_fence_is_array(f[0]));
  EXPECT_FALSE(dma_fence_is_array(link));
  EXPECT_FALSE(dma_fence_is_array(nullptr));
  EXPECT_TRUE(dma_fence_is_container(array));
  EXPECT_TRUE(dma_fence_is_container(link));
  EXPECT_FALSE(dma_fence_is_container(f[0]));
  EXPECT_EQ(&to_dma_fence_array(array)->base, array);
  EXPECT_EQ(to_dma_fence_array(f[0]), nullptr);
  EXPECT_EQ(to_dma_fence_array(nullptr), nullptr);
}

TEST_F(Array, GivesItsMembersOneByOne) {
  auto f = fences(3);
  dma_fence *array = keep(make_array(f));
  std::vector<dma_fence *> seen;
  dma_fence *each;
  unsigned index;
  dma_fence_array_for_each(each, index, array) seen.push_back(each);
  EXPECT_EQ(seen, f);
  EXPECT_EQ(index, 3u);
  EXPECT_EQ(dma_fence_array_first(f[0]), f[0]);
  EXPECT_EQ(dma_fence_array_next(f[0], 1), nullptr);
  EXPECT_EQ(dma_fence_array_first(nullptr), nullptr);
}

TEST_F(Array, MatchesAContextOnlyWithEveryMember) {
  dma_fence *a = keep(make_fence(41)), *b = keep(make_fence(41)), *c = keep(make_fence(42));
  dma_fence *same = keep(make_array({a, b})), *mixed = keep(make_array({a, c}));
  EXPECT_TRUE(dma_fence_match_context(same, 41));
  EXPECT_FALSE(dma_fence_match_context(same, 42));
  EXPECT_FALSE(dma_fence_match_context(mixed, 41));
  EXPECT_FALSE(dma_fence_match_context(mixed, 42));
  EXPECT_TRUE(dma_fence_match_context(c, 42));
  EXPECT_FALSE(dma_fence_match_context(nullptr, 42));
}

} // namespace
