// A proxy signals when, and as, the fence it follows; a chain of any length does not recurse.
#include "test_fences.hpp"

#include <fence/proxy_fence.hpp>
#include <fence/wait.hpp>
#include <vector>

namespace {

using fence::aref;
using fence::proxy_fence;
using test::make;
using test::make_context;

struct polled final : fence::dma_fence<polled> {
  polled() noexcept {}
  bool signaled() noexcept { return ready; }
  void set_deadline(fence::time_point when) noexcept { deadline = when; }
  bool ready = false;
  fence::time_point deadline{};
};

TEST(Proxy, SignalsBeforeTheInnerSignalReturns) {
  auto context = make_context();
  auto inner = make<test::plain>(context);
  auto proxy = make<proxy_fence>(context);
  ASSERT_TRUE(proxy->follow(inner));
  EXPECT_EQ(proxy->following(), inner.get());
  proxy->enable_sw_signaling();
  EXPECT_FALSE(proxy->is_signaled());
  ASSERT_TRUE(inner->signal());
  EXPECT_TRUE(dma_fence_test_signaled_flag(proxy->raw()));
  EXPECT_EQ(proxy->status(), fence::fence_status::done);
}
TEST(Proxy, TakesTheError) {
  auto context = make_context();
  auto inner = make<test::plain>(context);
  auto told = make<proxy_fence>(context), asked = make<proxy_fence>(context);
  ASSERT_TRUE(told->follow(inner));
  ASSERT_TRUE(asked->follow(inner));
  told->enable_sw_signaling();
  ASSERT_TRUE(inner->signal(fence::error(EIO)));
  EXPECT_EQ(told->error(), fence::error(EIO));
  EXPECT_EQ(asked->error(), fence::error(EIO)) << "also if nobody waited for it";
}
TEST(Proxy, MayBeWaitedForBeforeItFollowsAnybody) {
  auto context = make_context();
  auto proxy = make<proxy_fence>(context);
  proxy->enable_sw_signaling();
  EXPECT_FALSE(proxy->is_signaled());
  auto inner = make<test::plain>(context);
  ASSERT_TRUE(proxy->follow(inner));
  ASSERT_TRUE(inner->signal());
  EXPECT_TRUE(dma_fence_test_signaled_flag(proxy->raw()));
}
TEST(Proxy, OfASignalledFenceIsSignalled) {
  auto context = make_context();
  auto proxy = make<proxy_fence>(context);
  proxy->enable_sw_signaling();
  ASSERT_TRUE(proxy->follow(fence::stub_fence()));
  EXPECT_TRUE(dma_fence_test_signaled_flag(proxy->raw()));
}
TEST(Proxy, FollowsOnce) {
  auto context = make_context();
  auto proxy = make<proxy_fence>(context);
  EXPECT_EQ(proxy->follow(proxy).error(), fence::error(EINVAL));
  ASSERT_TRUE(proxy->follow(fence::stub_fence()));
  EXPECT_EQ(proxy->follow(fence::stub_fence()).error(), fence::error(EBUSY));
}
TEST(Proxy, MayBeSignalledByItself) {
  auto context = make_context();
  auto inner = make<test::plain>(context);
  auto proxy = make<proxy_fence>(context);
  ASSERT_TRUE(proxy->follow(inner));
  proxy->enable_sw_signaling();
  ASSERT_TRUE(proxy->signal(fence::error(ECANCELED)));
  ASSERT_TRUE(inner->signal());
  EXPECT_EQ(proxy->error(), fence::error(ECANCELED));
}
TEST(Proxy, UnderALockSignalsWhenTheLockIsGivenBack) {
  auto context = make_context();
  auto inner = make<test::plain>(context);
  auto proxy = make<proxy_fence>(context);
  ASSERT_TRUE(proxy->follow(inner));
  proxy->enable_sw_signaling();
  unsigned long flags = fence_spin_lock_irqsave(inner->raw()->lock);
  dma_fence_signal_locked(inner->raw());
  EXPECT_FALSE(dma_fence_test_signaled_flag(proxy->raw()));
  fence_spin_unlock_irqrestore(inner->raw()->lock, flags);
  EXPECT_TRUE(dma_fence_test_signaled_flag(proxy->raw()));
}
TEST(Proxy, PollsTheEndOfTheChainUnderItsLock) {
  auto context = make_context();
  auto inner = make<polled>(context);
  auto middle = make<proxy_fence>(context), outer = make<proxy_fence>(context);
  ASSERT_TRUE(middle->follow(inner));
  ASSERT_TRUE(outer->follow(middle));
  EXPECT_FALSE(outer->is_signaled());
  inner->ready = true;
  unsigned long flags = fence_spin_lock_irqsave(outer->raw()->lock);
  EXPECT_TRUE(dma_fence_is_signaled_locked(outer->raw()));
  fence_spin_unlock_irqrestore(outer->raw()->lock, flags);
}
TEST(Proxy, PassesDeadlinesOn) {
  auto context = make_context();
  auto inner = make<polled>(context);
  auto proxy = make<proxy_fence>(context);
  proxy->hint_deadline(fence::time_point(std::chrono::seconds(1)));
  ASSERT_TRUE(proxy->follow(inner));
  proxy->hint_deadline(fence::time_point(std::chrono::seconds(2)));
  EXPECT_EQ(inner->deadline, fence::time_point(std::chrono::seconds(2)));
}
TEST(Proxy, ChainsDoNotRecurse) {
  constexpr int length = 20000;
  auto context = make_context();
  auto inner = make<test::counted_fence>(context);
  aref<fence::any_fence> last = inner;
  std::vector<aref<proxy_fence>> all;
  for (int i = 0; i < length; ++i) {
    auto proxy = make<proxy_fence>(context);
    ASSERT_TRUE(proxy->follow(last));
    last = proxy;
    all.push_back(std::move(proxy));
  }
  all.clear();
  last->enable_sw_signaling();
  last->hint_deadline(fence::clock::now());
  EXPECT_FALSE(last->is_signaled());
  ASSERT_TRUE(inner->signal(fence::error(EIO)));
  EXPECT_EQ(last->error(), fence::error(EIO));
  inner.reset();
  last.reset();
  // Each releases the next, one grace period after the other or several in one.
  while (test::counted_fence::alive)
    fence_rcu_barrier();
}
TEST(Proxy, ThatNobodyWaitsForGoesAtOnce) {
  auto context = make_context();
  auto inner = make<test::counted_fence>(context);
  auto proxy = make<proxy_fence>(context);
  ASSERT_TRUE(proxy->follow(inner));
  inner.reset();
  proxy.reset();
  fence_rcu_barrier(); // the proxy
  fence_rcu_barrier(); // what it followed
  EXPECT_EQ(test::counted_fence::alive, 0);
}
TEST(Proxy, IsKnownByItsKind) {
  auto context = make_context();
  auto proxy = make<proxy_fence>(context);
  aref<fence::any_fence> any = proxy;
  EXPECT_EQ(any->as<proxy_fence>(), proxy.get());
  EXPECT_EQ(any->as<test::plain>(), nullptr);
}

} // namespace
