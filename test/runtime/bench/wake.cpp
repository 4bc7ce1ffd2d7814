// From the signal to the woken thread: two threads hand a fresh object back and forth, so a round trip is two wake-ups.
#include <benchmark/benchmark.h>
#include <condition_variable>
#include <cstdlib>
#include <fence/dma-fence.h>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace {

const char *name(dma_fence *) noexcept { return "bench"; }
const dma_fence_ops ops = {.kind = 0,
                           .use_64bit_seqno = true,
                           .get_driver_name = name,
                           .get_timeline_name = name,
                           .enable_signaling = nullptr,
                           .signaled = nullptr,
                           .wait = nullptr,
                           .release = [](dma_fence *) noexcept {},
                           .fence_value_str = nullptr,
                           .timeline_value_str = nullptr,
                           .set_deadline = nullptr};

struct fence_signal {
  fence_spinlock lock{};
  dma_fence fence;
  fence_signal() { dma_fence_init(&fence, &ops, &lock, 1, 1); }
  void set() { dma_fence_signal(&fence); }
  void wait() { dma_fence_wait(&fence, false); }
};
struct condition_signal {
  std::mutex mutex;
  std::condition_variable condition;
  bool done = false;
  void set() {
    {
      std::lock_guard guard(mutex);
      done = true;
    }
    condition.notify_one();
  }
  void wait() {
    std::unique_lock guard(mutex);
    condition.wait(guard, [&] { return done; });
  }
};
struct promise_signal {
  std::promise<void> promise;
  std::future<void> future = promise.get_future();
  void set() { promise.set_value(); }
  void wait() { future.wait(); }
};

template <class Signal> void round_trip(benchmark::State &state) {
  constexpr size_t rounds = 2000;
  for (auto _ : state) {
    std::vector<Signal> there(rounds), back(rounds);
    std::thread other([&] {
      for (size_t i = 0; i < rounds; ++i) {
        there[i].wait();
        back[i].set();
      }
    });
    auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < rounds; ++i) {
      there[i].set();
      back[i].wait();
    }
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / (2 * rounds));
    other.join();
  }
}
BENCHMARK(round_trip<fence_signal>)->UseManualTime()->Iterations(10)->Name("wake_fence");
BENCHMARK(round_trip<condition_signal>)->UseManualTime()->Iterations(10)->Name("wake_condition_variable");
BENCHMARK(round_trip<promise_signal>)->UseManualTime()->Iterations(10)->Name("wake_promise");

} // namespace
