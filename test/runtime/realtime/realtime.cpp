// Every nonblocking function of the fence, called from a nonblocking function: RealtimeSanitizer finds nothing in the runtime, and what a
// driver does wrong in a callback.
#include "../fence/test_fence.h"

#include <fence/memory.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <unistd.h>

#if defined(__has_feature)
#  if __has_feature(realtime_sanitizer)
#    define WITH_REALTIME_SANITIZER 1
#  endif
#endif

namespace {

/// Calls what as an interrupt handler that must keep its deadline.
template <class What> FENCE_NONBLOCKING void in_real_time(What what) noexcept { what(); }

int ran;
void count(dma_fence *, dma_fence_cb *) noexcept { ++ran; }
const char *name(dma_fence *) noexcept { return "realtime"; }
bool done(dma_fence *) noexcept { return true; }

TEST(Realtime, EveryOperationOfAFence) {
  // Its release gives the memory to the grace period, as a driver's does.
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  dma_fence_ops ops = plain_ops;
  ops.get_driver_name = name;
  fence_spinlock lock{};
  dma_fence_cb cbs[3];
  ran = 0;
  in_real_time([&] {
    dma_fence_init(fence, &ops, &lock, dma_fence_context_alloc(1), 1);
    for (dma_fence_cb &cb : cbs)
      dma_fence_add_callback(fence, &cb, count);
    dma_fence_remove_callback(fence, &cbs[1]);
    dma_fence_put(dma_fence_get(fence));
    dma_fence_enable_sw_signaling(fence);
    dma_fence_set_deadline(fence, 1);
    dma_fence_is_signaled(fence);
    dma_fence_set_error(fence, -5);
    fence_rcu_read_lock();
    dma_fence_put(dma_fence_get_rcu_safe(&fence));
    fence_rcu_read_unlock();
    bool cookie = dma_fence_begin_signalling();
    dma_fence_signal(fence);
    dma_fence_end_signalling(cookie);
    dma_fence_get_status(fence);
    dma_fence_put(fence);
    dma_fence_put(dma_fence_get_stub());
  });
  EXPECT_EQ(ran, 2);
  fence_rcu_barrier();
}

TEST(Realtime, AContendedLockAndAWakeUp) {
  fence_spinlock lock{};
  dma_fence *fence = make_fence();
  int sum = 0;
  auto add = [&] {
    for (int i = 0; i < 2000; ++i)
      in_real_time([&] {
        fence_spin_lock(&lock);
        ++sum;
        fence_spin_unlock(&lock);
      });
  };
  std::thread other(add), waits([&] { EXPECT_EQ(dma_fence_wait(fence, false), 0); });
  add();
  other.join();
  EXPECT_EQ(sum, 4000);
  in_real_time([&] { dma_fence_signal(fence); });
  waits.join();
  dma_fence_put(fence);
  fence_rcu_barrier();
}

TEST(Realtime, AFencePolledForCompletion) {
  dma_fence_ops ops = plain_ops;
  ops.signaled = done;
  dma_fence *fence = make_fence(ops);
  bool signalled = false;
  in_real_time([&] { signalled = dma_fence_is_signaled(fence); });
  EXPECT_TRUE(signalled);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

#ifdef WITH_REALTIME_SANITIZER
/// What a driver's callback does, and what the sanitizer calls it.
struct mistake {
  const char *name;
  dma_fence_func_t callback;
  const char *words;
};
std::string *text;
fence_spinlock of_chain{};
dma_fence *second;
const mistake mistakes[] = {
    {"malloc", [](dma_fence *, dma_fence_cb *) { asm volatile("" : : "r"(std::malloc(64)) : "memory"); }, "`malloc` in real-time context"},
    {"free", [](dma_fence *, dma_fence_cb *) { delete text; }, "in real-time context"},
    {"fence_alloc", [](dma_fence *, dma_fence_cb *) { fence_free(fence_alloc(64, FENCE_GFP_ATOMIC)); },
     "`malloc` in real-time context|alloc-in-callback"},
    {"sleep", [](dma_fence *, dma_fence_cb *) { usleep(1); }, "`usleep` in real-time context"},
    {"write", [](dma_fence *, dma_fence_cb *) { (void)!write(2, "x", 1); }, "`write` in real-time context"},
};
class Mistake : public testing::TestWithParam<mistake> {};
INSTANTIATE_TEST_SUITE_P(RealtimeDeath, Mistake, testing::ValuesIn(mistakes), [](const auto &info) { return std::string(info.param.name); });

void in_callback(dma_fence_func_t callback) {
  text = new std::string(100, 'x');
  dma_fence *fence = make_fence();
  dma_fence_cb cb;
  dma_fence_add_callback(fence, &cb, callback);
  dma_fence_signal(fence);
}
TEST_P(Mistake, IsCaughtInACallback) { EXPECT_DEATH(in_callback(GetParam().callback), GetParam().words); }

void in_callback_of_deferred_work(dma_fence_func_t callback) {
  text = new std::string(100, 'x');
  second = make_fence();
  dma_fence_cb cb;
  dma_fence_add_callback(second, &cb, callback);
  fence_deferred later = {nullptr, [](fence_deferred *) { dma_fence_signal(second); }};
  fence_spin_lock(&of_chain);
  fence_defer(&later);
  fence_spin_unlock(&of_chain);
}
TEST_P(Mistake, IsCaughtWhereTheFenceSignalsFromDeferredWork) {
  EXPECT_DEATH(in_callback_of_deferred_work(GetParam().callback), GetParam().words);
}
#endif

} // namespace
