// eventfd and coroutine: told after the fence's lock, not under it.
#include "test_fences.hpp"

#include <fence/coroutine.hpp>
#include <fence/eventfd.hpp>
#include <poll.h>

namespace {

using test::make;
using test::make_context;

bool readable(int fd) {
  pollfd asked{fd, POLLIN, 0};
  return ::poll(&asked, 1, 0) == 1 && asked.revents & POLLIN;
}

TEST(Eventfd, BecomesReadable) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  fence::fence_eventfd event;
  EXPECT_EQ(event.fd(), -1);
  ASSERT_TRUE(event.open(*one));
  EXPECT_FALSE(readable(event.fd()));
  EXPECT_EQ(event.open(*one).error(), fence::error(EBUSY));
  ASSERT_TRUE(one->signal());
  EXPECT_TRUE(readable(event.fd()));
  event.close();
  EXPECT_EQ(event.fd(), -1);
}
TEST(Eventfd, OfASignalledFenceIsReadableAtOnce) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  ASSERT_TRUE(one->signal());
  fence::fence_eventfd event;
  ASSERT_TRUE(event.open(*one));
  EXPECT_TRUE(readable(event.fd()));
}
TEST(Eventfd, IsWrittenAfterTheLock) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  fence::fence_eventfd event;
  ASSERT_TRUE(event.open(*one));
  unsigned long flags = fence_spin_lock_irqsave(one->raw()->lock);
  dma_fence_signal_locked(one->raw());
  EXPECT_FALSE(readable(event.fd()));
  fence_spin_unlock_irqrestore(one->raw()->lock, flags);
  EXPECT_TRUE(readable(event.fd()));
}
TEST(Eventfd, MayBeClosedBeforeTheSignal) {
  auto context = make_context();
  auto one = make<test::plain>(context), two = make<test::plain>(context);
  fence::fence_eventfd event;
  ASSERT_TRUE(event.open(*one));
  event.close();
  ASSERT_TRUE(one->signal());
  ASSERT_TRUE(event.open(*two));
  EXPECT_FALSE(readable(event.fd()));
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
struct seen {
  int resumed = 0, error = 0;
  bool atomic = false;
};
task await_fence(fence::aref<test::counted_fence> one, seen &what) {
  fence::result<void> ended = co_await fence::signalled(one);
  ++what.resumed;
  what.error = ended.error().code();
  what.atomic = fence_in_atomic();
}

TEST(Coroutine, IsResumedAfterTheLock) {
  auto context = make_context();
  auto one = make<test::counted_fence>(context);
  seen what;
  task running = await_fence(one, what);
  EXPECT_EQ(what.resumed, 0);
  ASSERT_TRUE(one->signal(fence::error(EIO)));
  EXPECT_EQ(what.resumed, 1);
  EXPECT_EQ(what.error, EIO);
  EXPECT_FALSE(what.atomic);
  ASSERT_TRUE(running.handle.done());
  running.handle.destroy();
}
TEST(Coroutine, DoesNotSuspendForASignalledFence) {
  auto context = make_context();
  auto one = make<test::counted_fence>(context);
  ASSERT_TRUE(one->signal());
  seen what;
  task running = await_fence(one, what);
  EXPECT_EQ(what.resumed, 1);
  running.handle.destroy();
}
TEST(Coroutine, MayBeDestroyedWhileItIsSuspended) {
  auto context = make_context();
  auto one = make<test::counted_fence>(context);
  seen what;
  await_fence(one, what).handle.destroy();
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(what.resumed, 0);
  one.reset();
  fence_rcu_barrier();
  EXPECT_EQ(test::counted_fence::alive, 0);
}

} // namespace
