/* The same in C: the driver's struct has a drm_gem_object in it, and a table says what can be done with it. */
#include <fence/drm-prime.h>
#include <stdlib.h>
#include <string.h>

struct ring_bo {
  struct drm_gem_object base;
  void *memory;
  int handles;
};
static struct ring_bo *to_ring_bo(struct drm_gem_object *obj) { return (struct ring_bo *)(void *)obj; }

static void ring_bo_free(struct drm_gem_object *obj) {
  struct ring_bo *bo = to_ring_bo(obj);
  drm_gem_object_release(obj);
  free(bo->memory);
  fence_free(bo);
}
static int ring_bo_open(struct drm_gem_object *obj, struct drm_file *file) {
  (void)file;
  ++to_ring_bo(obj)->handles;
  return 0; /* A negative errno would refuse the handle. */
}
static void ring_bo_close(struct drm_gem_object *obj, struct drm_file *file) {
  (void)file;
  --to_ring_bo(obj)->handles;
}
static int ring_bo_vmap(struct drm_gem_object *obj, void **address) {
  *address = to_ring_bo(obj)->memory;
  return 0;
}
static const struct drm_gem_object_funcs ring_bo_funcs = {.free = ring_bo_free, .open = ring_bo_open, .close = ring_bo_close, .vmap = ring_bo_vmap};

static struct drm_gem_object *ring_bo_create(struct drm_device *dev, size_t size) {
  struct ring_bo *bo = fence_alloc(sizeof *bo, FENCE_GFP_KERNEL | FENCE_GFP_ZERO);
  if (!bo)
    return NULL;
  bo->base.funcs = &ring_bo_funcs;
  bo->memory = calloc(1, size);
  if (bo->memory && drm_gem_object_init(dev, &bo->base, size) == 0)
    return &bo->base;
  free(bo->memory);
  fence_free(bo);
  return NULL;
}

int main(void) {
  struct drm_device device = {.name = "ring"};
  struct drm_file file;
  drm_dev_init(&device);
  drm_file_init(&file, 0);
  struct drm_gem_object *obj = ring_bo_create(&device, 4096);
  uint32_t handle, same;
  int fd;
  if (!obj || drm_gem_handle_create(&file, obj, &handle) != 0)
    return 1;
  drm_gem_object_put(obj); /* The handle keeps it. */

  void *address;
  if (drm_gem_create_mmap_offset(obj) != 0 || drm_gem_vmap(obj, &address) != 0)
    return 1;
  strcpy(address, "a command");
  drm_gem_vunmap(obj);
  int at_offset = drm_gem_object_lookup_offset(&device, drm_vma_node_offset_addr(&obj->vma_node)) == obj;
  drm_gem_object_put(obj); /* What the lookup gave. */

  /* To a descriptor and back: its own device's object is the object, and so is the handle. */
  if (drm_gem_prime_handle_to_fd(&file, handle, &fd) != 0 || drm_gem_prime_fd_to_handle(&device, &file, fd, &same) != 0)
    return 1;
  dma_buf_close(fd);
  int result = at_offset && handle == same && to_ring_bo(obj)->handles == 1 && drm_gem_handle_delete(&file, handle) == 0 && drm_dev_object_count(&device) == 0;
  drm_file_fini(&file);
  drm_dev_fini(&device);
  return result ? 0 : 1;
}
