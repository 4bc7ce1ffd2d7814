//===- fence/gem_device.hpp - what GEM objects belong to ---------------------------------------------------------------===//
#ifndef FENCE_GEM_DEVICE_HPP
#define FENCE_GEM_DEVICE_HPP

#include <cstdint>
#include <fence/dma_device.hpp>
#include <fence/drm-gem.h>

#pragma GCC visibility push(default)
namespace fence {

class gem_object_base;
namespace detail {
template <class T> struct gem_import;
}

/// A device's part of GEM: it gives out mmap offsets and counts its objects. It outlives them; a device that goes before one of its objects
/// is reported on standard error and ends the process, since the object would use freed memory next.
///
/// Offsets are bytes into the device file, in whole pages from `first_offset` up to `offset_end`.
class gem_device {
public:
  static constexpr uint64_t default_first_offset = uint64_t{1} << 32;

  /// `name` outlives it.
  explicit gem_device(const char *name, uint64_t first_offset = default_first_offset,
                      uint64_t offset_end = uint64_t{1} << 48) noexcept {
    c_.name = name;
    c_.first_offset = first_offset;
    c_.offset_end = offset_end;
    drm_dev_init(&c_);
  }
  ~gem_device() { drm_dev_fini(&c_); }
  gem_device(const gem_device &) = delete;
  static gem_device &from(::drm_device &c) noexcept { return reinterpret_cast<gem_device &>(c); }
  ::drm_device *raw() noexcept { return &c_; }

  const char *name() const noexcept { return c_.name; }
  /// Objects that have not been freed. Context: any.
  FENCE_NONBLOCKING unsigned object_count() const noexcept { return drm_dev_object_count(&c_); }
  /// The object with this offset, or null. As a driver's mmap() finds it.
  /// Context: may sleep.
  FENCE_MAY_SLEEP aref<gem_object_base> find_by_offset(uint64_t offset) noexcept;

  /// From now on buffers of other devices are imported as a T, mapped for `bus`, by
  ///     static fence::result<fence::unique_object_ref<T>> T::import(fence::gem_device &, ::dma_buf_attachment &) noexcept;
  /// which finds the device's addresses in attachment.sgt, mapped until the object goes. Before that, they are refused with EXDEV.
  /// Context: before others use the device.
  template <class T> void import_as(aref<dma_device> bus) noexcept {
    bus_ = std::move(bus);
    c_.dma = bus_->c();
    c_.driver = &detail::gem_import<T>::driver;
  }

private:
  ::drm_device c_ = {};
  aref<dma_device> bus_;
};

} // namespace fence
#pragma GCC visibility pop
#endif
