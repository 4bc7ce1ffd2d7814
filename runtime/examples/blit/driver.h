// A driver of the copy engine: buffers are GEM objects that are mapped for the device, a copy is a job with a fence, the interrupt signals, a work
// item gives back what jobs held, and a reset ends what hangs.
#ifndef EXAMPLE_BLIT_DRIVER_H
#define EXAMPLE_BLIT_DRIVER_H

#include "engine.h"

#include <fence/dma_fence.hpp>
#include <fence/gem_object.hpp>
#include <fence/sg_table.hpp>
#include <fence/signalling.hpp>
#include <fence/workqueue.h>

namespace blit {

/// Memory of a buffer, in whole pages, that stays where it is.
class pages {
public:
  static fence::result<pages> allocate(size_t bytes);
  pages(pages &&other) noexcept : memory_(std::exchange(other.memory_, nullptr)), count_(other.count_), list_(std::exchange(other.list_, nullptr)) {}
  ~pages();
  std::span<void *const> pages_() const noexcept;
  size_t size() const noexcept { return count_ * FENCE_PAGE_SIZE; }
  std::byte *memory() const noexcept { return memory_; }

private:
  pages(std::byte *memory, size_t count, void **list) : memory_(memory), count_(count), list_(list) {}
  std::byte *memory_;
  size_t count_;
  void **list_;
  friend class buffer;
};

} // namespace blit
#endif
