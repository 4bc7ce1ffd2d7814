//===- fence/dma_device.hpp - a device that memory can be mapped for --------------------------------------------------===//
#ifndef FENCE_DMA_DEVICE_HPP
#define FENCE_DMA_DEVICE_HPP

#include <cstddef>
#include <fence/aref.hpp>
#include <fence/dma-mapping.h>
#include <fence/result.hpp>
#include <new>
#include <span>

namespace fence {

enum class dma_direction {
  bidirectional = DMA_BIDIRECTIONAL,
  to_device = DMA_TO_DEVICE,
  from_device = DMA_FROM_DEVICE,
};

/// What a dma_device is made of; 0 is the default of fence/dma-mapping.h.
struct dma_limits {
  dma_addr_t first_address = 0;
  dma_addr_t address_count = 0; ///< bytes of address space
  unsigned max_segment = 0;     ///< bytes
};

/// A device with its software IOMMU, counted: mappings keep it. Thread-safe.
class dma_device {
public:
  /// `name` outlives it. Error: ENOMEM.
  /// Context: may sleep (allocates).
  FENCE_ALLOCATES static result<aref<dma_device>> make(const char *name, dma_limits limits = {}) noexcept {
    void *memory = fence_alloc(sizeof(dma_device), FENCE_GFP_KERNEL);
    if (!memory)
      return error(ENOMEM);
    return aref<dma_device>(::new (memory) dma_device(name, limits), adopt);
  }
  dma_device(const dma_device &) = delete;

  FENCE_NONBLOCKING void get() noexcept { __atomic_fetch_add(&references_, 1, __ATOMIC_RELAXED); }
  /// The last one frees the device; a mapping that is left is reported.
  /// Context: any but a fence callback.
  void put() noexcept {
    if (__atomic_fetch_sub(&references_, 1, __ATOMIC_ACQ_REL) == 1) {
      this->~dma_device();
      fence_free(this);
    }
  }

  /// As the device does: error EFAULT where nothing is mapped, EACCES against the mapping's direction.
  /// Context: any.
  FENCE_NONBLOCKING result<void> read(dma_addr_t address, std::span<std::byte> to) noexcept {
    return result<void>::from_c(fence_device_read(&device_, address, to.data(), to.size()));
  }
  FENCE_NONBLOCKING result<void> write(dma_addr_t address, std::span<const std::byte> from) noexcept {
    return result<void>::from_c(fence_device_write(&device_, address, from.data(), from.size()));
  }

  unsigned max_segment() const noexcept { return device_.max_segment; }
  unsigned mapping_count() const noexcept { return device_.mapping_count; }
  unsigned fault_count() const noexcept { return device_.fault_count; }
  fence_device *c() noexcept { return &device_; }

private:
  dma_device(const char *name, dma_limits limits) noexcept {
    device_.name = name;
    device_.first_address = limits.first_address;
    device_.address_count = limits.address_count;
    device_.max_segment = limits.max_segment;
    fence_device_init(&device_);
  }
  ~dma_device() { fence_device_fini(&device_); }

  fence_device device_;
  unsigned references_ = 1;
};

} // namespace fence
#endif
