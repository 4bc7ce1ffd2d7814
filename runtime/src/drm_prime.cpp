//===- runtime/src/drm_prime.cpp - GEM objects as buffers of others, and others' as GEM objects --------------------------------===//
#include "gem.h"

#include <cerrno>
#include <cstddef>

using namespace fence;

//===- Export -------------------------------------------------------------------===//

namespace {

drm_gem_object *object_of(const dma_buf *buf) noexcept { return static_cast<drm_gem_object *>(buf->priv); }

int attach(dma_buf *buf, dma_buf_attachment *) noexcept {
  drm_gem_object *obj = object_of(buf);
  return obj->funcs->get_sg_table ? drm_gem_pin(obj) : -EOPNOTSUPP;
}
void detach(dma_buf *buf, dma_buf_attachment *) noexcept { drm_gem_unpin(object_of(buf)); }

int map_for(dma_buf_attachment *to, dma_data_direction direction) noexcept {
  drm_gem_object *obj = object_of(to->dmabuf);
  if (int failed = obj->funcs->get_sg_table(obj, &to->sgt))
    return failed;
  int failed = dma_map_sgtable(to->dev, &to->sgt, direction);
  if (failed)
    sg_free_table(&to->sgt);
  return failed;
}
void unmap_for(dma_buf_attachment *from, dma_data_direction direction) noexcept {
  dma_unmap_sgtable(from->dev, &from->sgt, direction);
  sg_free_table(&from->sgt);
}

int vmap(dma_buf *buf, void **address) noexcept { return vmap_locked(object_of(buf), address); }
void vunmap(dma_buf *buf, void *) noexcept { vunmap_locked(object_of(buf)); }

void release(dma_buf *buf) noexcept {
  drm_gem_object *obj = object_of(buf);
  {
    locked guard(obj->dev->prime_lock);
    if (obj->dma_buf == buf)
      obj->dma_buf = nullptr;
  }
  drm_gem_object_put(obj);
}

constexpr dma_buf_ops ops_of_gem = {.attach = attach,
                                    .detach = detach,
                                    .map_dma_buf = map_for,
                                    .unmap_dma_buf = unmap_for,
                                    .vmap = vmap,
                                    .vunmap = vunmap,
                                    .release = release};

drm_gem_object *imported(fence_list *node) noexcept {
  return reinterpret_cast<drm_gem_object *>(reinterpret_cast<char *>(node) - offsetof(drm_gem_object, import_node));
}

/// The object that was made for this buffer and has not gone, with a reference; or null.
drm_gem_object *find_import(drm_device *dev, const dma_buf *buf) noexcept {
  locked guard(dev->lock);
  for (fence_list *node = dev->imports.next; node != &dev->imports; node = node->next)
    if (drm_gem_object *obj = imported(node); obj->import_attach->dmabuf == buf && get_unless_zero(obj->refcount))
      return obj;
  return nullptr;
}

/// Undoes its steps in the opposite order, unless they are kept.
class new_attachment {
public:
  ~new_attachment() {
    if (attached_)
      dma_buf_detach(attachment_);
    fence_free(attachment_);
  }
  int make(dma_buf *buf, fence_device *dev) noexcept {
    attachment_ = static_cast<dma_buf_attachment *>(fence_alloc(sizeof(dma_buf_attachment), FENCE_GFP_KERNEL));
    if (!attachment_)
      return -ENOMEM;
    if (int failed = dma_buf_attach(buf, dev, attachment_))
      return failed;
    attached_ = true;
    return dma_buf_map_attachment(attachment_, DMA_BIDIRECTIONAL);
  }
  dma_buf_attachment *get() noexcept { return attachment_; }
  dma_buf_attachment *keep() noexcept {
    attached_ = false;
    dma_buf_attachment *kept = attachment_;
    attachment_ = nullptr;
    return kept;
  }

private:
  dma_buf_attachment *attachment_ = nullptr;
  bool attached_ = false;
};

} // namespace

namespace fence {

void end_import(drm_gem_object *obj) noexcept {
  dma_buf_attachment *attachment = obj->import_attach;
  if (!attachment)
    return;
  {
    locked guard(obj->dev->lock);
    fence_list_unlink(&obj->import_node);
  }
  dma_buf_detach(attachment);
  fence_free(attachment);
  obj->import_attach = nullptr;
}

} // namespace fence

extern "C" {

int drm_gem_prime_export(drm_gem_object *obj, dma_buf **buf) noexcept {
  if (obj->import_attach) {
    get_dma_buf(*buf = obj->import_attach->dmabuf);
    return 0;
  }
  locked guard(obj->dev->prime_lock);
  if (obj->dma_buf && dma_buf_get_unless_zero(obj->dma_buf)) {
    *buf = obj->dma_buf;
    return 0;
  }
  dma_buf_export_info info = {"gem", &ops_of_gem, obj->size, obj->resv, obj};
  if (int failed = dma_buf_export(&info, buf))
    return failed;
  drm_gem_object_get(obj);
  obj->dma_buf = *buf;
  return 0;
}

//===- Import -------------------------------------------------------------------===//

int drm_gem_prime_import(drm_device *dev, dma_buf *buf, drm_gem_object **obj) noexcept {
  if (buf->ops == &ops_of_gem && object_of(buf)->dev == dev) {
    drm_gem_object_get(*obj = object_of(buf));
    return 0;
  }
  if (!dev->dma || !dev->driver || !dev->driver->gem_prime_import_sg_table)
    return -EXDEV;
  locked guard(dev->prime_lock);
  if ((*obj = find_import(dev, buf)))
    return 0;
  new_attachment attachment;
  if (int failed = attachment.make(buf, dev->dma))
    return failed;
  if (int failed = dev->driver->gem_prime_import_sg_table(dev, attachment.get(), obj))
    return failed;
  (*obj)->import_attach = attachment.keep();
  (*obj)->resv = buf->resv;
  locked list(dev->lock);
  fence_list_append(&dev->imports, &(*obj)->import_node);
  return 0;
}

//===- By handle and descriptor ---------------------------------------------------===//

int drm_gem_prime_handle_to_fd(drm_file *file, uint32_t handle, int *fd) noexcept {
  drm_gem_object *obj = drm_gem_object_lookup(file, handle);
  if (!obj)
    return -ENOENT;
  dma_buf *buf;
  int failed = drm_gem_prime_export(obj, &buf);
  drm_gem_object_put(obj);
  if (failed)
    return failed;
  int made = dma_buf_fd(buf);
  if (made < 0) {
    dma_buf_put(buf);
    return made;
  }
  *fd = made;
  return 0;
}

int drm_gem_prime_fd_to_handle(drm_device *dev, drm_file *file, int fd, uint32_t *handle) noexcept {
  dma_buf *buf = dma_buf_get(fd);
  if (!buf)
    return -EBADF;
  drm_gem_object *obj;
  int failed = drm_gem_prime_import(dev, buf, &obj);
  dma_buf_put(buf);
  if (failed)
    return failed;
  failed = drm_gem_handle_create(file, obj, handle);
  drm_gem_object_put(obj);
  return failed;
}

} // extern "C"
