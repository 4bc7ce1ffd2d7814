//===- fence/drm_file.hpp - a file's handles of GEM objects --------------------------------------------------------------===//
#ifndef FENCE_DRM_FILE_HPP
#define FENCE_DRM_FILE_HPP

#include <fence/gem_object.hpp>

#pragma GCC visibility push(default)
namespace fence {

namespace detail {
/// A reference that the caller has, as one of a T; given up with EINVAL if it is none.
template <class T> FENCE_MAY_SLEEP result<object_ref<T>> as_object(::drm_gem_object *found) noexcept {
  if (!is_gem<T>(*found)) {
    drm_gem_object_put(found);
    return error(EINVAL);
  }
  return object_ref<T>(&gem_cast<T>(*found), adopt);
}
} // namespace detail

/// An open device file: numbers from 1 on, each of which is a handle of an object and holds a reference. Two handles of a file never name the same
/// object. Thread-safe. Closing it closes all handles.
class drm_file {
public:
  /// More than `max_handles` at a time are refused.
  explicit drm_file(uint32_t max_handles = UINT32_MAX) noexcept { drm_file_init(&c_, max_handles); }
  FENCE_MAY_SLEEP ~drm_file() noexcept { drm_file_fini(&c_); }
  drm_file(const drm_file &) = delete;
  /// For functions of C.
  ::drm_file *raw() noexcept { return &c_; }

  /// The handle of the object; a new one, after which the object's open() has run, or the one that the file has already. Errors: ENOSPC, ENOMEM, or what
  /// open() returns, which then leaves no handle.
  /// Context: may sleep.
  template <class T> FENCE_MAY_SLEEP result<uint32_t> create_handle(const object_ref<T> &object) noexcept {
    uint32_t handle;
    if (int failed = drm_gem_handle_create(&c_, object->raw(), &handle))
      return error(failed);
    return handle;
  }
  /// A reference of the object behind a handle. Errors: ENOENT; EINVAL if it is another driver's type.
  /// Context: may sleep.
  template <class T> FENCE_MAY_SLEEP result<object_ref<T>> lookup(uint32_t handle) noexcept {
    ::drm_gem_object *found = drm_gem_object_lookup(&c_, handle);
    if (!found)
      return error(ENOENT);
    return detail::as_object<T>(found);
  }
  /// The handle is free again and its reference given up; the object's close() has run. Error: ENOENT.
  /// Context: may sleep.
  FENCE_MAY_SLEEP result<void> delete_handle(uint32_t handle) noexcept {
    return result<void>::from_c(drm_gem_handle_delete(&c_, handle));
  }

  FENCE_MAY_SLEEP uint32_t handle_count() noexcept { return drm_gem_handle_count(&c_); }

private:
  ::drm_file c_;
};

} // namespace fence
#pragma GCC visibility pop
#endif
