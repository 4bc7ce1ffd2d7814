// A thread of one's own for what must come soon: vertical blanks are handled in order, by a worker that could be given a priority
// (pthread_setschedparam(worker.thread(), ...)).
#include <atomic>
#include <fence/kthread_worker.hpp>

namespace {

class display {
public:
  explicit display(fence::kthread_worker &worker) noexcept : worker_(worker) {}
  /// Any context. While one is pending another is the same.
  FENCE_NONBLOCKING void on_vblank() noexcept {
    ++raised_;
    vblank_.queue(worker_);
  }
  int handled() const noexcept { return handled_; }

private:
  void handle() noexcept {
    if (pthread_equal(pthread_self(), worker_.thread()))
      handled_ = raised_.load();
  }
  fence::kthread_worker &worker_;
  std::atomic<int> raised_ = 0, handled_ = 0;
  fence::kthread_work vblank_{fence::runs<&display::vblank_, &display::handle>};
};

} // namespace

int main() {
  auto worker = fence::kthread_worker::make(fence::class_of<struct display_worker>, "display");
  if (!worker)
    return 1;
  display one(*worker);
  for (int i = 0; i < 100; ++i)
    one.on_vblank();
  worker->flush();
  return one.handled() == 100 ? 0 : 1;
}
