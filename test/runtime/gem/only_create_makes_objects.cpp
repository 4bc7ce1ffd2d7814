// An object on the stack would be freed twice.
// EXPECT: private
#include "buffers.hpp"

auto make(fence::gem_device &device) {
#ifdef WRONG
  return buffer(fence::gem_passkey(device, 4096), 1).size();
#else
  return buffer::create(device, 4096, 1);
#endif
}
