// Waits: what ends them, and what they say.
#include "test_fences.hpp"

#include <fence/completion.hpp>
#include <fence/wait.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;
using fence::any_fence;
using fence::aref;
using test::make;
using test::make_context;

/// Signals after this thread is waiting, as far as that can be known: waiting asks the driver to report.
class reports : public fence::dma_fence<reports> {
public:
  bool enable_signaling() noexcept {
    asked.complete_all(); // a std::atomic's notify is a system call, and this is under the fence's lock
    return true;
  }
  fence::completion asked;
};

TEST(Wait, OfASignalledFenceReturnsAtOnce) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  ASSERT_TRUE(one->signal());
  fence::wait(*one);
  EXPECT_TRUE(fence::wait_for(*one, 0s));
  EXPECT_TRUE(fence::wait_until(*one, fence::time_point{}));
}
TEST(Wait, EndsWithTheSignal) {
  auto context = make_context();
  auto one = make<reports>(context);
  std::jthread signaller([&] {
    one->asked.wait();
    one->check_and_signal();
  });
  EXPECT_TRUE(fence::wait_for(*one, 100s));
  EXPECT_TRUE(one->is_signaled());
}
TEST(Wait, RunsOutOfTime) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  EXPECT_EQ(fence::wait_for(*one, 0s).error(), fence::error(ETIMEDOUT));
  EXPECT_EQ(fence::wait_for(*one, -5s).error(), fence::error(ETIMEDOUT));
  auto before = fence::clock::now();
  EXPECT_EQ(fence::wait_for(*one, 1500us).error(), fence::error(ETIMEDOUT));
  EXPECT_GE(fence::clock::now() - before, 1500us) << "rounded up, never down";
  EXPECT_EQ(fence::wait_until(*one, fence::clock::now() + 1ms).error(), fence::error(ETIMEDOUT));
}
TEST(Wait, TakesDurationsOfAnySize) {
  EXPECT_EQ(fence::detail::jiffies(1ns), 1);
  EXPECT_EQ(fence::detail::jiffies(1ms), 1);
  EXPECT_EQ(fence::detail::jiffies(std::chrono::nanoseconds::min()), 0);
  EXPECT_EQ(fence::detail::jiffies(std::chrono::hours::max()), FENCE_MAX_TIMEOUT);
  EXPECT_EQ(fence::detail::jiffies(std::chrono::duration<double>(0.0015)), 2);
}

TEST(StopToken, StopsAWait) {
  auto context = make_context();
  auto one = make<reports>(context);
  std::stop_source stop;
  std::jthread stopper([&] {
    one->asked.wait();
    stop.request_stop();
  });
  EXPECT_EQ(fence::wait(*one, stop.get_token()).error(), fence::error(ECANCELED));
  EXPECT_FALSE(fence_interrupted()) << "the next wait is not stopped";
  EXPECT_EQ(fence::wait_for(*one, 0s).error(), fence::error(ETIMEDOUT));
}
TEST(StopToken, ThatIsStoppedAlreadyStopsAtOnce) {
  auto context = make_context();
  auto one = make<test::plain>(context), done = make<test::plain>(context);
  ASSERT_TRUE(done->signal());
  std::stop_source stop;
  stop.request_stop();
  any_fence *both[] = {one.get(), one.get()};
  EXPECT_EQ(fence::wait(*one, stop.get_token()).error(), fence::error(ECANCELED));
  EXPECT_EQ(fence::wait_for(*one, 100s, stop.get_token()).error(), fence::error(ECANCELED));
  EXPECT_EQ(fence::wait_any(both, stop.get_token()).error(), fence::error(ECANCELED));
  EXPECT_EQ(fence::wait_all(both, stop.get_token()).error(), fence::error(ECANCELED));
  EXPECT_TRUE(fence::wait(*done, stop.get_token())) << "a fence that has signalled goes first";
  EXPECT_FALSE(fence_interrupted());
}
TEST(StopToken, IsNotTheOnlyInterruption) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  std::stop_source stop;
  fence_interrupt(fence_thread_self());
  EXPECT_EQ(fence::wait(*one, stop.get_token()).error(), fence::error(EINTR));
  EXPECT_TRUE(fence_clear_interrupt()) << "somebody else's is left alone";
}

TEST(WaitAny, SaysWhich) {
  auto context = make_context();
  std::vector<aref<test::plain>> fences;
  std::vector<any_fence *> pointers;
  for (int i = 0; i < 20; ++i) // more than what is waited for without allocation
    pointers.push_back(fences.emplace_back(make<test::plain>(context)).get());
  EXPECT_EQ(fence::wait_any_for(pointers, 0s).error(), fence::error(ETIMEDOUT));
  std::jthread signaller([&] { fences[17]->check_and_signal(); });
  auto which = fence::wait_any(pointers);
  ASSERT_TRUE(which);
  EXPECT_EQ(*which, 17u);
  ASSERT_TRUE(fences[3]->signal());
  EXPECT_EQ(*fence::wait_any(std::span(pointers).first(16)), 3u);
}
TEST(WaitAny, OfNoneIsAnError) { EXPECT_EQ(fence::wait_any({}).error(), fence::error(EINVAL)); }
TEST(WaitAny, WithoutMemoryIsAnError) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  std::vector<any_fence *> many(17, one.get());
  fence_fail_allocation(0);
  EXPECT_EQ(fence::wait_any(many).error(), fence::error(ENOMEM));
  fence_fail_allocation(-1);
}

TEST(WaitAll, WaitsForTheLast) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  auto two = make<reports>(context);
  any_fence *both[] = {one.get(), two.get()};
  EXPECT_EQ(fence::wait_all_for(both, 1ms).error(), fence::error(ETIMEDOUT));
  std::jthread signaller([&] {
    one->check_and_signal();
    two->asked.wait();
    two->check_and_signal();
  });
  EXPECT_TRUE(fence::wait_all(both));
  EXPECT_TRUE(fence::wait_all_for(both, std::chrono::hours::max()));
  EXPECT_TRUE(two->is_signaled());
}
TEST(WaitAll, OfNoneIsDone) { EXPECT_TRUE(fence::wait_all({})); }

} // namespace
