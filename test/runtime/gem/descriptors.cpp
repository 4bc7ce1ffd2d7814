// Objects as file descriptors.
#include "buffers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace {

class Descriptors : public testing::Test {
protected:
  fence::gem_device device{"test"};
};

TEST_F(Descriptors, LeadBackToTheVeryObject) {
  auto object = (*buffer::create(device, 4096, 1)).share();
  auto fd = fence::prime::export_object(object);
  ASSERT_TRUE(fd);
  EXPECT_EQ(object->references(), 2u);
  EXPECT_EQ(*fence::prime::import_object<buffer>(device, *fd), object);
  fence::drm_file one, two;
  uint32_t handle = *one.create_handle(object);
  EXPECT_EQ(*one.create_handle(*fence::prime::import_object<buffer>(device, *fd)), handle);
  EXPECT_TRUE(two.create_handle(*fence::prime::import_object<buffer>(device, *fd)));
  int copy = dup(*fd);
  EXPECT_EQ(*fence::prime::import_object<buffer>(device, copy), object) << "a duplicate is the same object";
  EXPECT_TRUE(fence::prime::close(*fd));
  EXPECT_EQ(fence::prime::import_object<buffer>(device, copy).error().code(), EBADF);
  EXPECT_EQ(fence::prime::close(copy).error().code(), EBADF);
  ::close(copy);
}

TEST_F(Descriptors, KeepTheObject) {
  int fd = *fence::prime::export_object((*buffer::create(device, 4096, 1)).share());
  EXPECT_EQ(device.object_count(), 1u);
  EXPECT_TRUE(fence::prime::close(fd));
  EXPECT_EQ(device.object_count(), 0u);
}

TEST_F(Descriptors, OfOthersAreRefused) {
  fence::gem_device other("other");
  int fd = *fence::prime::export_object((*buffer::create(device, 4096, 1)).share());
  EXPECT_EQ(fence::prime::import_object<buffer>(other, fd).error().code(), EXDEV);
  EXPECT_EQ(fence::prime::import_object<other_buffer>(device, fd).error().code(), EINVAL);
  EXPECT_EQ(fence::prime::import_object<buffer>(device, STDIN_FILENO).error().code(), EBADF);
  EXPECT_EQ(fence::prime::import_object<buffer>(device, -1).error().code(), EBADF);
  EXPECT_TRUE(fence::prime::close(fd));
}

TEST_F(Descriptors, WithoutMemoryAreNotMade) {
  auto object = (*buffer::create(device, 4096, 1)).share();
  fence_fail_allocation(0);
  EXPECT_EQ(fence::prime::export_object(object).error().code(), ENOMEM);
  fence_fail_allocation(-1);
  EXPECT_EQ(object->references(), 1u);
}

} // namespace
