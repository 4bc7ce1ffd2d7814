//===- fence/prime.hpp - GEM objects as file descriptors ---------------------------------------------------------------------===//
#ifndef FENCE_PRIME_HPP
#define FENCE_PRIME_HPP

#include <fence/drm_file.hpp>

namespace fence {

/// Objects as file descriptors, which other drivers can be given.
class prime {
public:
  /// A descriptor that holds a reference until it is given to close(); exporting again gives another descriptor of the same buffer.
  /// Errors: EMFILE, ENFILE, ENOMEM.
  /// Context: may sleep. Ownership: the caller closes it, with close().
  template <class T> FENCE_MAY_SLEEP static result<int> export_object(const object_ref<T> &object) noexcept {
    ::dma_buf *buffer;
    if (int failed = drm_gem_prime_export(object->raw(), &buffer))
      return error(failed);
    int fd = dma_buf_fd(buffer);
    if (fd < 0) {
      dma_buf_put(buffer);
      return error(fd);
    }
    return fd;
  }
  /// The object that was exported as `fd`: the very same for its own device, else what gem_device::import_as() makes of it. Errors: EBADF if no buffer was
  /// exported as this; EXDEV if it belongs to another device and this one does not import; EINVAL if it is of another type; as
  /// drm_gem_prime_import().
  /// Context: may sleep.
  template <class T> FENCE_MAY_SLEEP static result<object_ref<T>> import_object(gem_device &device, int fd) noexcept {
    ::dma_buf *buffer = dma_buf_get(fd);
    if (!buffer)
      return error(EBADF);
    ::drm_gem_object *found;
    int failed = drm_gem_prime_import(device.raw(), buffer, &found);
    dma_buf_put(buffer);
    if (failed)
      return error(failed);
    return detail::as_object<T>(found);
  }
  /// Closes an exported descriptor and gives up its reference. Error: EBADF. Duplicates of the last one name nothing from then on.
  /// Context: may sleep.
  FENCE_MAY_SLEEP static result<void> close(int fd) noexcept { return result<void>::from_c(dma_buf_close(fd)); }
};

} // namespace fence
#endif
