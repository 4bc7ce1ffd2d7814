// map() takes the table; who goes on with the old one has to say so.
// EXPECT: discards qualifiers|expects an rvalue|rvalue
#include "pages.hpp"

auto map(fence::sg_table<fence::owned_sgt<test_pages>, fence::unmapped> table, fence::aref<fence::dma_device> device) {
#ifdef WRONG
  return table.map(std::move(device), fence::dma_direction::to_device);
#else
  return std::move(table).map(std::move(device), fence::dma_direction::to_device);
#endif
}
