// The two dimensions as types: what each combination may do, in which order things end, and that a failure undoes what was done.
#include "pages.hpp"

#include <cerrno>
#include <gtest/gtest.h>

namespace {

using fence::borrowed_mapping;
using fence::borrowed_sgt;
using fence::dma_direction;
using fence::managed_mapping;
using fence::object_sgt;
using fence::owned_sgt;
using fence::unmapped;

constexpr unsigned page = FENCE_PAGE_SIZE;
using owned = owned_sgt<test_pages>;

template <class T> concept has_addresses = requires(const T &table) { table.dma_ranges(); };
template <class T> concept can_be_mapped = requires(T table, fence::aref<fence::dma_device> d) { std::move(table).map(d, dma_direction::to_device); };
template <class T> concept can_be_unmapped = requires(T table) { std::move(table).unmap(); };

/// An object that has a table, as a GEM object does.
struct object {
  ::sg_table table{};
  unsigned references = 1;
  void get() noexcept { ++references; }
  void put() noexcept { --references; }
  const ::sg_table &sgt() const noexcept { return table; }
};

static_assert(!has_addresses<fence::sg_table<owned, unmapped>> && has_addresses<fence::sg_table<owned, managed_mapping>>);
static_assert(!has_addresses<fence::sg_table<borrowed_sgt, unmapped>> && has_addresses<fence::sg_table<borrowed_sgt, borrowed_mapping>>);
static_assert(has_addresses<fence::sg_table<object_sgt<object>, borrowed_mapping>>);
static_assert(can_be_mapped<fence::sg_table<owned, unmapped>> && !can_be_mapped<fence::sg_table<owned, managed_mapping>>);
static_assert(!can_be_mapped<fence::sg_table<borrowed_sgt, unmapped>> && !can_be_unmapped<fence::sg_table<borrowed_sgt, borrowed_mapping>>);
static_assert(!can_be_unmapped<fence::sg_table<owned, unmapped>> && can_be_unmapped<fence::sg_table<owned, managed_mapping>>);
static_assert(!std::is_copy_constructible_v<fence::sg_table<owned, managed_mapping>>);
static_assert(sizeof(fence::sg_table<owned, unmapped>) == sizeof(owned), "being unmapped costs nothing");

class Typed : public testing::Test {
protected:
  void SetUp() override {
    events().clear();
    device = *fence::dma_device::make("typed", {0, 8 * page, 0});
  }
  fence::aref<fence::dma_device> device;
};

TEST_F(Typed, IsMadeMappedAndUnmapped) {
  {
    auto table = fence::make_mapped(test_pages(4, {0, 2, 3}), device, dma_direction::bidirectional);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->size(), 3 * page);
    EXPECT_EQ(std::ranges::distance(table->memory_ranges()), 2);
    EXPECT_EQ(std::ranges::distance(table->dma_ranges()), 1);
    EXPECT_EQ((*table->dma_ranges().begin()).length, 3 * page);
    std::byte sent[] = {std::byte{42}};
    EXPECT_TRUE(device->write((*table->dma_ranges().begin()).address + page, sent));
    EXPECT_EQ(table->table().pages().memory()[2 * page], 42);
    auto plain = (*std::move(table)).unmap();
    EXPECT_EQ(device->mapping_count(), 0u);
    EXPECT_EQ(plain.c()->nents, 0u);
    auto again = std::move(plain).map(device, dma_direction::to_device);
    ASSERT_TRUE(again);
    EXPECT_EQ(device->mapping_count(), 1u);
    EXPECT_EQ(&again->mapping().device(), device.get());
    EXPECT_EQ(again->mapping().direction(), dma_direction::to_device);
    EXPECT_TRUE(events().empty());
  }
  EXPECT_EQ(device->mapping_count(), 0u);
  EXPECT_EQ(events(), std::vector<std::string>{"pages freed"});
}

/// Pages that look, when they go, whether the device still sees them.
struct watchful_pages : test_pages {
  using test_pages::test_pages;
  watchful_pages(watchful_pages &&other) noexcept : test_pages(std::move(other)), device(other.device) {}
  ~watchful_pages() {
    if (memory())
      events().push_back(device->mapping_count() ? "still mapped" : "unmapped before");
  }
  fence::dma_device *device = nullptr;
};

TEST_F(Typed, TheMappingEndsBeforeTheMemory) {
  {
    watchful_pages pages(2);
    pages.device = device.get();
    auto table = fence::make_mapped(std::move(pages), device, dma_direction::to_device);
    ASSERT_TRUE(table);
    auto moved = *std::move(table); // and moving changes nothing of that
    EXPECT_EQ(device->mapping_count(), 1u);
  }
  EXPECT_EQ(events(), (std::vector<std::string>{"unmapped before", "pages freed"}));
}

TEST_F(Typed, AFailureAtEachStepUndoesTheStepsBefore) {
  fence_fail_allocation(-1);
  (void)fence::make_mapped(test_pages(3, {0, 2}), device, dma_direction::to_device);
  long allocations = fence_fail_allocation(-1);
  ASSERT_GE(allocations, 2);
  for (long succeed = 0; succeed < allocations; ++succeed) {
    events().clear();
    fence_fail_allocation(succeed);
    auto table = fence::make_mapped(test_pages(3, {0, 2}), device, dma_direction::to_device);
    fence_fail_allocation(-1);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code(), ENOMEM);
    EXPECT_EQ(events(), std::vector<std::string>{"pages freed"});
    EXPECT_EQ(device->mapping_count(), 0u);
  }
  auto too_large = fence::make_mapped(test_pages(9), device, dma_direction::to_device);
  EXPECT_EQ(too_large.error().code(), ENOSPC);
  EXPECT_EQ(device->mapping_count(), 0u);
}

TEST_F(Typed, ATableThatCannotBeMappedStaysAsItWas) {
  auto table = fence::make_unmapped(test_pages(9));
  ASSERT_TRUE(table);
  EXPECT_EQ(std::move(*table).map(device, dma_direction::to_device).error().code(), ENOSPC);
  EXPECT_EQ(table->size(), 9 * page);
  EXPECT_TRUE(events().empty());
}

TEST_F(Typed, IsMadeForTheDevicesLargestSegment) {
  auto small = *fence::dma_device::make("small segments", {0, 0, page});
  auto table = fence::make_mapped(test_pages(3), small, dma_direction::to_device);
  ASSERT_TRUE(table);
  EXPECT_EQ(std::ranges::distance(table->dma_ranges()), 3);
}

TEST_F(Typed, TheMappingKeepsItsDevice) {
  auto table = fence::make_mapped(test_pages(1), device, dma_direction::to_device);
  ASSERT_TRUE(table);
  device.reset();
  EXPECT_EQ(table->mapping().device().mapping_count(), 1u);
}

TEST_F(Typed, BorrowsTheTableOfSomebodyElse) {
  auto owner = fence::make_mapped(test_pages(2), device, dma_direction::to_device);
  ASSERT_TRUE(owner);
  auto borrowed = fence::borrow_mapped(fence::unsafe, *owner->c());
  EXPECT_EQ((*borrowed.dma_ranges().begin()).address, (*owner->dma_ranges().begin()).address);
  auto not_mapped = fence::borrow_unmapped(fence::unsafe, *owner->c());
  EXPECT_EQ(not_mapped.size(), 2 * page);
}

TEST_F(Typed, KeepsTheObjectWhoseTableItUses) {
  object thing;
  void *memory = test_pages(1).memory();
  ASSERT_EQ(sg_alloc_table(&thing.table, 1, FENCE_GFP_KERNEL), 0);
  thing.table.sgl[0] = {memory, page, page, 0x1000};
  thing.table.nents = 1;
  {
    auto table = fence::borrow_mapped(fence::unsafe, fence::aref(&thing, fence::share));
    EXPECT_EQ(thing.references, 2u);
    EXPECT_EQ((*table.dma_ranges().begin()).address, 0x1000u);
    auto moved = std::move(table);
    EXPECT_EQ(thing.references, 2u);
  }
  EXPECT_EQ(thing.references, 1u);
  sg_free_table(&thing.table);
}

#ifndef NDEBUG
TEST_F(Typed, AChangeBehindABorrowersBackIsNoticed) {
  ::sg_table table;
  ASSERT_EQ(sg_alloc_table(&table, 1, FENCE_GFP_KERNEL), 0);
  auto borrowed = fence::borrow_unmapped(fence::unsafe, table);
  sg_free_table(&table);
  EXPECT_DEATH((void)borrowed.size(), "changed by its owner");
}
#endif

} // namespace
