//===- runtime/src/drm_gem_offset.cpp - where the device file has its objects -----------------------------------------------===//
#include "gem.h"

#include <cerrno>
#include <cstddef>

using namespace fence;

namespace {

drm_gem_object *object_of(drm_vma_offset_node *node) noexcept {
  return reinterpret_cast<drm_gem_object *>(reinterpret_cast<char *>(node) - offsetof(drm_gem_object, vma_node));
}

} // namespace

extern "C" {

int drm_gem_create_mmap_offset(drm_gem_object *obj) noexcept {
  drm_device *dev = obj->dev;
  locked guard(dev->lock);
  if (obj->vma_node.offset)
    return 0;
  // The first gap that holds it.
  std::uint64_t at = dev->first_offset;
  drm_vma_offset_node **link = &dev->first_node;
  while (*link && (*link)->offset - at < obj->size) {
    at = (*link)->offset + object_of(*link)->size;
    link = &(*link)->next;
  }
  if (!*link && (at > dev->offset_end || dev->offset_end - at < obj->size))
    return -ENOSPC;
  obj->vma_node.next = *link;
  *link = &obj->vma_node;
  shared::store_release(obj->vma_node.offset, at);
  return 0;
}

void drm_gem_free_mmap_offset(drm_gem_object *obj) noexcept {
  locked guard(obj->dev->lock);
  if (!obj->vma_node.offset)
    return;
  drm_vma_offset_node **link = &obj->dev->first_node;
  while (*link != &obj->vma_node)
    link = &(*link)->next;
  *link = obj->vma_node.next;
  shared::store_release(obj->vma_node.offset, 0);
}

drm_gem_object *drm_gem_object_lookup_offset(drm_device *dev, uint64_t offset) noexcept {
  locked guard(dev->lock);
  drm_vma_offset_node *node = dev->first_node;
  while (node && node->offset < offset)
    node = node->next;
  if (!offset || !node || node->offset != offset)
    return nullptr;
  // One whose last reference has just gone waits for our lock to give back its offset.
  drm_gem_object *found = object_of(node);
  return get_unless_zero(found->refcount) ? found : nullptr;
}

int drm_gem_mmap(drm_device *dev, drm_file *file, uint64_t offset, size_t size, int prot,
                 drm_gem_mapping *mapping) noexcept {
  drm_gem_object *obj = drm_gem_object_lookup_offset(dev, offset);
  if (!obj)
    return -EINVAL;
  int failed = 0;
  *mapping = {obj, nullptr, size, prot};
  if (!size || size > obj->size)
    failed = -EINVAL;
  else if (!has_handle(file, obj))
    failed = -EACCES;
  else if (!obj->funcs->mmap)
    failed = -ENODEV;
  else
    failed = obj->funcs->mmap(obj, mapping);
  if (failed)
    drm_gem_object_put(obj);
  return failed;
}

void drm_gem_munmap(drm_gem_mapping *mapping) noexcept {
  fence_might_sleep();
  if (mapping->obj->funcs->munmap)
    mapping->obj->funcs->munmap(mapping->obj, mapping);
  drm_gem_object_put(mapping->obj);
  *mapping = {};
}

} // extern "C"
