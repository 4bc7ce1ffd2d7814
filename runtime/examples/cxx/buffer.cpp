#include "buffer.h"

namespace gpu {

buffer *buffer::create(std::size_t Bytes) {
  map_for_device(Bytes);
  return new buffer(Bytes);
}

buffer::~buffer() { unmap_from_device(Bytes); }

} // namespace gpu
