//===- runtime/src/drm_gem.cpp - the life of a GEM object, and its content -----------------------------------------------===//
//
// The free order: the driver's own end first (it may still use device, reservation and offset), then the offset, the import, the fences, and last the
// count by which the device knows that it may go; after that only the driver touches the memory.
//
//===----------------------------------------------------------------------===//
#include "gem.h"

#include "misuse.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

using namespace fence;

namespace {

fence_lock_class offsets_class = {"drm_device", FENCE_LOCK_SLEEPS, 0};
fence_lock_class prime_class = {"drm_device.prime", FENCE_LOCK_SLEEPS, 0};
fence_lock_class free_class = {"drm_gem_object.free", FENCE_LOCK_SECTION, 0};

constexpr size_t page = FENCE_PAGE_SIZE;

void free_on_queue(fence_work *work) noexcept {
  auto *obj = reinterpret_cast<drm_gem_object *>(reinterpret_cast<char *>(work) - offsetof(drm_gem_object, free_work));
  obj->funcs->free(obj);
}

/// Whether it was the last.
bool drop(drm_gem_object *obj) noexcept {
  unsigned before = shared::load_relaxed(obj->refcount);
  do
    if (!before) {
      report_misuse(obj, "a reference of a GEM object is given up that nobody has");
      return false;
    }
  while (!shared::compare_exchange(obj->refcount, before, before - 1));
  return before == 1;
}

} // namespace

namespace fence {

int vmap_locked(drm_gem_object *obj, void **address) noexcept {
  if (!obj->vmap_count) {
    if (!obj->funcs->vmap)
      return -EOPNOTSUPP;
    if (int failed = obj->funcs->vmap(obj, &obj->vaddr))
      return failed;
  }
  ++obj->vmap_count;
  *address = obj->vaddr;
  return 0;
}

void vunmap_locked(drm_gem_object *obj) noexcept {
  if (!obj->vmap_count)
    return report_misuse(obj, "a GEM object is unmapped from the program that is not mapped");
  if (--obj->vmap_count)
    return;
  if (obj->funcs->vunmap)
    obj->funcs->vunmap(obj, obj->vaddr);
  obj->vaddr = nullptr;
}

} // namespace fence

extern "C" {

//===- The device --------------------------------------------------------------===//

void drm_dev_init(drm_device *dev) noexcept {
  if (!dev->first_offset)
    dev->first_offset = std::uint64_t{1} << 32;
  if (!dev->offset_end)
    dev->offset_end = std::uint64_t{1} << 48;
  fence_mutex_init_class(&dev->lock, &offsets_class);
  fence_mutex_init_class(&dev->prime_lock, &prime_class);
  dev->first_node = nullptr;
  fence_list_init(&dev->imports);
  dev->objects = 0;
}

void drm_dev_fini(drm_device *dev) noexcept {
  if (unsigned left = drm_dev_object_count(dev)) {
    std::fprintf(stderr, "fence: device %s goes before %u of its GEM objects\n",
                 dev->name ? dev->name : "without a name", left);
    std::abort();
  }
}

unsigned drm_dev_object_count(const drm_device *dev) noexcept { return shared::load_acquire(dev->objects); }

//===- Objects -----------------------------------------------------------------===//

int drm_gem_object_init(drm_device *dev, drm_gem_object *obj, size_t size) noexcept {
  if (!obj->funcs || !obj->funcs->free || !size || size > SIZE_MAX - page + 1)
    return -EINVAL;
  obj->dev = dev;
  obj->size = (size + page - 1) / page * page;
  obj->import_attach = nullptr;
  obj->vma_node = {};
  obj->refcount = 1;
  obj->handle_count = obj->pin_count = obj->vmap_count = 0;
  obj->vaddr = nullptr;
  obj->dma_buf = nullptr;
  fence_list_init(&obj->import_node);
  fence_work_init_class(&obj->free_work, free_on_queue, &free_class);
  dma_resv_init(&obj->_resv);
  obj->resv = &obj->_resv;
  shared::fetch_add(dev->objects, 1u);
  return 0;
}

void drm_gem_object_release(drm_gem_object *obj) noexcept {
  fence_might_sleep();
  drm_gem_free_mmap_offset(obj);
  end_import(obj);
  dma_resv_fini(&obj->_resv);
  shared::fetch_sub(obj->dev->objects, 1u);
}

void drm_gem_object_get(drm_gem_object *obj) noexcept { shared::fetch_add(obj->refcount, 1u); }

void drm_gem_object_put(drm_gem_object *obj) noexcept {
  fence_might_sleep();
  if (obj && drop(obj))
    obj->funcs->free(obj);
}

void drm_gem_object_put_deferred(drm_gem_object *obj) noexcept {
  if (obj && drop(obj))
    fence_schedule_work(&obj->free_work);
}

int drm_gem_print_info(const drm_gem_object *obj, char *text, size_t size) noexcept {
  int length = std::snprintf(text, size, "%s: %zu bytes, %u references, %u handles, offset 0x%llx%s",
                             obj->dev->name ? obj->dev->name : "a device", obj->size,
                             shared::load_relaxed(obj->refcount), shared::load_relaxed(obj->handle_count),
                             static_cast<unsigned long long>(drm_vma_node_offset_addr(&obj->vma_node)),
                             obj->import_attach ? ", imported" : "");
  if (!obj->funcs->print_info)
    return length;
  // The driver's line follows ours. Where ours does not fit, there is no room for it, but it counts.
  size_t used = std::min(size, static_cast<size_t>(length) + 1);
  if (used < size) {
    text[length] = ' ';
    text[used] = 0;
  }
  return length + 1 + obj->funcs->print_info(obj, text + used, size - used);
}

//===- Its content -------------------------------------------------------------===//

int drm_gem_pin(drm_gem_object *obj) noexcept {
  locked_resv guard(obj->resv);
  if (!obj->pin_count && obj->funcs->pin)
    if (int failed = obj->funcs->pin(obj))
      return failed;
  ++obj->pin_count;
  return 0;
}

void drm_gem_unpin(drm_gem_object *obj) noexcept {
  locked_resv guard(obj->resv);
  if (!obj->pin_count)
    return report_misuse(obj, "a GEM object is unpinned that is not pinned");
  if (!--obj->pin_count && obj->funcs->unpin)
    obj->funcs->unpin(obj);
}

int drm_gem_vmap(drm_gem_object *obj, void **address) noexcept {
  if (obj->import_attach)
    return dma_buf_vmap(obj->import_attach->dmabuf, address);
  locked_resv guard(obj->resv);
  return vmap_locked(obj, address);
}

void drm_gem_vunmap(drm_gem_object *obj) noexcept {
  if (obj->import_attach)
    return dma_buf_vunmap(obj->import_attach->dmabuf);
  locked_resv guard(obj->resv);
  vunmap_locked(obj);
}

} // extern "C"
