/* Devices and objects as drm_exec's tests make them, and drm_exec's functions by object: the runtime's take the object's reservation. */
#ifndef HARNESS_DRM_H
#define HARNESS_DRM_H

#include "harness_kunit.h"

#include <fence/drm-exec.h>
#include <fence/drm-gem.h>

#ifndef PAGE_SIZE
#define PAGE_SIZE 4096
#endif
enum { DRIVER_MODESET = 1 };
struct device {
  char nothing;
};

static inline struct device *drm_kunit_helper_alloc_device(struct kunit *test) {
  return kunit_kzalloc(test, sizeof(struct device), GFP_KERNEL);
}
static inline struct drm_device *__drm_kunit_helper_alloc_drm_device(struct kunit *test, struct device *parent,
                                                                     size_t size, size_t offset, unsigned features) {
  (void)parent, (void)size, (void)offset, (void)features;
  struct drm_device *dev = kunit_kzalloc(test, sizeof *dev, GFP_KERNEL);
  if (dev)
    drm_dev_init(dev);
  return dev;
}

/* On the caller's stack, so nothing frees them. */
static inline void harness_free(struct drm_gem_object *obj) { (void)obj; }
static const struct drm_gem_object_funcs harness_object_funcs = {.free = harness_free};
static inline void drm_gem_private_object_init(struct drm_device *dev, struct drm_gem_object *obj, size_t size) {
  obj->funcs = &harness_object_funcs;
  if (drm_gem_object_init(dev, obj, size))
    abort();
}
#define drm_gem_private_object_fini drm_gem_object_release

#define drm_exec_lock_obj(exec, object) drm_exec_lock_obj(exec, (object)->resv)
#define drm_exec_unlock_obj(exec, object) drm_exec_unlock_obj(exec, (object)->resv)
#define drm_exec_prepare_obj(exec, object, fences) drm_exec_prepare_obj(exec, (object)->resv, fences)
static inline int harness_prepare_array(struct drm_exec *exec, struct drm_gem_object **objects, unsigned count,
                                        unsigned fences) {
  struct dma_resv *reservations[8];
  if (count > ARRAY_SIZE(reservations))
    abort();
  for (unsigned i = 0; i < count; ++i)
    reservations[i] = objects[i]->resv;
  return drm_exec_prepare_array(exec, reservations, count, fences);
}
#define drm_exec_prepare_array harness_prepare_array

#endif
