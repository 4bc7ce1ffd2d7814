// What a buffer offers of its content: the first who asks and the last who gives up reach the driver, and what it does not offer is refused.
#include "paged.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace {

class Content : public testing::Test {
protected:
  Content() : object((*paged::create(device, 2 * FENCE_PAGE_SIZE)).share()), driver(const_cast<paged &>(*object)) {}
  fence::gem_device device{"test"};
  fence::object_ref<paged> object;
  paged &driver; ///< as the driver itself has it
};

TEST_F(Content, IsPinnedOnceForAll) {
  {
    auto first = fence::gem_pin::make(object);
    auto second = fence::gem_pin::make(object);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(driver.pins, 1);
    EXPECT_EQ(driver.locked, 1) << "under its reservation";
    EXPECT_EQ(object->references(), 3u);
    auto moved = *std::move(first);
    EXPECT_EQ(driver.unpins, 0);
  }
  EXPECT_EQ(driver.unpins, 1);
  EXPECT_EQ(object->references(), 1u);
}

TEST_F(Content, ThatIsRefusedLeavesNothing) {
  driver.refuses = EBUSY;
  EXPECT_EQ(fence::gem_pin::make(object).error().code(), EBUSY);
  EXPECT_EQ(fence::gem_vmap::make(object).error().code(), EBUSY);
  EXPECT_EQ(driver.unpins + driver.vunmaps, 0);
  EXPECT_EQ(object->references(), 1u);
  driver.refuses = 0;
  EXPECT_TRUE(fence::gem_pin::make(object));
  EXPECT_TRUE(fence::gem_vmap::make(object));
  EXPECT_EQ(driver.pins, 2) << "the refused one and the good one";
  EXPECT_EQ(driver.vmaps, 2);
}

TEST_F(Content, IsSeenAtOneAddress) {
  auto first = fence::gem_vmap::make(object);
  ASSERT_TRUE(first);
  first->bytes()[5] = std::byte{42};
  {
    auto second = fence::gem_vmap::make(object);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->bytes().data(), first->bytes().data());
    EXPECT_EQ(second->bytes().size(), 2u * FENCE_PAGE_SIZE);
    EXPECT_EQ(second->bytes()[5], std::byte{42});
  }
  EXPECT_EQ(driver.vmaps, 1);
  EXPECT_EQ(driver.locked, 1);
  EXPECT_EQ(driver.vunmaps, 0);
  {
    auto ends = *std::move(first);
  }
  EXPECT_EQ(driver.vunmaps, 1);
}

TEST_F(Content, IsGivenUpByTheLastOfManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        auto pin = fence::gem_pin::make(object);
        auto map = fence::gem_vmap::make(object);
        EXPECT_TRUE(pin && map);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_GE(driver.pins, 1);
  EXPECT_EQ(driver.pins, driver.unpins);
  EXPECT_EQ(driver.vmaps, driver.vunmaps);
}

TEST_F(Content, ThatTheDriverDoesNotOfferIsRefused) {
  auto plain = (*other_buffer::create(device, FENCE_PAGE_SIZE)).share();
  EXPECT_EQ(fence::gem_vmap::make(plain).error().code(), EOPNOTSUPP);
  EXPECT_TRUE(fence::gem_pin::make(plain)) << "it never moves";
  fence::drm_file file;
  ASSERT_TRUE(file.create_handle(plain));
  EXPECT_EQ(
      fence::gem_mapping::make(device, file, *plain->create_mmap_offset(), FENCE_PAGE_SIZE, PROT_READ).error().code(),
      ENODEV);
  EXPECT_EQ(plain->references(), 2u);
}

TEST_F(Content, GivenUpTooOftenIsSaid) {
  testing::internal::CaptureStderr();
  drm_gem_unpin(object->raw());
  drm_gem_vunmap(object->raw());
  std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("unpinned that is not pinned"), std::string::npos) << said;
  EXPECT_NE(said.find("unmapped from the program that is not mapped"), std::string::npos) << said;
  EXPECT_EQ(driver.unpins + driver.vunmaps, 0);
  EXPECT_TRUE(fence::gem_pin::make(object));
  EXPECT_EQ(driver.unpins, 1);
}

TEST_F(Content, IsMappedAsAFile) {
  fence::drm_file file;
  ASSERT_TRUE(file.create_handle(object));
  uint64_t offset = *object->create_mmap_offset();
  driver.memory()[7] = 'x';
  {
    auto mapped = fence::gem_mapping::make(device, file, offset, FENCE_PAGE_SIZE, PROT_READ | PROT_WRITE);
    ASSERT_TRUE(mapped);
    EXPECT_NE(static_cast<void *>(mapped->bytes().data()), driver.memory()) << "another view";
    EXPECT_EQ(mapped->bytes()[7], std::byte{'x'}) << "of the same bytes";
    mapped->bytes()[8] = std::byte{'y'};
    EXPECT_EQ(object->references(), 3u);
    auto moved = *std::move(mapped);
  }
  EXPECT_EQ(driver.memory()[8], 'y');
  EXPECT_EQ(driver.munmaps, 1);
  EXPECT_EQ(object->references(), 2u);
}

TEST_F(Content, MappingsAreOnlyForThoseWithAHandleAndWhatIsThere) {
  fence::drm_file mine, other;
  ASSERT_TRUE(mine.create_handle(object));
  uint64_t offset = *object->create_mmap_offset();
  auto map = [&](fence::drm_file &file, uint64_t at, size_t size) {
    return fence::gem_mapping::make(device, file, at, size, PROT_READ).error().code();
  };
  EXPECT_EQ(map(other, offset, FENCE_PAGE_SIZE), EACCES);
  EXPECT_EQ(map(mine, offset + FENCE_PAGE_SIZE, FENCE_PAGE_SIZE), EINVAL) << "no object begins there";
  EXPECT_EQ(map(mine, 0, FENCE_PAGE_SIZE), EINVAL);
  EXPECT_EQ(map(mine, offset, 0), EINVAL);
  EXPECT_EQ(map(mine, offset, 2 * FENCE_PAGE_SIZE + 1), EINVAL) << "more than it has";
  EXPECT_EQ(map(mine, offset, 2 * FENCE_PAGE_SIZE), 0);
  driver.refuses = EAGAIN;
  EXPECT_EQ(map(mine, offset, FENCE_PAGE_SIZE), EAGAIN);
  EXPECT_EQ(driver.munmaps, 1);
  object->free_mmap_offset();
  EXPECT_EQ(map(mine, offset, FENCE_PAGE_SIZE), EINVAL);
  EXPECT_EQ(object->references(), 2u);
}

TEST_F(Content, OutlivesItsHandleWhileItIsMapped) {
  fence::drm_file file;
  uint32_t handle = *file.create_handle(object);
  auto mapped =
      fence::gem_mapping::make(device, file, *object->create_mmap_offset(), FENCE_PAGE_SIZE, PROT_READ | PROT_WRITE);
  ASSERT_TRUE(mapped);
  object.reset();
  EXPECT_TRUE(file.delete_handle(handle));
  EXPECT_EQ(device.object_count(), 1u);
  mapped->bytes()[0] = std::byte{1};
  {
    auto ends = *std::move(mapped);
  }
  EXPECT_EQ(device.object_count(), 0u);
}

TEST_F(Content, IsDescribed) {
  fence::drm_file file;
  ASSERT_TRUE(file.create_handle(object));
  char text[128];
  int length = object->describe(text);
  EXPECT_STREQ(text, "test: 8192 bytes, 2 references, 1 handles, offset 0x0 0 pins");
  EXPECT_EQ(static_cast<size_t>(length), std::strlen(text));
  char some[6] = "?????";
  EXPECT_EQ(object->describe(some), length);
  EXPECT_STREQ(some, "test:") << "cut to fit";
  for (size_t room = 0; room < sizeof text; ++room) {
    std::memset(text, '?', sizeof text);
    EXPECT_EQ(object->describe(std::span(text, room)), length);
    EXPECT_EQ(text[room], '?') << "nothing beyond the room given";
    if (room) {
      EXPECT_EQ(std::strlen(text), std::min(room - 1, static_cast<size_t>(length)));
    }
  }
}

TEST_F(Content, MayBeDescribedAnywhere) {
  fence_preempt_disable();
  char text[128];
  EXPECT_GT(object->describe(text), 0);
  fence_preempt_enable();
}

} // namespace
