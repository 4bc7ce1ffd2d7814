// Signalling against cancelling, from two threads: the payload is called and destroyed, or given back, and never both.
#include "test_fences.hpp"

#include <barrier>
#include <fence/callback.hpp>
#include <fence/coroutine.hpp>
#include <fence/eventfd.hpp>
#include <fence/proxy_fence.hpp>
#include <fence/wait.hpp>
#include <vector>

namespace {

using fence::any_fence;
using fence::atomic_token;
using test::make;
using test::make_context;

constexpr int rounds = 2000;

/// Runs `first` and `second` for every round at the same time; `prepare` before and `check` after.
template <class Prepare, class First, class Second, class Check>
void race(Prepare prepare, First first, Second second, Check check) {
  std::barrier both(2);
  std::jthread other([&] {
    for (int i = 0; i < rounds; ++i) {
      both.arrive_and_wait();
      second(i);
      both.arrive_and_wait();
    }
  });
  for (int i = 0; i < rounds; ++i) {
    prepare(i);
    both.arrive_and_wait();
    first(i);
    both.arrive_and_wait();
    check(i);
  }
}

struct counts {
  using atomic_destructible = std::true_type;
  explicit counts(int &called, int &destroyed) noexcept : called_(&called), destroyed_(&destroyed) {}
  counts(counts &&other) noexcept : called_(other.called_), destroyed_(std::exchange(other.destroyed_, nullptr)) {}
  ~counts() {
    if (destroyed_)
      ++*destroyed_;
  }
  FENCE_NONBLOCKING void called(atomic_token &, any_fence &) noexcept { ++*called_; }
  int *called_, *destroyed_;
};

TEST(Races, CancelAgainstSignal) {
  auto context = make_context();
  fence::aref<test::plain> one;
  std::optional<fence::registration<counts>> told;
  int called = 0, destroyed = 0, given_back = 0, ran = 0;
  race([&](int) {
    called = destroyed = 0;
    one = make<test::plain>(context);
    told.emplace();
    ASSERT_TRUE(told->add(one, counts(called, destroyed)));
  }, [&](int) {
    bool back = told->cancel().has_value();
    given_back += back;
    // Synchronised: what the callback did is seen here.
    EXPECT_EQ(called, back ? 0 : 1);
    EXPECT_EQ(destroyed, 1);
    told.reset();
  }, [&](int) { one->check_and_signal(); }, [&](int) { ran += called; });
  EXPECT_EQ(given_back + ran, rounds);
}
TEST(Races, AddAgainstSignal) {
  auto context = make_context();
  fence::aref<test::plain> one;
  int called = 0, destroyed = 0;
  bool added = false;
  std::optional<fence::registration<counts>> told;
  race([&](int) {
    called = destroyed = 0;
    one = make<test::plain>(context);
    told.emplace();
  }, [&](int) { added = static_cast<bool>(told->add(one, counts(called, destroyed))); }, [&](int) { one->check_and_signal(); },
       [&](int) {
    told.reset();
    EXPECT_EQ(called, added ? 1 : 0);
    EXPECT_EQ(destroyed, 1);
  });
}
TEST(Races, FollowAndWaitAgainstSignal) {
  auto context = make_context();
  fence::aref<test::plain> inner;
  fence::aref<fence::proxy_fence> proxy;
  race([&](int) {
    inner = make<test::plain>(context);
    proxy = make<fence::proxy_fence>(context);
    proxy->enable_sw_signaling();
  }, [&](int) {
    ASSERT_TRUE(proxy->follow(inner));
    fence::wait(*proxy);
  }, [&](int) { EXPECT_TRUE(inner->signal(fence::error(EIO))); }, [&](int) { EXPECT_EQ(proxy->error(), fence::error(EIO)); });
}
TEST(Races, ClosingAnEventfdAgainstSignal) {
  auto context = make_context();
  fence::aref<test::plain> one;
  std::optional<fence::fence_eventfd> readable;
  race([&](int) {
    one = make<test::plain>(context);
    readable.emplace();
    ASSERT_TRUE(readable->open(*one));
  }, [&](int) { readable.reset(); }, [&](int) { one->check_and_signal(); }, [](int) {});
}

struct task {
  struct promise_type {
    task get_return_object() noexcept { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::abort(); }
  };
  std::coroutine_handle<promise_type> handle;
};
task await_fence(fence::aref<test::plain> one, std::atomic<int> &resumed) {
  fence::result<void> ended = co_await fence::signalled(one);
  EXPECT_TRUE(ended);
  ++resumed;
}
TEST(Races, SuspendingACoroutineAgainstSignal) {
  auto context = make_context();
  fence::aref<test::plain> one;
  std::atomic<int> resumed = 0;
  std::optional<task> running;
  race([&](int) { one = make<test::plain>(context); }, [&](int) { running = await_fence(one, resumed); },
       [&](int) { one->check_and_signal(); }, [&](int i) {
    EXPECT_EQ(resumed, i + 1);
    EXPECT_TRUE(running->handle.done());
    running->handle.destroy();
  });
}

TEST(Races, ManyThreadsShareOneFence) {
  auto context = make_context();
  for (int i = 0; i < 100; ++i) {
    auto one = make<test::counted_fence>(context);
    int called[3] = {}, destroyed[3] = {};
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 3; ++t)
        threads.emplace_back([&, t, mine = one] {
          fence::registration<counts> told;
          auto added = told.add(mine, counts(called[t], destroyed[t]));
          if (added)
            fence::wait(*mine);
        });
      one->check_and_signal();
      one.reset();
    }
    for (int t = 0; t < 3; ++t)
      EXPECT_EQ(destroyed[t], 1);
  }
  fence_rcu_barrier();
  EXPECT_EQ(test::counted_fence::alive, 0);
}

} // namespace
