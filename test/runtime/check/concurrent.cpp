// Many threads at once: the checker's tables and graph, its dumps and its reports, under ThreadSanitizer.
#include "caught.h"
#include "test_fence.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

TEST(Concurrent, LocksFencesAndDumps) {
  caught reports;
  constexpr int threads = 4, rounds = 300;
  FENCE_LOCK_CLASS(outer_class, "concurrent_outer", FENCE_LOCK_SPINS);
  FENCE_LOCK_CLASS(inner_class, "concurrent_inner", FENCE_LOCK_SPINS);
  fence_spinlock outer, inner;
  fence_spin_lock_init_class(&outer, &outer_class);
  fence_spin_lock_init_class(&inner, &inner_class);
  std::atomic<bool> stop = false;
  std::thread looks([&] {
    auto ignore = [](const char *, void *) {};
    do {
      fence_dump_pending(ignore, nullptr);
      fence_dump_lock_graph(ignore, nullptr);
    } while (!stop);
  });
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      for (int i = 0; i < rounds; ++i) {
        dma_fence *fence = make_fence(plain_ops, 88000 + static_cast<uint64_t>(t), static_cast<uint64_t>(i));
        dma_fence_cb cb;
        dma_fence_add_callback(fence, &cb, [](dma_fence *, dma_fence_cb *) {});
        unsigned long flags = fence_spin_lock_irqsave(&outer);
        fence_spin_lock(&inner);
        fence_spin_unlock(&inner);
        fence_spin_unlock_irqrestore(&outer, flags);
        bool cookie = dma_fence_begin_signalling();
        fence_expect_signal(fence);
        dma_fence_signal(fence);
        dma_fence_end_signalling(cookie);
        dma_fence_put(fence);
      }
    });
  for (std::thread &worker : workers)
    worker.join();
  stop = true;
  looks.join();
  fence_rcu_barrier();
  EXPECT_SILENT(reports);
  for (int t = 0; t < threads; ++t)
    EXPECT_EQ(fence_report_leaks(88000 + static_cast<uint64_t>(t)), 0u);
}

TEST(Concurrent, TheSameMistakeOnManyThreadsIsOneReport) {
  fence_forget_reports();
  static std::atomic<int> seen;
  seen = 0;
  fence_set_report_handler([](const fence_report *, void *) { ++seen; }, nullptr);
  std::vector<std::thread> workers;
  for (int t = 0; t < 8; ++t)
    workers.emplace_back([] {
      fence_preempt_disable();
      fence_might_sleep();
      fence_preempt_enable();
    });
  for (std::thread &worker : workers)
    worker.join();
  fence_set_report_handler(nullptr, nullptr);
  EXPECT_EQ(seen, 1);
  fence_forget_reports();
}

} // namespace
