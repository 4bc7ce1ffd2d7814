// A ring that interrupts and tasks use: the entries under a spinning lock, the configuration, which may take long to change, under a sleeping
// one. With clang's -Wthread-safety a member that is touched without its lock does not compile quietly.
#include <fence/mutex.hpp>
#include <thread>

namespace {

class ring {
public:
  /// Any context.
  FENCE_NONBLOCKING bool push(int entry) noexcept {
    fence::irqsave_guard hold(lock_);
    if (used_ == size)
      return false;
    entries_[used_++] = entry;
    return true;
  }
  /// May sleep. The outer lock is always taken first.
  FENCE_MAY_SLEEP int drain() noexcept {
    fence::guard configuration(configuration_lock_);
    fence::irqsave_guard hold(lock_);
    int sum = 0;
    while (used_)
      sum += entries_[--used_] * weight_;
    return sum;
  }
  FENCE_MAY_SLEEP void set_weight(int weight) noexcept {
    fence::guard configuration(configuration_lock_);
    weight_ = weight;
  }

private:
  static constexpr unsigned size = 8;
  fence::mutex configuration_lock_{fence::class_of<struct ring_configuration>};
  int weight_ FENCE_GUARDED_BY(configuration_lock_) = 1;
  fence::spin_lock lock_{fence::class_of<struct ring_entries>};
  int entries_[size] FENCE_GUARDED_BY(lock_) = {};
  unsigned used_ FENCE_GUARDED_BY(lock_) = 0;
};

} // namespace

int main() {
  ring one;
  one.set_weight(10);
  std::thread producer([&] {
    for (int entry = 1; entry <= 100; ++entry)
      while (!one.push(entry))
        std::this_thread::yield();
  });
  int sum = 0;
  while (sum < 50500)
    sum += one.drain();
  producer.join();
  return sum == 50500 ? 0 : 1;
}
