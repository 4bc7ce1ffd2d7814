// The audited callbacks, each against the thing it sets going; and what is destroyed elsewhere.
#include "test_fences.hpp"

#include <fence/callbacks.hpp>
#include <fence/defer_drop.hpp>
#include <vector>

namespace {

using fence::registration;
using test::make;
using test::make_context;

static_assert(std::is_trivially_destructible_v<fence::wake_thread> && std::is_trivially_destructible_v<fence::complete> &&
              std::is_trivially_destructible_v<fence::queue_work> && std::is_trivially_destructible_v<fence::queue_kthread_work>);
static_assert(std::is_final_v<fence::wake_thread> && std::is_final_v<fence::complete> && std::is_final_v<fence::queue_work> &&
              std::is_final_v<fence::queue_kthread_work>);

TEST(Callbacks, WakeAThread) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  registration told(one, fence::wake_thread());
  std::jthread signaller([&] { one->check_and_signal(); });
  while (!one->is_signaled())
    fence_park(FENCE_FOREVER);
}
TEST(Callbacks, CompleteACompletion) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  fence_completion completion;
  fence_completion_init(&completion);
  registration told(one, fence::complete(&completion));
  EXPECT_FALSE(fence_completion_done(&completion));
  std::jthread signaller([&] { one->check_and_signal(); });
  fence_completion_wait(&completion);
}
struct work {
  fence_work item;
  std::atomic<int> ran{0};
  bool atomic = true;
  static void run(fence_work *item) noexcept {
    auto *self = fence::container_of<&work::item>(item);
    self->atomic = fence_in_atomic();
    ++self->ran;
  }
};
TEST(Callbacks, QueueWork) {
  auto context = make_context();
  auto one = make<test::plain>(context), two = make<test::plain>(context);
  work system, own;
  fence_work_init(&system.item, work::run);
  fence_work_init(&own.item, work::run);
  fence_workqueue *queue = fence_workqueue_alloc("test", 0, 0);
  ASSERT_NE(queue, nullptr);
  {
    registration on_system(one, fence::queue_work(&system.item)), on_own(two, fence::queue_work(queue, &own.item));
    ASSERT_TRUE(one->signal());
    ASSERT_TRUE(two->signal());
  }
  fence_flush_work(&system.item);
  fence_workqueue_destroy(queue);
  EXPECT_EQ(system.ran, 1);
  EXPECT_EQ(own.ran, 1);
  EXPECT_FALSE(system.atomic || own.atomic);
}
struct kthread_work {
  fence_kthread_work item;
  std::atomic<int> ran{0};
  static void run(fence_kthread_work *item) noexcept { ++fence::container_of<&kthread_work::item>(item)->ran; }
};
TEST(Callbacks, QueueWorkOfAWorker) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  kthread_work work;
  fence_kthread_work_init(&work.item, kthread_work::run);
  fence_kthread_worker *worker = fence_kthread_worker_create("test");
  ASSERT_NE(worker, nullptr);
  {
    registration told(one, fence::queue_kthread_work(worker, &work.item));
    ASSERT_TRUE(one->signal());
  }
  fence_kthread_worker_destroy(worker);
  EXPECT_EQ(work.ran, 1);
}
TEST(Callbacks, NeverAllocate) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  fence_completion completion;
  fence_completion_init(&completion);
  fence_fail_allocation(-1);
  {
    registration woken(one, fence::wake_thread(fence_thread_self()));
    registration completed(one, fence::complete(&completion));
    ASSERT_TRUE(one->signal());
  }
  EXPECT_EQ(fence_fail_allocation(-1), 0);
}

//===- Destroyed elsewhere ---------------------------------------------------------===//

/// Its destructor frees, and may not run in a callback.
struct heavy {
  explicit heavy(std::atomic<int> &destroyed) noexcept : destroyed(&destroyed) {}
  heavy(heavy &&other) noexcept : destroyed(std::exchange(other.destroyed, nullptr)) {}
  ~heavy() {
    if (!destroyed)
      return;
    EXPECT_FALSE(fence_in_atomic());
    ++*destroyed;
    destroyed->notify_all();
  }
  std::atomic<int> *destroyed;
};
struct owns {
  using atomic_destructible = std::true_type;
  fence::defer_drop<heavy> value;
  FENCE_NONBLOCKING void called(fence::atomic_token &, fence::any_fence &) noexcept {}
};
static_assert(!fence::is_atomic_destructible_v<heavy> && fence::is_atomic_destructible_v<fence::defer_drop<heavy>>);

TEST(DeferDrop, DestroysOnAWorker) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  std::atomic<int> destroyed = 0;
  auto value = fence::defer_drop<heavy>::make(destroyed);
  ASSERT_TRUE(value);
  EXPECT_EQ((*value)->destroyed, &destroyed);
  registration told(one, owns{*std::move(value)});
  fence_fail_allocation(-1);
  ASSERT_TRUE(one->signal());
  EXPECT_EQ(fence_fail_allocation(-1), 0) << "giving it up does not allocate";
  destroyed.wait(0);
  EXPECT_EQ(destroyed, 1);
  fence_flush_workqueue(fence_system_workqueue());
}
TEST(DeferDrop, MovesWithoutDestroying) {
  std::atomic<int> destroyed = 0;
  auto value = fence::defer_drop<heavy>::make(destroyed);
  ASSERT_TRUE(value);
  fence::defer_drop<heavy> one = *std::move(value);
  fence::defer_drop<heavy> two = std::move(one);
  EXPECT_FALSE(one);
  one = std::move(two);
  fence_flush_workqueue(fence_system_workqueue());
  EXPECT_EQ(destroyed, 0);
  { fence::defer_drop<heavy> last = std::move(one); }
  fence_flush_workqueue(fence_system_workqueue());
  EXPECT_EQ(destroyed, 1);
}
TEST(DeferDrop, WithoutMemoryIsAnError) {
  std::atomic<int> destroyed = 0;
  fence_fail_allocation(0);
  auto value = fence::defer_drop<heavy>::make(destroyed);
  fence_fail_allocation(-1);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), fence::error(ENOMEM));
  EXPECT_EQ(destroyed, 0);
}

} // namespace
