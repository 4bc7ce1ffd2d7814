// Device addresses of a table that no device sees.
// EXPECT: dma_ranges
#include "pages.hpp"

size_t count(const fence::sg_table<fence::owned_sgt<test_pages>, fence::unmapped> &table) {
#ifdef WRONG
  return static_cast<size_t>(std::ranges::distance(table.dma_ranges()));
#else
  return static_cast<size_t>(std::ranges::distance(table.memory_ranges()));
#endif
}
