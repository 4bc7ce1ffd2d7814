//===- fence/drm_file.hpp - a file's handles of GEM objects --------------------------------------------------------------===//
#ifndef FENCE_DRM_FILE_HPP
#define FENCE_DRM_FILE_HPP

#include <fence/gem_object.hpp>

#pragma GCC visibility push(default)
namespace fence {

/// An open device file: numbers from 1 on, each of which is a handle of an object and holds a reference. Two handles of a file never name the same
/// object. Thread-safe. Closing it closes all handles.
class drm_file {
public:
  /// More than `max_handles` at a time are refused.
  explicit drm_file(uint32_t max_handles = UINT32_MAX) noexcept;
  FENCE_MAY_SLEEP ~drm_file() noexcept;
  drm_file(const drm_file &) = delete;

  /// The handle of the object; a new one, after which the object's open() has run, or the one that the file has already. Errors: ENOSPC, ENOMEM, or what
  /// open() returns, which then leaves no handle.
  /// Context: may sleep.
  template <class T> FENCE_MAY_SLEEP result<uint32_t> create_handle(const object_ref<T> &object) noexcept {
    return create(const_cast<T *>(object.get()));
  }
  /// A reference of the object behind a handle. Errors: ENOENT; EINVAL if it is another driver's type.
  /// Context: may sleep.
  template <class T> FENCE_MAY_SLEEP result<object_ref<T>> lookup(uint32_t handle) noexcept {
    result<gem_object_base *> found = find(handle, T::type_kind());
    if (!found)
      return found.error();
    return object_ref<T>(static_cast<const T *>(*found), adopt);
  }
  /// The handle is free again and its reference given up; the object's close() has run. Error: ENOENT.
  /// Context: may sleep.
  FENCE_MAY_SLEEP result<void> delete_handle(uint32_t handle) noexcept;

  FENCE_MAY_SLEEP uint32_t handle_count() noexcept;

private:
  result<uint32_t> create(gem_object_base *object) noexcept;
  result<gem_object_base *> find(uint32_t handle, uint64_t kind) noexcept;
  bool grow() noexcept;

  fence_mutex lock_;
  gem_object_base **objects_ = nullptr; ///< handle h is entry h - 1; null is free
  uint32_t room_ = 0, count_ = 0, max_handles_;
};

/// Objects as file descriptors, which other processes' files and other drivers can be given.
class prime {
public:
  /// A descriptor that holds a reference until it is given to close(); exporting again gives another descriptor of the same object.
  /// Errors: EMFILE, ENFILE, ENOMEM.
  /// Context: may sleep. Ownership: the caller closes it, with close().
  template <class T> FENCE_MAY_SLEEP static result<int> export_object(const object_ref<T> &object) noexcept {
    return export_base(const_cast<T *>(object.get()));
  }
  /// The object that was exported as `fd`: the very same, for a file of its own device. Errors: EBADF if no object was exported as this;
  /// EXDEV if it belongs to another device; EINVAL if it is of another type.
  /// Context: may sleep.
  template <class T> FENCE_MAY_SLEEP static result<object_ref<T>> import_object(gem_device &device, int fd) noexcept {
    result<gem_object_base *> found = import_base(device, fd, T::type_kind());
    if (!found)
      return found.error();
    return object_ref<T>(static_cast<const T *>(*found), adopt);
  }
  /// Closes an exported descriptor and gives up its reference. Error: EBADF. Duplicates of it name nothing from then on.
  /// Context: may sleep.
  FENCE_MAY_SLEEP static result<void> close(int fd) noexcept;

private:
  static result<int> export_base(gem_object_base *object) noexcept;
  static result<gem_object_base *> import_base(gem_device &device, int fd, uint64_t kind) noexcept;
};

} // namespace fence
#pragma GCC visibility pop
#endif
