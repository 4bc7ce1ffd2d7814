// Making, sharing and freeing objects.
#include "buffers.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace {

class Objects : public testing::Test {
protected:
  void SetUp() override { events().clear(); }
  fence::gem_device device{"test"};
};

TEST_F(Objects, AreMadeUniqueAndShared) {
  auto made = buffer::create(device, 1, 7);
  ASSERT_TRUE(made);
  EXPECT_EQ(device.object_count(), 1u);
  fence::unique_object_ref<buffer> own = *std::move(made);
  EXPECT_EQ(own->size(), 4096u) << "whole pages";
  EXPECT_EQ(&own->device(), &device);
  own->value = 8; // nobody else sees it yet
  fence::object_ref<buffer> shared = std::move(own).share();
  EXPECT_EQ(own.get(), nullptr);
  EXPECT_EQ(shared->value, 8);
  static_assert(std::is_const_v<std::remove_reference_t<decltype(*shared)>>);
  fence::object_ref<buffer> second = shared;
  EXPECT_EQ(shared->references(), 2u);
  shared.reset();
  EXPECT_TRUE(events().list().empty());
  second.reset();
  EXPECT_EQ(events().list(), std::vector<std::string>{"buffer freed"});
  EXPECT_EQ(device.object_count(), 0u);
}

TEST_F(Objects, WhatCannotBeMadeLeavesNothing) {
  EXPECT_EQ(buffer::create(device, 0, 1).error().code(), EINVAL);
  EXPECT_EQ(buffer::create(device, SIZE_MAX, 1).error().code(), EINVAL);
  EXPECT_TRUE(buffer::create(device, 8192, 1));
  EXPECT_EQ(buffer::create(device, 4096, -EIO).error().code(), EIO);
  fence_fail_allocation(0);
  EXPECT_EQ(buffer::create(device, 4096, 1).error().code(), ENOMEM);
  fence_fail_allocation(-1);
  EXPECT_EQ(device.object_count(), 0u);
  EXPECT_EQ(events().list(), (std::vector<std::string>{"buffer freed", "buffer freed"}))
      << "the good one and the one that init() refused";
}

TEST_F(Objects, MayBeGivenUpInAtomicContext) {
  auto object = (*buffer::create(device, 4096, 1)).share();
  const buffer *raw = object.release();
  fence_preempt_disable();
  raw->put_deferred();
  EXPECT_EQ(device.object_count(), 1u) << "not freed under the lock";
  fence_preempt_enable();
  fence_flush_workqueue(fence_system_workqueue());
  EXPECT_EQ(device.object_count(), 0u);
}

TEST_F(Objects, CarryAReservation) {
  auto object = *buffer::create(device, 4096, 1);
  ASSERT_TRUE(dma_resv_trylock(&object->resv()));
  dma_resv_unlock(&object->resv());
  EXPECT_TRUE(dma_resv_test_signaled(&object->resv(), DMA_RESV_USAGE_BOOKKEEP));
}

TEST_F(Objects, TheirReferencesAreCountedByManyThreads) {
  auto object = (*buffer::create(device, 4096, 1)).share();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([copy = object] {
      for (int i = 0; i < 1000; ++i)
        auto another = copy;
    });
  for (std::thread &thread : threads)
    thread.join();
  threads.clear();
  EXPECT_EQ(object->references(), 1u);
}

TEST(ObjectsDeath, ADeviceThatGoesFirstIsNoticed) {
  EXPECT_DEATH(
      {
        auto device = std::make_unique<fence::gem_device>("hasty");
        auto object = buffer::create(*device, 4096, 1);
        device.reset();
      },
      "device hasty goes before 1 of its GEM objects");
}

} // namespace
