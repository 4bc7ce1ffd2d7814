// What an interrupt may not do is left to work items: retiring jobs, which frees, and a poll for the case that the interrupt never comes.
#include <atomic>
#include <fence/completion.hpp>
#include <fence/workqueue.hpp>
#include <memory>

using namespace std::chrono_literals;

namespace {

class engine {
public:
  explicit engine(fence::workqueue &queue) noexcept : queue_(queue) { poll_.queue(queue_, 1h); }
  /// The interrupt's half: any context, allocates nothing.
  FENCE_NONBLOCKING void on_interrupt() noexcept { retire_.queue(queue_); }
  /// Now, and not in an hour.
  FENCE_NONBLOCKING void suspect() noexcept { poll_.move(queue_, 0ms); }

  fence::completion retired, polled;
  int jobs = 0;

private:
  void retire() noexcept {
    buffer_ = std::make_unique<char[]>(64); // Here it may sleep, allocate and free.
    ++jobs;
    retired.complete();
  }
  void poll(fence::sleepable_token &) noexcept { polled.complete(); }

  fence::workqueue &queue_;
  std::unique_ptr<char[]> buffer_;
  // Behind what their functions use: their ends wait for the functions.
  fence::work retire_{fence::runs<&engine::retire_, &engine::retire>};
  fence::delayed_work poll_{fence::runs<&engine::poll_, &engine::poll>};
};

} // namespace

int main() {
  auto queue = fence::workqueue::make(fence::class_of<struct engine_queue>, "engine", {.ordered = true});
  if (!queue)
    return 1;
  engine one(*queue);
  for (int i = 0; i < 3; ++i) {
    fence_hardirq_enter();
    one.on_interrupt();
    fence_hardirq_exit();
    one.retired.wait();
  }
  one.suspect();
  one.polled.wait();
  queue->flush();
  return one.jobs == 3 ? 0 : 1;
}
