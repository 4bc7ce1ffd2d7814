// The fence's own operations, through the C API as a driver uses it: memory from malloc(), lock shared by the context.
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <fence/dma-fence.h>
#include <unistd.h>
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
                           .release = nullptr,
                           .fence_value_str = nullptr,
                           .timeline_value_str = nullptr,
                           .set_deadline = nullptr};

fence_spinlock lock;

dma_fence *make(uint64_t seqno) {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  dma_fence_init(fence, &ops, &lock, 1, seqno);
  return fence;
}

void nothing(dma_fence *, dma_fence_cb *) noexcept {}

void fence_init_put(benchmark::State &state) {
  for (auto _ : state)
    dma_fence_put(make(1));
  fence_rcu_barrier();
}
BENCHMARK(fence_init_put);

/// With n callbacks on it.
void fence_init_signal_put(benchmark::State &state) {
  std::vector<dma_fence_cb> callbacks(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    dma_fence *fence = make(1);
    for (dma_fence_cb &callback : callbacks)
      dma_fence_add_callback(fence, &callback, nothing);
    dma_fence_signal(fence);
    dma_fence_put(fence);
  }
  fence_rcu_barrier();
}
BENCHMARK(fence_init_signal_put)->Arg(0)->Arg(1)->Arg(8);

/// In memory of the driver, which uses it again at once: what the fence itself costs.
void fence_init_signal_put_in_place(benchmark::State &state) {
  dma_fence_ops keeps_memory = ops;
  keeps_memory.release = [](dma_fence *) noexcept {};
  dma_fence fence;
  for (auto _ : state) {
    dma_fence_init(&fence, &keeps_memory, &lock, 1, 1);
    if (state.range(0))
      dma_fence_signal(&fence);
    else
      dma_fence_signal_timestamp(&fence, 1);
    dma_fence_put(&fence);
  }
}
BENCHMARK(fence_init_signal_put_in_place)->ArgName("clock")->Arg(1)->Arg(0);

/// The same with n callbacks on it.
void fence_in_place_callbacks(benchmark::State &state) {
  dma_fence_ops keeps_memory = ops;
  keeps_memory.release = [](dma_fence *) noexcept {};
  std::vector<dma_fence_cb> callbacks(static_cast<size_t>(state.range(0)));
  dma_fence fence;
  for (auto _ : state) {
    dma_fence_init(&fence, &keeps_memory, &lock, 1, 1);
    for (dma_fence_cb &callback : callbacks)
      dma_fence_add_callback(&fence, &callback, nothing);
    dma_fence_signal(&fence);
    dma_fence_put(&fence);
  }
}
BENCHMARK(fence_in_place_callbacks)->Arg(1)->Arg(8);

void fence_add_remove(benchmark::State &state) {
  dma_fence *fence = make(1);
  dma_fence_cb callback;
  for (auto _ : state) {
    dma_fence_add_callback(fence, &callback, nothing);
    dma_fence_remove_callback(fence, &callback);
  }
  dma_fence_put(fence);
}
BENCHMARK(fence_add_remove);

void fence_get_put(benchmark::State &state) {
  dma_fence *fence = make(1);
  for (auto _ : state)
    dma_fence_put(dma_fence_get(fence));
  dma_fence_put(fence);
}
BENCHMARK(fence_get_put);

void fence_is_signaled(benchmark::State &state) {
  dma_fence *fence = make(1);
  dma_fence_signal(fence);
  for (auto _ : state) {
    benchmark::DoNotOptimize(fence);
    bool is = dma_fence_is_signaled(fence);
    benchmark::DoNotOptimize(is);
  }
  dma_fence_put(fence);
}
BENCHMARK(fence_is_signaled);

void fence_wait_signalled(benchmark::State &state) {
  dma_fence *fence = make(1);
  dma_fence_signal(fence);
  for (auto _ : state)
    benchmark::DoNotOptimize(dma_fence_wait(fence, false));
  dma_fence_put(fence);
}
BENCHMARK(fence_wait_signalled);

/// Bytes of the process in memory.
double resident() {
  long pages = 0, of_which_resident = 0;
  if (std::FILE *file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages, &of_which_resident) != 2)
      of_which_resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(of_which_resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// Memory per live fence, and what making and ending ten million of them costs.
void fence_live(benchmark::State &state) {
  auto count = static_cast<size_t>(state.range(0));
  double grown = 0;
  for (auto _ : state) {
    std::vector<dma_fence *> fences(count); // touched here, so it does not count below
    double before = resident();
    for (size_t i = 0; i < count; ++i)
      fences[i] = make(i);
    grown = resident() - before;
    for (dma_fence *fence : fences)
      dma_fence_signal(fence);
    for (dma_fence *fence : fences)
      dma_fence_put(fence);
    fence_rcu_barrier();
  }
  state.SetItemsProcessed(static_cast<int64_t>(count) * state.iterations());
  state.counters["bytes/fence"] = static_cast<double>(sizeof(dma_fence));
  state.counters["resident bytes/fence"] = grown / static_cast<double>(count);
}
BENCHMARK(fence_live)->Arg(10'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
