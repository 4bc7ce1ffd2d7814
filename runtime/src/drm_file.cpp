//===- runtime/src/drm_file.cpp - a file's handles -----------------------------------------------------------------------===//
//
// open() and close() of an object run under the file's lock, so that nobody is given a handle that an open() may still refuse.
//
//===----------------------------------------------------------------------===//
#include "gem.h"

#include <cerrno>
#include <cstring>

using namespace fence;

namespace {

fence_lock_class file_class = {"drm_file", FENCE_LOCK_SLEEPS, 0};

constexpr uint32_t first_room = 8;

bool grow(drm_file *file) noexcept {
  if (file->room > UINT32_MAX / 2)
    return false;
  uint32_t room = file->room ? file->room * 2 : first_room;
  auto **objects =
      static_cast<drm_gem_object **>(fence_alloc(room * sizeof(drm_gem_object *), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
  if (!objects)
    return false;
  if (file->room)
    std::memcpy(objects, file->objects, file->room * sizeof(drm_gem_object *));
  fence_free(file->objects);
  file->objects = objects;
  file->room = room;
  return true;
}

/// The object's handle, or 0. Most objects that ask have no handle anywhere, so nothing is looked through.
uint32_t handle_of(const drm_file *file, const drm_gem_object *obj) noexcept {
  if (shared::load_acquire(obj->handle_count))
    for (uint32_t i = 0; i < file->room; ++i)
      if (file->objects[i] == obj)
        return i + 1;
  return 0;
}

drm_gem_object **entry_of(drm_file *file, uint32_t handle) noexcept {
  return handle && handle <= file->room && file->objects[handle - 1] ? &file->objects[handle - 1] : nullptr;
}

} // namespace

namespace fence {

bool has_handle(drm_file *file, const drm_gem_object *obj) noexcept {
  locked guard(file->lock);
  return handle_of(file, obj) != 0;
}

} // namespace fence

extern "C" {

void drm_file_init(drm_file *file, uint32_t max_handles) noexcept {
  fence_mutex_init_class(&file->lock, &file_class);
  file->objects = nullptr;
  file->room = file->count = file->first_free = 0;
  file->max_handles = max_handles ? max_handles : UINT32_MAX;
}

void drm_file_fini(drm_file *file) noexcept {
  for (uint32_t handle = 1; handle <= file->room; ++handle)
    (void)drm_gem_handle_delete(file, handle); // which there may not be
  fence_free(file->objects);
  file->objects = nullptr;
  file->room = 0;
}

int drm_gem_handle_create(drm_file *file, drm_gem_object *obj, uint32_t *handle) noexcept {
  locked guard(file->lock);
  if ((*handle = handle_of(file, obj)))
    return 0;
  if (file->count == file->max_handles)
    return -ENOSPC;
  while (file->first_free < file->room && file->objects[file->first_free])
    ++file->first_free;
  if (file->first_free == file->room && !grow(file))
    return -ENOMEM;
  if (obj->funcs->open)
    if (int refused = obj->funcs->open(obj, file))
      return refused;
  drm_gem_object_get(obj);
  shared::fetch_add(obj->handle_count, 1u);
  file->objects[file->first_free++] = obj;
  ++file->count;
  *handle = file->first_free;
  return 0;
}

drm_gem_object *drm_gem_object_lookup(drm_file *file, uint32_t handle) noexcept {
  locked guard(file->lock);
  drm_gem_object **entry = entry_of(file, handle);
  if (!entry)
    return nullptr;
  drm_gem_object_get(*entry);
  return *entry;
}

int drm_gem_handle_delete(drm_file *file, uint32_t handle) noexcept {
  drm_gem_object *obj;
  {
    locked guard(file->lock);
    drm_gem_object **entry = entry_of(file, handle);
    if (!entry)
      return -ENOENT;
    obj = *entry;
    *entry = nullptr;
    --file->count;
    if (handle - 1 < file->first_free)
      file->first_free = handle - 1;
    shared::fetch_sub(obj->handle_count, 1u);
    if (obj->funcs->close)
      obj->funcs->close(obj, file);
  }
  drm_gem_object_put(obj);
  return 0;
}

uint32_t drm_gem_handle_count(drm_file *file) noexcept {
  locked guard(file->lock);
  return file->count;
}

} // extern "C"
