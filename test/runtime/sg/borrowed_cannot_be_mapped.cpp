// Who borrows a table cannot change whether it is mapped.
// EXPECT: constraints not satisfied|no matching function
#include "pages.hpp"

auto map(fence::sg_table<fence::borrowed_sgt, fence::unmapped> borrowed, fence::sg_table<fence::owned_sgt<test_pages>, fence::unmapped> own,
         fence::aref<fence::dma_device> device) {
#ifdef WRONG
  (void)own;
  return std::move(borrowed).map(std::move(device), fence::dma_direction::to_device);
#else
  (void)borrowed;
  return std::move(own).map(std::move(device), fence::dma_direction::to_device);
#endif
}
