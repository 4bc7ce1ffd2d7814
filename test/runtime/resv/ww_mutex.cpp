// Wound-wait and wait-die: who is refused, who waits, and that everybody gets through in the end.
#include <atomic>
#include <cerrno>
#include <fence/ww_mutex.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace {

fence_ww_class wound_wait = FENCE_WW_CLASS_INIT("test_wound_wait", false);
fence_ww_class wait_die = FENCE_WW_CLASS_INIT("test_wait_die", true);

class WwMutex : public testing::TestWithParam<fence_ww_class *> {
protected:
  void SetUp() override {
    fence_ww_mutex_init(&a, GetParam());
    fence_ww_mutex_init(&b, GetParam());
  }
  void TearDown() override {
    EXPECT_FALSE(fence_ww_mutex_is_locked(&a));
    EXPECT_FALSE(fence_ww_mutex_is_locked(&b));
    fence_ww_mutex_destroy(&a);
    fence_ww_mutex_destroy(&b);
  }
  fence_ww_mutex a, b;
};
INSTANTIATE_TEST_SUITE_P(Both, WwMutex, testing::Values(&wound_wait, &wait_die),
                         [](const auto &info) { return info.param == &wound_wait ? "WoundWait" : "WaitDie"; });

TEST_P(WwMutex, WithoutContextIsAnOrdinaryMutex) {
  EXPECT_EQ(fence_ww_mutex_lock(&a, nullptr), 0);
  EXPECT_TRUE(fence_ww_mutex_is_locked(&a));
  EXPECT_TRUE(fence_ww_mutex_is_held(&a));
  std::thread([&] {
    EXPECT_FALSE(fence_ww_mutex_trylock(&a, nullptr));
    EXPECT_FALSE(fence_ww_mutex_is_held(&a));
  }).join();
  fence_ww_mutex_unlock(&a);
  EXPECT_TRUE(fence_ww_mutex_trylock(&a, nullptr));
  fence_ww_mutex_unlock(&a);
}

TEST_P(WwMutex, ExcludesThreads) {
  int count = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        fence_ww_mutex_lock(&a, nullptr);
        ++count;
        fence_ww_mutex_unlock(&a);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(count, 2000);
}

TEST_P(WwMutex, SaysThatTheContextHoldsItAlready) {
  fence_ww_acquire_ctx ctx;
  fence_ww_acquire_init(&ctx, GetParam());
  EXPECT_EQ(fence_ww_mutex_lock(&a, &ctx), 0);
  EXPECT_EQ(ctx.acquired, 1u);
  EXPECT_EQ(fence_ww_mutex_lock(&a, &ctx), -EALREADY);
  EXPECT_EQ(ctx.acquired, 1u);
  EXPECT_FALSE(fence_ww_mutex_trylock(&a, &ctx));
  fence_ww_mutex_unlock(&a);
  EXPECT_EQ(ctx.acquired, 0u);
  fence_ww_acquire_fini(&ctx);
}

/// Locks both in the given order, starting again when refused. Returns how often it was.
int lock_both(fence_ww_mutex *first, fence_ww_mutex *second, fence_ww_acquire_ctx *ctx) {
  int refused = 0;
  if (fence_ww_mutex_lock(first, ctx) == -EDEADLK) {
    ADD_FAILURE() << "refused although it holds nothing";
    return -1;
  }
  while (fence_ww_mutex_lock(second, ctx) == -EDEADLK) {
    ++refused;
    EXPECT_EQ(ctx->refused, second);
    fence_ww_mutex_unlock(first);
    fence_ww_mutex_lock_slow(second, ctx);
    std::swap(first, second);
  }
  fence_ww_acquire_done(ctx);
  return refused;
}

TEST_P(WwMutex, OfTwoThatBlockEachOtherTheYoungerGivesWay) {
  fence_ww_acquire_ctx older, younger;
  std::atomic<int> stage{0};
  auto reached = [&](int wanted) {
    while (stage < wanted)
      std::this_thread::yield();
  };
  fence_ww_acquire_init(&older, GetParam());
  ASSERT_EQ(fence_ww_mutex_lock(&a, &older), 0);
  int refused = 0;
  std::thread other([&] {
    fence_ww_acquire_init(&younger, GetParam());
    EXPECT_EQ(fence_ww_mutex_lock(&b, &younger), 0);
    stage = 1;
    int error = fence_ww_mutex_lock(&a, &younger);
    EXPECT_EQ(error, -EDEADLK);
    refused = error == -EDEADLK;
    fence_ww_mutex_unlock(&b);
    // The older one gives back a before b, so the younger can be refused once more.
    fence_ww_mutex *first = &a, *second = &b;
    fence_ww_mutex_lock_slow(first, &younger);
    while (fence_ww_mutex_lock(second, &younger) == -EDEADLK) {
      fence_ww_mutex_unlock(first);
      fence_ww_mutex_lock_slow(second, &younger);
      std::swap(first, second);
    }
    fence_ww_mutex_unlock(first);
    fence_ww_mutex_unlock(second);
    fence_ww_acquire_fini(&younger);
  });
  reached(1);
  EXPECT_EQ(fence_ww_mutex_lock(&b, &older), 0) << "the older one is never refused";
  fence_ww_mutex_unlock(&a);
  fence_ww_mutex_unlock(&b);
  fence_ww_acquire_fini(&older);
  other.join();
  EXPECT_EQ(refused, 1);
}

TEST_P(WwMutex, TheYoungerWaitsWhileItHoldsNothing) {
  fence_ww_acquire_ctx older;
  fence_ww_acquire_init(&older, GetParam());
  ASSERT_EQ(fence_ww_mutex_lock(&a, &older), 0);
  std::atomic<bool> waits{false};
  std::thread other([&] {
    fence_ww_acquire_ctx younger;
    fence_ww_acquire_init(&younger, GetParam());
    waits = true;
    EXPECT_EQ(fence_ww_mutex_lock(&a, &younger), 0);
    fence_ww_mutex_unlock(&a);
    fence_ww_acquire_fini(&younger);
  });
  while (!waits)
    std::this_thread::yield();
  fence_ww_mutex_unlock(&a);
  fence_ww_acquire_fini(&older);
  other.join();
}

TEST_P(WwMutex, AWaitCanBeInterrupted) {
  fence_ww_mutex_lock(&a, nullptr);
  std::atomic<fence_thread *> waiter{nullptr};
  int error = 0;
  std::thread other([&] {
    waiter = fence_thread_get(fence_thread_self());
    error = fence_ww_mutex_lock_interruptible(&a, nullptr);
    fence_clear_interrupt();
  });
  while (!waiter)
    std::this_thread::yield();
  fence_interrupt(waiter);
  other.join();
  fence_thread_put(waiter);
  EXPECT_EQ(error, -EINTR);
  fence_ww_mutex_unlock(&a);
  EXPECT_FALSE(fence_ww_mutex_is_locked(&a)) << "handed to a waiter that has gone";
}

TEST_P(WwMutex, RefusalCanBeInjected) {
  fence_ww_acquire_ctx ctx;
  fence_ww_acquire_init(&ctx, GetParam());
  fence_ww_inject_deadlock(1);
  EXPECT_EQ(fence_ww_mutex_lock(&a, &ctx), 0) << "nothing is held yet";
  EXPECT_EQ(fence_ww_mutex_lock(&b, &ctx), -EDEADLK);
  fence_ww_inject_deadlock(0);
  fence_ww_mutex_unlock(&a);
  EXPECT_EQ(lock_both(&b, &a, &ctx), 0);
  fence_ww_mutex_unlock(&a);
  fence_ww_mutex_unlock(&b);
  fence_ww_acquire_fini(&ctx);
}

/// A ring of n mutexes and n threads, each of which holds one and wants the next.
TEST_P(WwMutex, ACycleOfManyIsResolved) {
  constexpr size_t count = 5;
  std::vector<fence_ww_mutex> mutexes(count);
  for (fence_ww_mutex &mutex : mutexes)
    fence_ww_mutex_init(&mutex, GetParam());
  std::atomic<size_t> holding{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      fence_ww_acquire_ctx ctx;
      fence_ww_acquire_init(&ctx, GetParam());
      fence_ww_mutex *first = &mutexes[i], *second = &mutexes[(i + 1) % count];
      EXPECT_EQ(fence_ww_mutex_lock(first, &ctx), 0);
      ++holding;
      while (holding < count)
        std::this_thread::yield();
      while (fence_ww_mutex_lock(second, &ctx) == -EDEADLK) {
        ++refused;
        fence_ww_mutex_unlock(first);
        fence_ww_mutex_lock_slow(second, &ctx);
        std::swap(first, second);
      }
      fence_ww_mutex_unlock(first);
      fence_ww_mutex_unlock(second);
      fence_ww_acquire_fini(&ctx);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_GE(refused, 1);
}

TEST_P(WwMutex, ThreadsThatLockManyInRandomOrderAllGetThrough) {
  constexpr size_t count = 8;
  std::vector<fence_ww_mutex> mutexes(count);
  std::vector<int> guarded(count);
  for (fence_ww_mutex &mutex : mutexes)
    fence_ww_mutex_init(&mutex, GetParam());
  constexpr int rounds = 150, each = 3, thread_count = 4;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < thread_count; ++t)
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int round = 0; round < rounds; ++round) {
        std::vector<size_t> order(count);
        for (size_t i = 0; i < count; ++i)
          order[i] = i;
        std::shuffle(order.begin(), order.end(), random);
        order.resize(each);
        fence_ww_acquire_ctx ctx;
        fence_ww_acquire_init(&ctx, GetParam());
        size_t contended = count;
      again:
        if (contended != count)
          fence_ww_mutex_lock_slow(&mutexes[contended], &ctx);
        for (size_t i = 0; i < each; ++i) {
          if (order[i] == contended)
            continue;
          if (fence_ww_mutex_lock(&mutexes[order[i]], &ctx) == -EDEADLK) {
            for (size_t j = 0; j < i; ++j)
              if (order[j] != contended)
                fence_ww_mutex_unlock(&mutexes[order[j]]);
            if (contended != count)
              fence_ww_mutex_unlock(&mutexes[contended]);
            contended = order[i];
            goto again;
          }
        }
        for (size_t index : order)
          ++guarded[index];
        for (size_t index : order)
          fence_ww_mutex_unlock(&mutexes[index]);
        fence_ww_acquire_fini(&ctx);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  int sum = 0;
  for (int value : guarded)
    sum += value;
  EXPECT_EQ(sum, rounds * each * thread_count);
}

} // namespace
