//===- fence/gem_device.hpp - what GEM objects belong to ---------------------------------------------------------------===//
#ifndef FENCE_GEM_DEVICE_HPP
#define FENCE_GEM_DEVICE_HPP

#include <cstdint>
#include <fence/mutex.h>
#include <fence/result.hpp>

#pragma GCC visibility push(default)
namespace fence {

class gem_object_base;

/// A device's part of GEM: it gives out mmap offsets and counts its objects. It outlives them; a device that goes before one of its objects
/// is reported on standard error and ends the process, since the object would use freed memory next.
///
/// Offsets are bytes into the device file, in whole pages from `first_offset` up to `offset_end`.
class gem_device {
public:
  static constexpr uint64_t default_first_offset = uint64_t{1} << 32;

  explicit gem_device(const char *name, uint64_t first_offset = default_first_offset,
                      uint64_t offset_end = uint64_t{1} << 48) noexcept;
  ~gem_device();
  gem_device(const gem_device &) = delete;

  const char *name() const noexcept { return name_; }
  /// Objects that have not been freed. Context: any.
  FENCE_NONBLOCKING unsigned object_count() const noexcept { return __atomic_load_n(&objects_, __ATOMIC_ACQUIRE); }
  /// The object with this offset, with a reference for the caller, or null. As a driver's mmap() finds it.
  /// Context: may sleep.
  FENCE_MAY_SLEEP gem_object_base *find_by_offset(uint64_t offset) noexcept;

private:
  friend class gem_object_base;
  /// An offset for the object, the same one again if it has one. ENOSPC.
  FENCE_MAY_SLEEP result<uint64_t> offset_for(gem_object_base &object) noexcept;
  FENCE_MAY_SLEEP void forget_offset(gem_object_base &object) noexcept;
  void object_made() noexcept { __atomic_fetch_add(&objects_, 1, __ATOMIC_RELAXED); }
  void object_freed() noexcept { __atomic_fetch_sub(&objects_, 1, __ATOMIC_RELEASE); }

  const char *name_;
  uint64_t first_offset_, offset_end_;
  fence_mutex lock_;
  gem_object_base *first_with_offset_ = nullptr; ///< a list in the order of offsets
  unsigned objects_ = 0;
};

} // namespace fence
#pragma GCC visibility pop
#endif
