// mmap offsets: one per object, never overlapping, given back, and finite.
#include "buffers.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace {

constexpr uint64_t page = 4096, first = 16 * page;

class Offsets : public testing::Test {
protected:
  fence::object_ref<buffer> make(size_t size) { return (*buffer::create(device, size, 1)).share(); }
  fence::gem_device device{"test", first, first + 8 * page};
};

TEST_F(Offsets, StayTheSame) {
  auto object = make(2 * page);
  uint64_t offset = *object->create_mmap_offset();
  EXPECT_EQ(offset, first);
  EXPECT_EQ(*object->create_mmap_offset(), offset);
}

TEST_F(Offsets, DoNotOverlapAndAreUsedAgain) {
  auto a = make(2 * page), b = make(page), c = make(page), d = make(2 * page);
  EXPECT_EQ(*a->create_mmap_offset(), first);
  EXPECT_EQ(*b->create_mmap_offset(), first + 2 * page);
  EXPECT_EQ(*c->create_mmap_offset(), first + 3 * page);
  a.reset();
  EXPECT_EQ(*d->create_mmap_offset(), first) << "the gap fits";
  b->free_mmap_offset();
  b->free_mmap_offset();
  auto e = make(page);
  EXPECT_EQ(*e->create_mmap_offset(), first + 2 * page);
  EXPECT_EQ(*b->create_mmap_offset(), first + 4 * page) << "another one now";
}

TEST_F(Offsets, RunOut) {
  auto most = make(7 * page), small = make(page), none = make(page), large = make(9 * page);
  EXPECT_EQ(large->create_mmap_offset().error().code(), ENOSPC);
  ASSERT_TRUE(most->create_mmap_offset());
  EXPECT_EQ(*small->create_mmap_offset(), first + 7 * page);
  EXPECT_EQ(none->create_mmap_offset().error().code(), ENOSPC);
  small.reset();
  EXPECT_TRUE(none->create_mmap_offset());
}

TEST_F(Offsets, LeadToTheObject) {
  auto object = make(2 * page);
  uint64_t offset = *object->create_mmap_offset();
  EXPECT_EQ(device.find_by_offset(offset).get(), object.get());
  EXPECT_EQ(device.find_by_offset(offset + page), nullptr);
  object.reset();
  EXPECT_EQ(device.find_by_offset(offset), nullptr);
}

TEST_F(Offsets, AreMadeOnceByManyThreads) {
  auto object = make(page);
  std::vector<uint64_t> seen(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < seen.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        seen[t] = *object->create_mmap_offset();
        auto other = make(page);
        (void)other->create_mmap_offset();
        (void)device.find_by_offset(first + page);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  for (uint64_t offset : seen)
    EXPECT_EQ(offset, seen[0]);
}

} // namespace
