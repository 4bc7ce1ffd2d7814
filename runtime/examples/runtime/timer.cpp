// A watchdog: each job moves the timer, which fires only if no job ends in time. Its function may not sleep, so it leaves the reset to a work
// item.
#include <atomic>
#include <fence/completion.hpp>
#include <fence/timer.hpp>
#include <fence/workqueue.hpp>

using namespace std::chrono_literals;

namespace {

class engine {
public:
  FENCE_NONBLOCKING void begin(std::chrono::milliseconds limit) noexcept { watchdog_.set_after(limit); }
  /// True: in time.
  FENCE_NONBLOCKING bool end() noexcept { return watchdog_.cancel(); }
  FENCE_MAY_SLEEP void wait_for_reset() noexcept { reset_done_.wait(); }
  int resets() const noexcept { return resets_; }

private:
  FENCE_NONBLOCKING void hung() noexcept { reset_work_.schedule(); }
  void reset() noexcept {
    ++resets_;
    reset_done_.complete();
  }
  std::atomic<int> resets_ = 0;
  fence::completion reset_done_;
  fence::work reset_work_{fence::runs<&engine::reset_work_, &engine::reset>};
  fence::timer watchdog_{fence::runs<&engine::watchdog_, &engine::hung>}; // Last, so it ends before the work that it queues.
};

} // namespace

int main() {
  engine one;
  one.begin(1h);
  one.begin(1h); // The next job: moved.
  bool in_time = one.end();
  one.begin(1ms); // Nobody ends this one.
  one.wait_for_reset();
  return in_time && one.resets() == 1 ? 0 : 1;
}
