/*===- fence/drm-prime.h - GEM objects as file descriptors --------------------------------------------------------------===
 *
 * A handle is a file's own number; a descriptor can be given to anybody. Exporting makes a dma_buf of the object, importing an object of a
 * dma_buf: the very same object where it belongs to the importing device, else one that the driver makes over the exporter's memory, mapped for
 * the device (drm_driver.gem_prime_import_sg_table).
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DRM_PRIME_H
#define FENCE_DRM_PRIME_H

#include <fence/dma-buf.h>
#include <fence/drm-gem.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/** Stores the object's dma_buf, one for all exports of it at a time, with a reference for the caller; of an imported object that which it was imported from.
 *  0; as dma_buf_export().
 *  Context: may sleep. Ownership: the buffer holds a reference of the object. */
FENCE_MAY_SLEEP int drm_gem_prime_export(struct drm_gem_object *obj, struct dma_buf **buf) FENCE_DETAIL_NOEXCEPT;
/** Stores the device's object for the buffer, with a reference for the caller. An object of this device comes back as itself; another buffer is imported
 *  once, and found again while its object lives. 0; -EXDEV if it is another's and this device has no dma or its driver does not import;
 *  -ENOMEM; what attaching, mapping and the driver's function return, and then nothing is left.
 *  Context: may sleep. O(objects that the device has imported). */
FENCE_MAY_SLEEP int drm_gem_prime_import(struct drm_device *dev, struct dma_buf *buf,
                                         struct drm_gem_object **obj) FENCE_DETAIL_NOEXCEPT;

/** Stores a new descriptor of the object behind the handle. 0; -ENOENT; as drm_gem_prime_export() and dma_buf_fd().
 *  Context: may sleep. Ownership: the caller closes it with dma_buf_close(). */
FENCE_MAY_SLEEP int drm_gem_prime_handle_to_fd(struct drm_file *file, uint32_t handle, int *fd) FENCE_DETAIL_NOEXCEPT;
/** Stores the file's handle of what the descriptor names, an existing one if there is one. 0; -EBADF; as drm_gem_prime_import() and
 *  drm_gem_handle_create().
 *  Context: may sleep. */
FENCE_MAY_SLEEP int drm_gem_prime_fd_to_handle(struct drm_device *dev, struct drm_file *file, int fd,
                                               uint32_t *handle) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DRM_PRIME_H */
