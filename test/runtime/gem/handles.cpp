// A file's handles: one per object, found again, of the right type, up to a limit.
#include "buffers.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace {

class Handles : public testing::Test {
protected:
  void SetUp() override { events().clear(); }
  fence::object_ref<buffer> make(int value = 1) { return (*buffer::create(device, 4096, value)).share(); }
  fence::gem_device device{"test"};
  fence::drm_file file;
};

TEST_F(Handles, NameAnObjectOnce) {
  auto object = make();
  uint32_t handle = *file.create_handle(object);
  EXPECT_NE(handle, 0u);
  EXPECT_EQ(*file.create_handle(object), handle);
  EXPECT_EQ(object->references(), 2u);
  EXPECT_EQ(file.handle_count(), 1u);
  EXPECT_EQ(events().list(), std::vector<std::string>{"open"});
  auto found = file.lookup<buffer>(handle);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, object);
  EXPECT_EQ(object->references(), 3u);
}

TEST_F(Handles, KeepTheObjectUntilTheyAreDeleted) {
  uint32_t handle = *file.create_handle(make());
  EXPECT_EQ(device.object_count(), 1u);
  EXPECT_TRUE(file.delete_handle(handle));
  EXPECT_EQ(device.object_count(), 0u);
  EXPECT_EQ(events().list(), (std::vector<std::string>{"open", "close", "buffer freed"}));
  EXPECT_EQ(file.delete_handle(handle).error().code(), ENOENT);
  EXPECT_EQ(file.lookup<buffer>(handle).error().code(), ENOENT);
}

TEST_F(Handles, AreNotFoundWhereThereAreNone) {
  EXPECT_EQ(file.lookup<buffer>(0).error().code(), ENOENT);
  EXPECT_EQ(file.lookup<buffer>(1).error().code(), ENOENT);
  EXPECT_EQ(file.lookup<buffer>(UINT32_MAX).error().code(), ENOENT);
  EXPECT_EQ(file.delete_handle(UINT32_MAX).error().code(), ENOENT);
}

TEST_F(Handles, OfAnotherTypeAreRefused) {
  uint32_t handle = *file.create_handle((*other_buffer::create(device, 4096)).share());
  EXPECT_EQ(file.lookup<buffer>(handle).error().code(), EINVAL);
  EXPECT_TRUE(file.lookup<other_buffer>(handle));
}

TEST_F(Handles, RunOutAndAreUsedAgain) {
  fence::drm_file small(20);
  std::vector<fence::object_ref<buffer>> objects;
  std::vector<uint32_t> handles;
  for (int i = 0; i < 20; ++i) {
    objects.push_back(make());
    handles.push_back(*small.create_handle(objects.back()));
  }
  auto one_more = make();
  EXPECT_EQ(small.create_handle(one_more).error().code(), ENOSPC);
  EXPECT_EQ(one_more->references(), 1u);
  EXPECT_EQ(*small.create_handle(objects[3]), handles[3]) << "it has one already";
  EXPECT_TRUE(small.delete_handle(handles[5]));
  EXPECT_EQ(*small.create_handle(one_more), handles[5]);
}

TEST_F(Handles, ThatAnObjectRefusesAreNotMade) {
  auto object = make(buffer::refuses_to_open);
  EXPECT_EQ(file.create_handle(object).error().code(), EACCES);
  EXPECT_EQ(file.handle_count(), 0u);
  EXPECT_EQ(object->references(), 1u);
}

TEST_F(Handles, WithoutMemoryAreNotMade) {
  auto object = make();
  fence_fail_allocation(0);
  EXPECT_EQ(file.create_handle(object).error().code(), ENOMEM);
  fence_fail_allocation(-1);
  EXPECT_EQ(object->references(), 1u);
  EXPECT_TRUE(file.create_handle(object));
}

TEST_F(Handles, GoWithTheirFile) {
  {
    fence::drm_file closed;
    ASSERT_TRUE(closed.create_handle(make()));
    ASSERT_TRUE(closed.create_handle(make()));
    EXPECT_EQ(device.object_count(), 2u);
  }
  EXPECT_EQ(device.object_count(), 0u);
}

TEST_F(Handles, ServeManyThreads) {
  auto common = make();
  std::atomic<uint32_t> handle{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        uint32_t mine = *file.create_handle(common);
        uint32_t expected = 0;
        if (!handle.compare_exchange_strong(expected, mine)) {
          EXPECT_EQ(expected, mine) << "two handles of one object";
        }
        auto own = make();
        uint32_t of_own = *file.create_handle(own);
        EXPECT_EQ(*file.lookup<buffer>(of_own), own);
        EXPECT_TRUE(file.delete_handle(of_own));
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(file.handle_count(), 1u);
}

} // namespace
