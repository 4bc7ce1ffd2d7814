// Fences as drivers would write them, for the tests of the C++ layer.
#ifndef TEST_FENCES_HPP
#define TEST_FENCES_HPP

#include <atomic>
#include <fence/dma_fence.hpp>
#include <gtest/gtest.h>
#include <thread>

namespace test {

inline fence::aref<fence::fence_context> make_context() {
  fence::result<fence::aref<fence::fence_context>> made = fence::fence_context::make("test driver", "test timeline");
  EXPECT_TRUE(made);
  return *std::move(made);
}

/// Made of `context`, which must succeed.
template <class T, class... Args> fence::aref<T> make(const fence::aref<fence::fence_context> &context, Args &&...args) {
  fence::result<fence::aref<T>> made = context->make_fence<T>(std::forward<Args>(args)...);
  EXPECT_TRUE(made);
  return *std::move(made);
}

using plain = fence::fence_with<>;

/// Counts how many of it are alive.
class counted_fence : public fence::dma_fence<counted_fence> {
public:
  explicit counted_fence(int number = 0) noexcept : number(number) { ++alive; }
  ~counted_fence() { --alive; }
  int number;
  static inline std::atomic<int> alive{0};
};

struct embedding {
  long before[3] = {1, 2, 3};
  fence::dma_fence<embedding> done;
  FENCE_EMBED(embedding, done)
  long after = 4;
};

} // namespace test
#endif
