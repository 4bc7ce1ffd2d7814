//===- fence/gem_access.hpp - the content of a buffer, for as long as it is needed -----------------------------------------------===//
//
// What a buffer offers (gem_ops.hpp) is asked for here, and given back with the object that came of it:
//
//     auto pinned = fence::gem_pin::make(bo);                       the content stays where it is
//     auto seen = fence::gem_vmap::make(bo);                        seen->bytes() is the content
//     auto file = fence::gem_mapping::make(device, client, offset, size, PROT_READ);
//
// Each holds a reference of the object. They move and are not copied.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_GEM_ACCESS_HPP
#define FENCE_GEM_ACCESS_HPP

#include <fence/drm_file.hpp>
#include <span>

namespace fence {

/// Context of all of it: may sleep; not holding the object's reservation.
class [[nodiscard]] gem_pin {
public:
  /// Error: what T::pin() returns.
  FENCE_MAY_SLEEP static result<gem_pin> make(aref<const gem_object_base> object) noexcept {
    if (int failed = drm_gem_pin(object->raw()))
      return error(failed);
    return gem_pin(std::move(object));
  }
  gem_pin(gem_pin &&) noexcept = default;
  gem_pin &operator=(gem_pin &&) = delete;
  FENCE_MAY_SLEEP ~gem_pin() {
    if (object_)
      drm_gem_unpin(object_->raw());
  }

private:
  explicit gem_pin(aref<const gem_object_base> object) noexcept : object_(std::move(object)) {}
  aref<const gem_object_base> object_;
};

class [[nodiscard]] gem_vmap {
public:
  /// Errors: EOPNOTSUPP if it has no vmap(), or what that returns.
  FENCE_MAY_SLEEP static result<gem_vmap> make(aref<const gem_object_base> object) noexcept {
    void *address;
    if (int failed = drm_gem_vmap(object->raw(), &address))
      return error(failed);
    return gem_vmap(std::move(object), address);
  }
  gem_vmap(gem_vmap &&) noexcept = default;
  gem_vmap &operator=(gem_vmap &&) = delete;
  FENCE_MAY_SLEEP ~gem_vmap() {
    if (object_)
      drm_gem_vunmap(object_->raw());
  }
  std::span<std::byte> bytes() const noexcept { return {static_cast<std::byte *>(address_), object_->size()}; }

private:
  gem_vmap(aref<const gem_object_base> object, void *address) noexcept
      : object_(std::move(object)), address_(address) {}
  aref<const gem_object_base> object_;
  void *address_;
};

/// As mmap() of the device file.
class [[nodiscard]] gem_mapping {
public:
  /// Errors: as drm_gem_mmap().
  FENCE_MAY_SLEEP static result<gem_mapping> make(gem_device &device, drm_file &file, uint64_t offset, size_t size,
                                                  int prot) noexcept {
    ::drm_gem_mapping c;
    if (int failed = drm_gem_mmap(device.raw(), file.raw(), offset, size, prot, &c))
      return error(failed);
    return gem_mapping(c);
  }
  gem_mapping(gem_mapping &&other) noexcept : c_(std::exchange(other.c_, {})) {}
  gem_mapping &operator=(gem_mapping &&) = delete;
  FENCE_MAY_SLEEP ~gem_mapping() {
    if (c_.obj)
      drm_gem_munmap(&c_);
  }
  std::span<std::byte> bytes() const noexcept { return {static_cast<std::byte *>(c_.address), c_.size}; }

private:
  explicit gem_mapping(const ::drm_gem_mapping &c) noexcept : c_(c) {}
  ::drm_gem_mapping c_;
};

} // namespace fence
#endif
