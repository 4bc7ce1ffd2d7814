// Grace periods: nothing before the readers have gone, everything after the barrier, in order.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fence/memory.h>
#include <fence/rcu.h>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace {

struct noted {
  fence_rcu_head head;
  std::vector<int> *order;
  int number;
  bool in_softirq;
};
void note(fence_rcu_head *head) noexcept {
  auto *self = reinterpret_cast<noted *>(head);
  self->in_softirq = fence_in_interrupt() && fence_in_atomic() && !fence_irqs_disabled();
  // In one, and in no more than one.
  fence_softirq_exit();
  self->in_softirq &= !fence_in_interrupt();
  fence_softirq_enter();
  self->order->push_back(self->number);
}

TEST(Rcu, CallsInOrderAndInASoftirq) {
  std::vector<int> order, expected;
  order.reserve(100);
  noted all[100];
  for (int i = 0; i < 100; ++i) {
    all[i] = {{}, &order, i, false};
    expected.push_back(i);
    fence_call_rcu(&all[i].head, note);
  }
  fence_rcu_barrier();
  EXPECT_EQ(order, expected);
  EXPECT_TRUE(all[0].in_softirq);
  EXPECT_TRUE(all[99].in_softirq);
  fence_call_rcu(&all[0].head, note);
  fence_rcu_barrier();
  EXPECT_EQ(order.size(), 101u) << "the reclaimer had nothing to do and was woken again";
  EXPECT_TRUE(all[0].in_softirq) << "the first batch's has ended";
}

double processor_seconds() {
  timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

TEST(Rcu, WithNothingToDoItSleeps) {
  fence_rcu_barrier();
  double before = processor_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(processor_seconds() - before, 0.1);
}

TEST(Rcu, WhoWaitsForItSleeps) {
  std::atomic<bool> reading = false;
  std::thread reader([&] {
    fence_rcu_read_lock();
    reading = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    fence_rcu_read_unlock();
  });
  while (!reading)
    std::this_thread::yield();
  double before = processor_seconds();
  fence_rcu_barrier();
  EXPECT_LT(processor_seconds() - before, 0.1);
  reader.join();
}

struct flagged {
  fence_rcu_head head;
  std::atomic<bool> called = false;
};

TEST(Rcu, AReaderHoldsItBack) {
  flagged object;
  fence_rcu_read_lock();
  fence_rcu_read_lock();
  std::thread pusher([&] {
    fence_call_rcu(&object.head, [](fence_rcu_head *head) { reinterpret_cast<flagged *>(head)->called = true; });
  });
  pusher.join();
  fence_rcu_read_unlock();
  // A second grace period cannot end either; so this sees the callback if the reader did not count.
  for (int i = 0; i < 200; ++i)
    std::this_thread::yield();
  EXPECT_FALSE(object.called);
  fence_rcu_read_unlock();
  fence_rcu_barrier();
  EXPECT_TRUE(object.called);
}

TEST(Rcu, SynchronizeWaitsForTheReader) {
  std::atomic<int> stage = 0;
  std::atomic<bool> reader_left = false;
  std::thread reader([&] {
    fence_rcu_read_lock();
    stage = 1;
    while (stage != 2)
      std::this_thread::yield();
    for (int i = 0; i < 100; ++i)
      std::this_thread::yield();
    reader_left = true;
    fence_rcu_read_unlock();
  });
  while (stage != 1)
    std::this_thread::yield();
  stage = 2;
  fence_synchronize_rcu();
  EXPECT_TRUE(reader_left);
  reader.join();
}

// Nothing else orders the reader's look and the writer's change: ThreadSanitizer is the judge.
TEST(Rcu, AGracePeriodOrdersTheReaderBeforeTheWriter) {
  for (int round = 0; round < 20; ++round) {
    int object = 1;
    std::atomic<int *> published = &object;
    std::atomic<bool> reading = false;
    std::thread reader([&] {
      fence_rcu_read_lock();
      int *seen = published.load(std::memory_order_relaxed);
      reading.store(true, std::memory_order_relaxed);
      if (seen) {
        EXPECT_EQ(*seen, 1);
      }
      fence_rcu_read_unlock();
    });
    while (!reading.load(std::memory_order_relaxed))
      std::this_thread::yield();
    published.store(nullptr, std::memory_order_relaxed);
    fence_synchronize_rcu();
    object = 2;
    reader.join();
  }
}

TEST(Rcu, FreesMemoryByTheOffsetOfItsHead) {
  struct at_start {
    fence_rcu_head head;
    char rest[16];
  };
  struct inside {
    char before[4000];
    fence_rcu_head head;
  };
  // AddressSanitizer judges that it is the right block, and that none is left.
  auto *first = static_cast<at_start *>(std::malloc(sizeof(at_start)));
  fence_free_rcu(first, &first->head);
  auto *second = static_cast<inside *>(std::malloc(sizeof(inside)));
  fence_free_rcu(second, &second->head);
  fence_rcu_barrier();
}

TEST(RcuDeathTest, AHeadTooFarFromTheStartIsRefused) {
  struct far {
    char before[4096];
    fence_rcu_head head;
  };
  static far object;
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(fence_free_rcu(&object, &object.head), "");
  EXPECT_DEATH(fence_free_rcu(&object.head, reinterpret_cast<fence_rcu_head *>(&object)), "");
}

TEST(Rcu, ManyThreadsPush) {
  constexpr int threads = 4, each = 1000;
  static std::atomic<int> called;
  called = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([] {
      for (int n = 0; n < each; ++n) {
        auto *head = static_cast<fence_rcu_head *>(std::malloc(sizeof(fence_rcu_head)));
        fence_call_rcu(head, [](fence_rcu_head *gone) {
          ++called;
          std::free(gone);
        });
      }
      fence_rcu_barrier();
    });
  for (std::thread &thread : all)
    thread.join();
  EXPECT_EQ(called, threads * each) << "each barrier covers what its thread had pushed";
}

TEST(Memory, GivesWhatIsAsked) {
  auto *zeroed = static_cast<unsigned char *>(fence_alloc(64, FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
  ASSERT_NE(zeroed, nullptr);
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(zeroed[i], 0);
  std::memset(zeroed, 1, 64);
  fence_free(zeroed);
  // The block that was just given back comes again: zeroed for whoever asks.
  zeroed = static_cast<unsigned char *>(fence_alloc(64, FENCE_GFP_ZERO));
  for (int i = 16; i < 64; ++i)
    EXPECT_EQ(zeroed[i], 0);
  fence_free(zeroed);
  void *plain = fence_alloc(64, FENCE_GFP_ATOMIC);
  EXPECT_NE(plain, nullptr);
  std::memset(plain, 1, 64);
  fence_free(plain);
  fence_free(nullptr);
}

TEST(Memory, CanBeMadeToFailOnce) {
  fence_fail_allocation(-1);
  for (long successes : {0L, 1L, 3L}) {
    EXPECT_EQ(fence_fail_allocation(successes), successes == 0 ? 0 : successes == 1 ? 3 : 4);
    for (long i = 0; i < successes; ++i) {
      void *memory = fence_alloc(8, 0);
      EXPECT_NE(memory, nullptr);
      fence_free(memory);
    }
    EXPECT_EQ(fence_alloc(8, 0), nullptr);
    for (int i = 0; i < 2; ++i) {
      void *memory = fence_alloc(8, 0);
      EXPECT_NE(memory, nullptr);
      fence_free(memory);
    }
  }
  EXPECT_EQ(fence_fail_allocation(-1), 6);
  EXPECT_EQ(fence_fail_allocation(-1), 0);
}

} // namespace
