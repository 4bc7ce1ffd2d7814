// The same jobs with what people use instead. Names say the fence's job first, so that ratios are read off in pairs.
#include <absl/synchronization/notification.h>
#include <atomic>
#include <benchmark/benchmark.h>
#include <boost/thread/future.hpp>
#include <deque>
#include <future>
#include <optional>
#include <stop_token>

namespace {

void promise_make_set_destroy(benchmark::State &state) {
  for (auto _ : state) {
    std::promise<void> promise;
    std::future<void> future = promise.get_future();
    promise.set_value();
    benchmark::DoNotOptimize(future);
  }
}
BENCHMARK(promise_make_set_destroy);

void boost_promise_make_set_destroy(benchmark::State &state) {
  for (auto _ : state) {
    boost::promise<void> promise;
    boost::future<void> future = promise.get_future();
    promise.set_value();
    benchmark::DoNotOptimize(future);
  }
}
BENCHMARK(boost_promise_make_set_destroy);

void boost_future_then(benchmark::State &state) {
  for (auto _ : state) {
    boost::promise<void> promise;
    auto after = promise.get_future().then(boost::launch::sync, [](boost::future<void>) {});
    promise.set_value();
    benchmark::DoNotOptimize(after);
  }
}
BENCHMARK(boost_future_then);

void stop_callback_request(benchmark::State &state) {
  struct nothing {
    void operator()() const noexcept {}
  };
  for (auto _ : state) {
    std::stop_source source;
    std::deque<std::stop_callback<nothing>> callbacks;
    for (int64_t i = 0; i < state.range(0); ++i)
      callbacks.emplace_back(source.get_token(), nothing{});
    source.request_stop();
  }
}
BENCHMARK(stop_callback_request)->Arg(0)->Arg(8);

void stop_callback_request_one(benchmark::State &state) {
  auto nothing = [] {};
  for (auto _ : state) {
    std::stop_source source;
    std::stop_callback callback(source.get_token(), nothing);
    source.request_stop();
  }
}
BENCHMARK(stop_callback_request_one);

void stop_callback_add_remove(benchmark::State &state) {
  auto nothing = [] {};
  std::stop_source source;
  for (auto _ : state) {
    std::stop_callback callback(source.get_token(), nothing);
    benchmark::DoNotOptimize(callback);
  }
}
BENCHMARK(stop_callback_add_remove);

void absl_notification_make_notify(benchmark::State &state) {
  for (auto _ : state) {
    absl::Notification notification;
    notification.Notify();
  }
}
BENCHMARK(absl_notification_make_notify);

void atomic_load(benchmark::State &state) {
  auto *flag = new std::atomic<unsigned long>(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(flag);
    bool is = flag->load(std::memory_order_acquire) & 1;
    benchmark::DoNotOptimize(is);
  }
  delete flag;
}
BENCHMARK(atomic_load);

void shared_future_wait_ready(benchmark::State &state) {
  std::promise<void> promise;
  std::shared_future<void> future = promise.get_future().share();
  promise.set_value();
  for (auto _ : state)
    future.wait();
}
BENCHMARK(shared_future_wait_ready);

} // namespace
