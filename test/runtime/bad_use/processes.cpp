// fork() with fences alive and grace periods under way, and the end of a process in the middle of everything.
#include "bad_use.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

#if defined(__has_feature)
#define FENCE_HAS_FEATURE(name) __has_feature(name)
#else
#define FENCE_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || FENCE_HAS_FEATURE(thread_sanitizer)
constexpr bool child_may_start_threads = false;
#else
constexpr bool child_may_start_threads = true;
#endif
#if defined(__SANITIZE_ADDRESS__) || FENCE_HAS_FEATURE(address_sanitizer)
constexpr bool address_space_may_end = false;
#else
constexpr bool address_space_may_end = true;
#endif

/// Runs `body` in a forked child, which has a minute; returns its exit status, or -1 if it was killed.
template <class F> int in_child(F &&body) {
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    _exit(body());
  }
  int status = 0;
  while (waitpid(child, &status, 0) != child)
    ;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int use_everything(dma_fence *inherited) {
  counted cb;
  if (dma_fence_add_callback(inherited, &cb, counted::called) != 0 || dma_fence_signal(inherited) != 0 || cb.calls != 1)
    return 1;
  if (dma_fence_wait(inherited, false) != 0)
    return 2;
  dma_fence_put(inherited);
  dma_fence *own = make_fence();
  if (dma_fence_wait_timeout(own, false, 1) != 0)
    return 3;
  dma_fence_put(own);
  fence_rcu_barrier();
  return 0;
}

TEST(Fork, ParentAndChildGoOnWithTheirCopies) {
  if (!child_may_start_threads)
    GTEST_SKIP() << "ThreadSanitizer lets the child of threads start none";
  // Once before the reclaimer runs, twice with one.
  for (int i = 0; i < 3; ++i) {
    dma_fence *fence = make_fence();
    EXPECT_EQ(in_child([&] { return use_everything(fence); }), 0);
    EXPECT_EQ(use_everything(fence), 0);
  }
}

TEST(Fork, TheSignalsThatAreBlockedStayBlocked) {
  sigset_t one, before, after;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR2);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &one, &before), 0);
  auto is_blocked = [&] {
    return pthread_sigmask(SIG_SETMASK, nullptr, &after) == 0 && sigismember(&after, SIGUSR2) == 1;
  };
  EXPECT_EQ(in_child([&] { return is_blocked() ? 0 : 1; }), 0);
  EXPECT_TRUE(is_blocked());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

int threads_of_the_process() {
  int count = 0;
  for ([[maybe_unused]] const auto &thread : std::filesystem::directory_iterator("/proc/self/task"))
    ++count;
  return count;
}

// What was pushed while no thread could be had is not lost.
TEST(Fork, AReclaimerThatCannotStartIsTriedAgain) {
  if (!child_may_start_threads || !address_space_may_end)
    GTEST_SKIP() << "a sanitizer maps memory of its own for each thread, or lets the child start none";
  EXPECT_EQ(in_child([] {
              static fence_rcu_head heads[2];
              static std::atomic<int> called;
              auto count = [](fence_rcu_head *) { ++called; };
              // More than any stack that the C library kept of a thread that has ended.
              pthread_attr_t big;
              pthread_attr_init(&big);
              pthread_attr_setstacksize(&big, std::size_t{256} << 20);
              pthread_setattr_default_np(&big);
              rlimit before, none;
              getrlimit(RLIMIT_AS, &before);
              none = {1, before.rlim_max};
              if (setrlimit(RLIMIT_AS, &none) != 0)
                return 1;
              fence_call_rcu(&heads[0], count);
              setrlimit(RLIMIT_AS, &before);
              if (threads_of_the_process() != 1)
                return 2;
              fence_call_rcu(&heads[1], count);
              fence_rcu_barrier();
              return called == 2 ? 0 : 3;
            }),
            0);
}

TEST(Fork, TheChildsChildGoesOnToo) {
  if (!child_may_start_threads)
    GTEST_SKIP() << "ThreadSanitizer lets the child of threads start none";
  dma_fence *fence = make_fence();
  EXPECT_EQ(in_child([&] {
              int grandchild = in_child([&] { return use_everything(fence); });
              return grandchild ? 10 + grandchild : use_everything(fence);
            }),
            0);
  EXPECT_EQ(use_everything(fence), 0);
}

// The reader does not exist in the child, so no grace period may wait for it there.
TEST(Fork, AReaderOnAnotherThreadDoesNotHoldTheChildBack) {
  if (!child_may_start_threads)
    GTEST_SKIP() << "ThreadSanitizer lets the child of threads start none";
  std::atomic<int> stage = 0;
  std::thread reader([&] {
    fence_rcu_read_lock();
    stage = 1;
    while (stage != 2)
      std::this_thread::yield();
    fence_rcu_read_unlock();
  });
  while (stage != 1)
    std::this_thread::yield();
  EXPECT_EQ(in_child([] {
              fence_synchronize_rcu();
              dma_fence_put(make_fence());
              fence_rcu_barrier();
              return 0;
            }),
            0);
  stage = 2;
  reader.join();
}

// The same, of a process that has never needed the reclaimer: a program of its own, because this one may have it already.
TEST(ForkDeathTest, AReaderDoesNotHoldBackTheChildOfAProcessWithoutReclaimer) {
  if (!child_may_start_threads)
    GTEST_SKIP() << "ThreadSanitizer lets the child of threads start none";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        std::atomic<bool> reading = false;
        std::thread([&] {
          fence_rcu_read_lock();
          reading = true;
          for (;;)
            pause();
        }).detach();
        while (!reading)
          std::this_thread::yield();
        _exit(in_child([] {
          fence_synchronize_rcu();
          return 0;
        }));
      },
      testing::ExitedWithCode(0), "");
}

// The reclaimer is in the middle of a batch: the child runs the rest of it, and its barrier covers that.
TEST(Fork, TheRestOfABatchIsRunInTheChild) {
  if (!child_may_start_threads)
    GTEST_SKIP() << "ThreadSanitizer lets the child of threads start none";
  static std::atomic<int> stage, ran;
  stage = ran = 0;
  static fence_rcu_head heads[10];
  fence_rcu_barrier();
  fence_rcu_read_lock(); // So that all come in one batch.
  fence_call_rcu(&heads[0], [](fence_rcu_head *) {
    stage = 1;
    while (stage != 2)
      std::this_thread::yield();
  });
  for (int i = 1; i < 10; ++i)
    fence_call_rcu(&heads[i], [](fence_rcu_head *) { ++ran; });
  fence_rcu_read_unlock();
  while (stage != 1)
    std::this_thread::yield();
  EXPECT_EQ(in_child([] {
              fence_rcu_barrier();
              return ran.load();
            }),
            9);
  EXPECT_EQ(ran, 0);
  stage = 2;
  fence_rcu_barrier();
  EXPECT_EQ(ran, 9);
}

TEST(Fork, InAnAtomicSectionWithTheStartOfTheReclaimerDeferred) {
  if (!child_may_start_threads)
    GTEST_SKIP() << "ThreadSanitizer lets the child of threads start none";
  // In a child nobody has started it yet.
  EXPECT_EQ(in_child([] {
              fence_preempt_disable();
              dma_fence_put(make_fence());
              int grandchild = in_child([] {
                dma_fence_put(make_fence());
                fence_preempt_enable();
                fence_rcu_barrier();
                return 0;
              });
              fence_preempt_enable();
              fence_rcu_barrier();
              return grandchild;
            }),
            0);
}

/// Made before everything else of the runtime is used, so destroyed after it.
struct last_of_all {
  dma_fence *fence = nullptr;
  ~last_of_all() {
    if (!fence)
      return;
    counted cb;
    bool added = dma_fence_add_callback(fence, &cb, counted::called) == 0;
    dma_fence_signal(fence);
    dma_fence_put(fence);
    fence_rcu_barrier();
    std::fprintf(stderr, "static fence: %s\n", added && cb.calls == 1 ? "signalled" : "broken");
  }
} at_the_end;

TEST(ExitDeathTest, AStaticObjectMayStillUseFences) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        at_the_end.fence = make_fence();
        std::exit(0);
      },
      testing::ExitedWithCode(0), "static fence: signalled");
}

TEST(ExitDeathTest, WhatStillWaitsForAGracePeriodDoesNotMatter) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        fence_rcu_read_lock();
        for (int i = 0; i < 1000; ++i)
          dma_fence_put(make_fence());
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST(ExitDeathTest, NorDoesAThreadThatWaits) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        static watched_fence fence;
        std::thread([] { dma_fence_wait(&fence, false); }).detach();
        while (!__atomic_load_n(&fence.enabled, __ATOMIC_ACQUIRE))
          std::this_thread::yield();
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

} // namespace
