// A device imports as a type that says how.
// EXPECT: import_as
#include "buffers.hpp"

class imports : public fence::gem_object<imports> {
public:
  using driver = test_driver;
  explicit imports(fence::gem_passkey key) noexcept : gem_object(key) {}
#ifndef WRONG
  static fence::result<fence::unique_object_ref<imports>> import(fence::gem_device &device,
                                                                 ::dma_buf_attachment &from) noexcept {
    return create(device, from.dmabuf->size);
  }
#endif
};

void use(fence::gem_device &device, fence::aref<fence::dma_device> bus) { device.import_as<imports>(std::move(bus)); }
