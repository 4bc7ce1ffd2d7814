// A hook with another signature is not taken for absent.
// EXPECT: vmap must be public
#include "buffers.hpp"

class mapped : public fence::gem_object<mapped> {
public:
  using driver = test_driver;
  explicit mapped(fence::gem_passkey key) noexcept : gem_object(key) {}
#ifdef WRONG
  void *vmap() noexcept { return nullptr; }
#else
  fence::result<void *> vmap() noexcept { return nullptr; }
#endif
};

auto make(fence::gem_device &device) { return mapped::create(device, 4096); }
