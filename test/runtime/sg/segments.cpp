// How pages become segments: neighbours join, up to the limit, and an offset shifts the first.
#include "pages.hpp"

#include <cerrno>
#include <gtest/gtest.h>

namespace {

constexpr unsigned page = FENCE_PAGE_SIZE;
constexpr unsigned no_limit = ~0u / page * page;

struct vector {
  const char *name;
  std::vector<size_t> pages; ///< which of 16 contiguous pages, in order
  unsigned offset;
  size_t size; ///< 0: all that the pages hold
  unsigned max_segment;
  std::vector<unsigned> lengths; ///< of the segments
};
const vector vectors[] = {
    {"OnePage", {0}, 0, 0, no_limit, {page}},
    {"OneByte", {0}, 0, 1, no_limit, {1}},
    {"LastByteOfAPage", {0}, page - 1, 1, no_limit, {1}},
    {"Neighbours", {0, 1, 2, 3}, 0, 0, no_limit, {4 * page}},
    {"NeighboursNotInOrder", {1, 0}, 0, 0, no_limit, {page, page}},
    {"Gap", {0, 1, 3, 4}, 0, 0, no_limit, {2 * page, 2 * page}},
    {"AllApart", {0, 2, 4, 6}, 0, 0, no_limit, {page, page, page, page}},
    {"GapAtTheFirst", {0, 2, 3}, 0, 0, no_limit, {page, 2 * page}},
    {"GapAtTheLast", {0, 1, 5}, 0, 0, no_limit, {2 * page, page}},
    {"TheSamePageTwice", {3, 3}, 0, 0, no_limit, {page, page}},
    {"OffsetInOnePage", {0}, 100, 0, no_limit, {page - 100}},
    {"OffsetInNeighbours", {0, 1}, 100, 0, no_limit, {2 * page - 100}},
    {"OffsetBeforeAGap", {0, 2}, page - 1, 0, no_limit, {1, page}},
    {"EndsInsideAPage", {0, 1}, 0, page + 5, no_limit, {page + 5}},
    {"EndsInsideAPageAfterAGap", {0, 2}, 0, page + 5, no_limit, {page, 5}},
    {"EndsBeforeItsPages", {0, 1, 2}, 0, page, no_limit, {page}},
    {"LimitOfOnePage", {0, 1, 2}, 0, 0, page, {page, page, page}},
    {"LimitOfTwo", {0, 1, 2, 3, 4}, 0, 0, 2 * page, {2 * page, 2 * page, page}},
    {"LimitAndGap", {0, 1, 2, 4}, 0, 0, 2 * page, {2 * page, page, page}},
    {"LimitAndOffset", {0, 1, 2}, 10, 0, 2 * page, {2 * page - 10, page}},
    {"LimitAsLargeAsAll", {0, 1, 2}, 0, 0, 3 * page, {3 * page}},
    {"OffsetAndShortSize", {0, 1, 2}, 10, 2 * page, no_limit, {2 * page}},
    {"SizeOfOneByteMore", {0, 1}, 0, page + 1, page, {page, 1}},
};

class Segments : public testing::TestWithParam<vector> {};
INSTANTIATE_TEST_SUITE_P(Of, Segments, testing::ValuesIn(vectors), [](const auto &info) { return std::string(info.param.name); });

TEST_P(Segments, AreAsLongAsNeighboursReach) {
  const vector &v = GetParam();
  test_pages memory(16);
  std::vector<void *> pages;
  for (size_t index : v.pages)
    pages.push_back(memory.memory() + index * page);
  size_t size = v.size ? v.size : pages.size() * page - v.offset;
  ::sg_table table;
  ASSERT_EQ(sg_alloc_table_from_pages_segment(&table, pages.data(), static_cast<unsigned>(pages.size()), v.offset, size, v.max_segment,
                                              FENCE_GFP_KERNEL),
            0);
  EXPECT_EQ(table.nents, 0u) << "not mapped";
  EXPECT_EQ(sg_table_size(&table), size);
  std::vector<unsigned> lengths;
  std::vector<char *> bytes; // every byte of the table, in order
  for (unsigned i = 0; i < table.orig_nents; ++i) {
    lengths.push_back(table.sgl[i].length);
    for (unsigned j = 0; j < table.sgl[i].length; ++j)
      bytes.push_back(static_cast<char *>(table.sgl[i].address) + j);
  }
  EXPECT_EQ(lengths, v.lengths);
  for (size_t i = 0; i < size; ++i)
    ASSERT_EQ(bytes[i], static_cast<char *>(pages[(i + v.offset) / page]) + (i + v.offset) % page) << i;
  sg_free_table(&table);
  EXPECT_EQ(table.sgl, nullptr);
}

TEST(SegmentErrors, AreSaid) {
  test_pages memory(2);
  void *pages[] = {memory.memory(), memory.memory() + page};
  ::sg_table table;
  auto make = [&](unsigned count, unsigned offset, size_t size, unsigned limit) {
    return sg_alloc_table_from_pages_segment(&table, pages, count, offset, size, limit, FENCE_GFP_KERNEL);
  };
  EXPECT_EQ(make(2, 0, 0, page), -EINVAL) << "nothing";
  EXPECT_EQ(make(0, 0, 1, page), -EINVAL) << "no pages";
  EXPECT_EQ(make(2, 0, 2 * page + 1, page), -EINVAL) << "more than the pages hold";
  EXPECT_EQ(make(1, 1, page, page), -EINVAL) << "more than is left after the offset";
  EXPECT_EQ(make(2, page, page, page), -EINVAL) << "the offset is not in the first page";
  EXPECT_EQ(make(2, 0, page, page + 1), -EINVAL) << "a limit that is no multiple of a page";
  EXPECT_EQ(make(2, 0, page, 0), -EINVAL);
  pages[1] = memory.memory() + 1;
  EXPECT_EQ(make(2, 0, page, page), -EINVAL) << "not aligned";
  EXPECT_EQ(sg_alloc_table(&table, 0, FENCE_GFP_KERNEL), -EINVAL);
  fence_fail_allocation(0);
  EXPECT_EQ(sg_alloc_table(&table, 3, FENCE_GFP_KERNEL), -ENOMEM);
  EXPECT_EQ(table.sgl, nullptr);
  fence_fail_allocation(-1);
}

} // namespace
