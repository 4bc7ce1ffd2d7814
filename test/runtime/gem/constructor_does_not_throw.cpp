// What can fail goes into init(), where it can be told.
// EXPECT: what can fail goes into init
#include "buffers.hpp"

class throwing : public fence::gem_object<throwing> {
public:
  using driver = test_driver;
#ifdef WRONG
  explicit throwing(fence::gem_passkey key) : gem_object(key) {}
#else
  explicit throwing(fence::gem_passkey key) noexcept : gem_object(key) {}
#endif
};

auto make(fence::gem_device &device) { return throwing::create(device, 4096); }
