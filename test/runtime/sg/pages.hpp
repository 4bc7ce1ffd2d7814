// Pages for the tests: aligned memory that is given back at the end, and counts.
#ifndef TEST_PAGES_HPP
#define TEST_PAGES_HPP

#include <cstdlib>
#include <fence/sg_table.hpp>
#include <string>
#include <vector>

/// What happened in which order: shared by pages, tables and devices of a test.
inline std::vector<std::string> &events() {
  static std::vector<std::string> list;
  return list;
}

/// `count` pages in one piece, listed in the order given (by default ascending).
class test_pages {
public:
  explicit test_pages(size_t count, std::vector<size_t> order = {})
      : memory_(static_cast<char *>(std::aligned_alloc(FENCE_PAGE_SIZE, count * FENCE_PAGE_SIZE))), size_(count * FENCE_PAGE_SIZE) {
    for (size_t i = 0; i < count; ++i)
      order.empty() ? list_.push_back(memory_ + i * FENCE_PAGE_SIZE) : void();
    for (size_t index : order)
      list_.push_back(memory_ + index * FENCE_PAGE_SIZE);
    if (!order.empty())
      size_ = order.size() * FENCE_PAGE_SIZE;
  }
  test_pages(test_pages &&other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), list_(std::move(other.list_)), size_(other.size_) {}
  ~test_pages() {
    if (memory_)
      events().push_back("pages freed");
    std::free(memory_);
  }
  std::span<void *const> pages() const noexcept { return list_; }
  size_t size() const noexcept { return size_; }
  char *memory() const noexcept { return memory_; }

private:
  char *memory_;
  std::vector<void *> list_;
  size_t size_;
};

#endif
