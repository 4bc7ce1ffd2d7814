// So many threads, each with random numbers of its own, all starting at once. FENCE_STRESS=N multiplies the rounds.
#ifndef FENCE_STRESS_H
#define FENCE_STRESS_H

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <thread>
#include <vector>

struct random_numbers {
  std::uint64_t state;
  std::uint32_t below(std::uint32_t limit) noexcept {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>(state >> 32) % limit;
  }
};

inline int rounds(int normally) {
  const char *factor = std::getenv("FENCE_STRESS");
  return normally * (factor ? std::atoi(factor) : 1);
}

template <class F> void all_at_once(int threads, F &&body) {
  std::atomic<int> missing = threads;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&, i] {
      --missing;
      while (missing)
        std::this_thread::yield();
      random_numbers numbers{0x9e3779b97f4a7c15u * static_cast<std::uint64_t>(i + 1)};
      body(i, numbers);
    });
  for (std::thread &thread : all)
    thread.join();
}

#endif
