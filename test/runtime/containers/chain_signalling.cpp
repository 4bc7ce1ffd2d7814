// Chains: when a link signals, with which error, and at what cost.
#include "test_containers.h"

#include <algorithm>
#include <random>
#include <thread>

namespace {

struct ChainSignalling : Containers {
  std::vector<dma_fence *> f, links;
  void make_chain(int count) {
    f = fences(count);
    for (int i = 0; i < count; ++i)
      links.push_back(keep(make_link(i ? links[i - 1] : nullptr, f[i], i + 1)));
  }
  std::vector<int> signalled() {
    std::vector<int> numbers;
    for (std::size_t i = 0; i < links.size(); ++i)
      if (dma_fence_test_signaled_flag(links[i]))
        numbers.push_back(static_cast<int>(i));
    return numbers;
  }
};

TEST_F(ChainSignalling, NeedsItsOwnFenceAndEverythingBefore) {
  make_chain(3);
  counted told;
  ASSERT_EQ(dma_fence_add_callback(links[2], &told, count), 0);
  dma_fence_signal(f[2]);
  dma_fence_signal(f[0]);
  EXPECT_EQ(told.calls, 0);
  dma_fence_signal(f[1]);
  EXPECT_EQ(told.calls, 1);
}

TEST_F(ChainSignalling, CanBePolled) {
  make_chain(3);
  dma_fence_signal(f[2]);
  EXPECT_FALSE(dma_fence_is_signaled(links[2]));
  dma_fence_signal(f[0]);
  EXPECT_TRUE(dma_fence_is_signaled(links[0]));
  EXPECT_FALSE(dma_fence_is_signaled(links[1]));
  of(f[1])->done = true;
  EXPECT_TRUE(dma_fence_is_signaled(links[2]));
}

TEST_F(ChainSignalling, SignalsAtOnceIfThereIsNothingToWaitFor) {
  f = fences(1);
  fail(f[0], -EIO);
  dma_fence *link = keep(make_link(nullptr, f[0], 1));
  counted told;
  EXPECT_EQ(dma_fence_add_callback(link, &told, count), -ENOENT);
  EXPECT_EQ(dma_fence_get_status(link), -EIO);
}

TEST_F(ChainSignalling, SignalsEveryLinkThatIsAsked) {
  make_chain(4);
  for (dma_fence *link : links)
    dma_fence_enable_sw_signaling(link);
  dma_fence_signal(f[1]);
  dma_fence_signal(f[3]);
  EXPECT_EQ(signalled(), (std::vector<int>{}));
  dma_fence_signal(f[0]);
  EXPECT_EQ(signalled(), (std::vector<int>{0, 1}));
  dma_fence_signal(f[2]);
  EXPECT_EQ(signalled(), (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(ChainSignalling, GoesOnWhenAFenceIsDoneAtTheMomentItIsAsked) {
  make_chain(3);
  for (dma_fence *fence : f)
    of(fence)->can_enable = false;
  counted told;
  ASSERT_EQ(dma_fence_add_callback(links[2], &told, count), 0);
  EXPECT_EQ(told.calls, 1);
}

TEST_F(ChainSignalling, HasTheErrorOfItsFence) {
  make_chain(1);
  dma_fence_enable_sw_signaling(links[0]);
  fail(f[0], -EIO);
  EXPECT_EQ(dma_fence_get_status(links[0]), -EIO);
}

TEST_F(ChainSignalling, HasAnErrorAlsoWhenItIsOnlyPolled) {
  make_chain(2);
  fail(f[1], -EIO);
  dma_fence_signal(f[0]);
  EXPECT_EQ(dma_fence_get_status(links[1]), -EIO);
}

TEST_F(ChainSignalling, HasTheErrorOfAFenceBeforeTheFirstLink) {
  auto own = fences(4);
  dma_fence *asked = keep(make_link(own[0], own[1], 1)), *polled = keep(make_link(own[2], own[3], 1));
  dma_fence_enable_sw_signaling(asked);
  for (int i : {0, 2})
    fail(own[i], -EIO);
  for (int i : {1, 3})
    dma_fence_signal(own[i]);
  EXPECT_EQ(dma_fence_get_status(asked), -EIO);
  EXPECT_EQ(dma_fence_get_status(polled), -EIO);
}

TEST_F(ChainSignalling, HasTheErrorOfAnOlderLink) {
  make_chain(3);
  dma_fence_enable_sw_signaling(links[2]);
  dma_fence_signal(f[2]);
  dma_fence_signal(f[1]);
  fail(f[0], -EIO);
  EXPECT_EQ(dma_fence_get_status(links[2]), -EIO);
}

TEST_F(ChainSignalling, HasTheErrorOfALinkThatWasTakenOut) {
  make_chain(4);
  fail(f[1], -EIO);
  dma_fence_put(dma_fence_chain_walk(dma_fence_get(links[2]))); // Takes out links[1].
  dma_fence_signal(f[2]);
  dma_fence_put(dma_fence_chain_walk(dma_fence_get(links[3]))); // Takes out links[2], which had kept the error.
  EXPECT_EQ(to_dma_fence_chain(links[3])->prev, links[0]);
  dma_fence_signal(f[0]);
  dma_fence_signal(f[3]);
  EXPECT_EQ(dma_fence_get_status(links[3]), -EIO);
  EXPECT_EQ(dma_fence_get_status(links[0]), 1);
}

TEST_F(ChainSignalling, HasTheErrorThatItLearntOfFirst) {
  make_chain(2);
  dma_fence_enable_sw_signaling(links[1]);
  fail(f[1], -EIO);
  fail(f[0], -EINVAL);
  EXPECT_EQ(dma_fence_get_status(links[1]), -EIO);
  EXPECT_EQ(dma_fence_get_status(links[0]), -EINVAL);
}

TEST_F(ChainSignalling, PassesADeadlineToEverythingItWaitsFor) {
  make_chain(3);
  dma_fence_set_deadline(links[1], 77);
  EXPECT_EQ(of(f[0])->deadline, 77);
  EXPECT_EQ(of(f[1])->deadline, 77);
  EXPECT_EQ(of(f[2])->deadline, 0);
}

TEST_F(ChainSignalling, AsksForTheNextFenceOnlyWhenTheLastHasSignalled) {
  make_chain(2);
  dma_fence_enable_sw_signaling(links[1]);
  EXPECT_EQ(of(f[1])->enabled, 1);
  EXPECT_EQ(of(f[0])->enabled, 0);
  dma_fence_signal(f[1]);
  EXPECT_EQ(of(f[0])->enabled, 1);
  dma_fence_signal(f[0]);
}

TEST_F(ChainSignalling, LivesUntilItHasSignalledIfSomebodyAsked) {
  auto own = fences(2);
  dma_fence *old = make_link(nullptr, own[0], 1), *tail = make_link(old, own[1], 2);
  dma_fence_put(old);
  counted told;
  ASSERT_EQ(dma_fence_add_callback(tail, &told, count), 0);
  dma_fence_put(tail);
  dma_fence_signal(own[1]);
  dma_fence_signal(own[0]);
  EXPECT_EQ(told.calls, 1);
  EXPECT_EQ(own[0]->refcount, 1u);
}

TEST_F(ChainSignalling, NeverSignalsUnderTheLockOfAFence) {
  make_chain(2);
  dma_fence_enable_sw_signaling(links[0]);
  dma_fence_enable_sw_signaling(links[1]);
  dma_fence_signal(f[1]);
  unsigned long flags = fence_spin_lock_irqsave(f[0]->lock);
  dma_fence_signal_locked(f[0]);
  EXPECT_EQ(signalled(), (std::vector<int>{}));
  fence_spin_unlock_irqrestore(f[0]->lock, flags);
  EXPECT_EQ(signalled(), (std::vector<int>{0, 1}));
}

constexpr int many = 4096;

TEST_F(ChainSignalling, OfThousandsOfLinksSignalsInALoopWhateverTheOrder) {
  for (int order = 0; order < 3; ++order) {
    links.clear();
    make_chain(many);
    for (dma_fence *link : links)
      dma_fence_enable_sw_signaling(link);
    std::vector<dma_fence *> todo = f;
    if (order == 1)
      std::reverse(todo.begin(), todo.end());
    if (order == 2)
      std::shuffle(todo.begin(), todo.end(), std::minstd_rand(1));
    for (dma_fence *fence : todo)
      dma_fence_signal(fence);
    EXPECT_EQ(signalled().size(), static_cast<std::size_t>(many));
  }
}

TEST_F(ChainSignalling, RegistersTwicePerLinkAtMost) {
  // From new to old is the order in which every link would wait for each older fence in turn.
  make_chain(100);
  for (dma_fence *link : links)
    dma_fence_enable_sw_signaling(link);
  for (int i = 99; i > 0; --i) {
    dma_fence_signal(f[i]);
    int waiting = 0;
    for (fence_list *node = f[0]->cb_list.next; node != &f[0]->cb_list; node = node->next)
      ++waiting;
    ASSERT_EQ(waiting, 1) << "only the first link waits for the first fence";
  }
  dma_fence_signal(f[0]);
  EXPECT_EQ(signalled().size(), 100u);
}

TEST_F(ChainSignalling, MayContainArraysAndChains) {
  auto own = fences(4);
  dma_fence *array = keep(make_array({own[0], own[1]}));
  dma_fence *inner = keep(make_link(nullptr, array, 1)), *outer = keep(make_link(keep(make_link(nullptr, own[3], 1)), inner, 2));
  counted told;
  ASSERT_EQ(dma_fence_add_callback(outer, &told, count), 0);
  for (int i : {3, 0})
    dma_fence_signal(own[i]);
  EXPECT_EQ(told.calls, 0);
  fail(own[1], -EIO);
  EXPECT_EQ(told.calls, 1);
  EXPECT_EQ(dma_fence_get_status(outer), -EIO);
}

TEST_F(ChainSignalling, LocksComeFromTheOutsideIn) {
  // Polled under its lock, a link polls its own fence and those of older links.
  make_chain(2);
  EXPECT_EQ(links[1]->lock->lock_class, links[0]->lock->lock_class) << "links poll no links";
  dma_fence *around = keep(make_link(nullptr, links[0], 1)), *later = keep(make_link(around, f[0], 2));
  EXPECT_NE(around->lock->lock_class, links[0]->lock->lock_class);
  EXPECT_EQ(later->lock->lock_class, around->lock->lock_class);
  dma_fence *array = keep(make_array(f)), *behind = keep(make_link(array, f[0], 1));
  EXPECT_NE(behind->lock->lock_class, array->lock->lock_class);
  unsigned long flags = fence_spin_lock_irqsave(later->lock);
  EXPECT_FALSE(dma_fence_is_signaled_locked(later));
  of(f[0])->done = true;
  EXPECT_TRUE(dma_fence_is_signaled_locked(later));
  fence_spin_unlock_irqrestore(later->lock, flags);
}

TEST_F(ChainSignalling, CanBeWaitedFor) {
  make_chain(64);
  EXPECT_EQ(dma_fence_wait_timeout(links.back(), false, 0), 0);
  std::thread device([&] {
    for (int i = 63; i >= 0; --i)
      dma_fence_signal(f[i]);
  });
  EXPECT_EQ(dma_fence_wait(links.back(), false), 0);
  device.join();
}

} // namespace
