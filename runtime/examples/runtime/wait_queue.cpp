// A pool of credits: who finds none waits until somebody returns one. Returning is allowed in any context, waiting is not.
#include <atomic>
#include <fence/wait_queue.hpp>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

class credits {
public:
  explicit credits(int number) noexcept : free_(number) {}
  /// May sleep. Of those who wait so, one is woken for each credit.
  FENCE_MAY_SLEEP void take() noexcept {
    returned_.wait_exclusive([this]() noexcept { return try_take(); });
  }
  FENCE_MAY_SLEEP bool take_for(std::chrono::milliseconds time) noexcept {
    return returned_.wait_for(time, [this]() noexcept { return try_take(); });
  }
  FENCE_NONBLOCKING void give_back() noexcept {
    free_.fetch_add(1);
    returned_.wake_up();
  }

private:
  bool try_take() noexcept {
    int seen = free_.load();
    while (seen > 0)
      if (free_.compare_exchange_weak(seen, seen - 1))
        return true;
    return false;
  }
  std::atomic<int> free_;
  fence::wait_queue returned_;
};

} // namespace

int main() {
  credits two(2);
  std::atomic<int> busy = 0, jobs = 0;
  std::atomic<bool> too_many = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int job = 0; job < 50; ++job) {
        two.take();
        if (++busy > 2)
          too_many = true;
        ++jobs;
        --busy;
        two.give_back();
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  two.take();
  two.take();
  bool third = two.take_for(1ms); // Nobody gives one back.
  return jobs == 200 && !too_many && !third ? 0 : 1;
}
