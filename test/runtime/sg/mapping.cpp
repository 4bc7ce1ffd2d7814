// The software IOMMU: what the device sees, what it may not touch, and what is said when somebody forgets.
#include "pages.hpp"

#include <cerrno>
#include <gtest/gtest.h>

namespace {

constexpr unsigned page = FENCE_PAGE_SIZE;

class Mapping : public testing::Test {
protected:
  void SetUp() override {
    device.name = "test device";
    device.address_count = 8 * page;
    fence_device_init(&device);
    memory = std::make_unique<test_pages>(6);
  }
  void TearDown() override {
    for (::sg_table *table : tables) {
      sg_free_table(table);
      delete table;
    }
    EXPECT_EQ(fence_device_fini(&device), 0u);
  }
  ::sg_table *table(std::vector<size_t> order, unsigned offset = 0, size_t size = 0) {
    std::vector<void *> pages;
    for (size_t index : order)
      pages.push_back(memory->memory() + index * page);
    auto *made = new ::sg_table;
    EXPECT_EQ(sg_alloc_table_from_pages(made, pages.data(), static_cast<unsigned>(pages.size()), offset,
                                        size ? size : pages.size() * page - offset, FENCE_GFP_KERNEL),
              0);
    tables.push_back(made);
    return made;
  }
  fence_device device{};
  std::unique_ptr<test_pages> memory;
  std::vector<::sg_table *> tables;
};

TEST_F(Mapping, PutsScatteredPagesIntoOneSegment) {
  ::sg_table *scattered = table({0, 2, 4});
  EXPECT_EQ(scattered->orig_nents, 3u);
  ASSERT_EQ(dma_map_sgtable(&device, scattered, DMA_BIDIRECTIONAL), 0);
  EXPECT_EQ(scattered->nents, 1u);
  EXPECT_EQ(scattered->orig_nents, 3u);
  EXPECT_EQ(sg_dma_len(scattered->sgl), 3 * page);
  memory->memory()[2 * page] = 'x';
  char seen = 0;
  EXPECT_EQ(fence_device_read(&device, sg_dma_address(scattered->sgl) + page, &seen, 1), 0);
  EXPECT_EQ(seen, 'x');
  const char text[] = "across pages";
  EXPECT_EQ(fence_device_write(&device, sg_dma_address(scattered->sgl) + page - 6, text, sizeof text), 0);
  EXPECT_EQ(std::string(memory->memory() + page - 6, 6), "across");
  EXPECT_STREQ(memory->memory() + 2 * page, " pages");
  dma_unmap_sgtable(&device, scattered, DMA_BIDIRECTIONAL);
  EXPECT_EQ(scattered->nents, 0u);
}

TEST_F(Mapping, ASegmentThatDoesNotFillItsPageEndsOneOfTheMapping) {
  ::sg_table *partly = table({0, 2}, 100, page + 50);
  ASSERT_EQ(dma_map_sgtable(&device, partly, DMA_TO_DEVICE), 0);
  EXPECT_EQ(partly->nents, 1u) << "it ends in the first page's end and the next begins there";
  EXPECT_EQ(sg_dma_address(partly->sgl) % page, 100u);
  dma_unmap_sgtable(&device, partly, DMA_TO_DEVICE);
  ::sg_table hand = {};
  ASSERT_EQ(sg_alloc_table(&hand, 2, FENCE_GFP_KERNEL), 0);
  hand.sgl[0] = {memory->memory(), 10, 0, 0};
  hand.sgl[1] = {memory->memory() + page, 10, 0, 0};
  ASSERT_EQ(dma_map_sgtable(&device, &hand, DMA_TO_DEVICE), 0);
  EXPECT_EQ(hand.nents, 2u);
  char byte;
  EXPECT_EQ(fence_device_read(&device, hand.sgl[0].dma_address + 10, &byte, 1), -EFAULT) << "in the page, not in the segment";
  dma_unmap_sgtable(&device, &hand, DMA_TO_DEVICE);
  sg_free_table(&hand);
}

TEST_F(Mapping, TheDeviceMayOnlyDoWhatItIsMappedFor) {
  ::sg_table *in = table({0}), *out = table({1});
  ASSERT_EQ(dma_map_sgtable(&device, in, DMA_TO_DEVICE), 0);
  ASSERT_EQ(dma_map_sgtable(&device, out, DMA_FROM_DEVICE), 0);
  char byte = 'b';
  EXPECT_EQ(fence_device_read(&device, sg_dma_address(in->sgl), &byte, 1), 0);
  EXPECT_EQ(fence_device_write(&device, sg_dma_address(in->sgl), &byte, 1), -EACCES);
  EXPECT_EQ(fence_device_write(&device, sg_dma_address(out->sgl), &byte, 1), 0);
  EXPECT_EQ(fence_device_read(&device, sg_dma_address(out->sgl), &byte, 1), -EACCES);
  EXPECT_EQ(fence_device_read(&device, 0, &byte, 1), -EFAULT);
  dma_addr_t gone = sg_dma_address(in->sgl);
  dma_unmap_sgtable(&device, in, DMA_TO_DEVICE);
  EXPECT_EQ(fence_device_read(&device, gone, &byte, 1), -EFAULT) << "after the unmap";
  EXPECT_EQ(device.fault_count, 4u);
  dma_unmap_sgtable(&device, out, DMA_FROM_DEVICE);
}

TEST_F(Mapping, AddressesAreUsedAgainAndRunOut) {
  ::sg_table *four = table({0, 1, 2, 3}), *other = table({4, 5}), *third = table({4, 5}), *late = table({0, 1, 2, 3});
  ASSERT_EQ(dma_map_sgtable(&device, four, DMA_TO_DEVICE), 0);
  ASSERT_EQ(dma_map_sgtable(&device, other, DMA_TO_DEVICE), 0);
  ASSERT_EQ(dma_map_sgtable(&device, third, DMA_TO_DEVICE), 0);
  EXPECT_EQ(dma_map_sgtable(&device, late, DMA_TO_DEVICE), -ENOSPC);
  EXPECT_EQ(late->nents, 0u);
  dma_addr_t at = sg_dma_address(four->sgl);
  dma_unmap_sgtable(&device, four, DMA_TO_DEVICE);
  ASSERT_EQ(dma_map_sgtable(&device, late, DMA_TO_DEVICE), 0);
  EXPECT_EQ(sg_dma_address(late->sgl), at);
  for (::sg_table *each : {other, third, late})
    dma_unmap_sgtable(&device, each, DMA_TO_DEVICE);
}

TEST_F(Mapping, MistakesAreRefused) {
  ::sg_table *once = table({0});
  ASSERT_EQ(dma_map_sgtable(&device, once, DMA_TO_DEVICE), 0);
  EXPECT_EQ(dma_map_sgtable(&device, once, DMA_TO_DEVICE), -EINVAL) << "mapped already";
  testing::internal::CaptureStderr();
  dma_unmap_sgtable(&device, once, DMA_FROM_DEVICE);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("not mapped there in this direction"), std::string::npos);
  EXPECT_EQ(once->nents, 1u);
  dma_unmap_sgtable(&device, once, DMA_TO_DEVICE);
  dma_unmap_sgtable(&device, once, DMA_TO_DEVICE); // nothing is mapped: nothing to do
  EXPECT_EQ(dma_map_sgtable(&device, once, DMA_NONE), -EINVAL);
  ::sg_table empty = {};
  EXPECT_EQ(dma_map_sgtable(&device, &empty, DMA_TO_DEVICE), -EINVAL);
  fence_fail_allocation(0);
  EXPECT_EQ(dma_map_sgtable(&device, once, DMA_TO_DEVICE), -ENOMEM);
  fence_fail_allocation(-1);
}

TEST_F(Mapping, WhatIsLeftMappedIsSaid) {
  ::sg_table *forgotten = table({0, 2});
  ASSERT_EQ(dma_map_sgtable(&device, forgotten, DMA_TO_DEVICE), 0);
  testing::internal::CaptureStderr();
  EXPECT_EQ(fence_device_fini(&device), 1u);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("test device goes with 8192 bytes still mapped"), std::string::npos);
}

TEST(MappingOfSmallSegments, ADeviceTakesSegmentsUpToItsLimit) {
  fence_device device{};
  device.max_segment = page;
  fence_device_init(&device);
  test_pages memory(3);
  ::sg_table table;
  ASSERT_EQ(sg_alloc_table_from_pages(&table, memory.pages().data(), 3, 0, 3 * page, FENCE_GFP_KERNEL), 0);
  EXPECT_EQ(dma_map_sgtable(&device, &table, DMA_TO_DEVICE), -EINVAL) << "one segment of three pages";
  sg_free_table(&table);
  ASSERT_EQ(sg_alloc_table_from_pages_segment(&table, memory.pages().data(), 3, 0, 3 * page, page, FENCE_GFP_KERNEL), 0);
  ASSERT_EQ(dma_map_sgtable(&device, &table, DMA_TO_DEVICE), 0);
  EXPECT_EQ(table.nents, 3u) << "not put together beyond the limit";
  dma_unmap_sgtable(&device, &table, DMA_TO_DEVICE);
  sg_free_table(&table);
  EXPECT_EQ(fence_device_fini(&device), 0u);
}

} // namespace
