//===- runtime/src/drm_exec.cpp - the loop that locks many reservations ----------------------------------------------===//
//
// A turn of the caller's loop that is refused ends with everything unlocked (cleanup). The next lock of whatever object first takes the one that
// was refused, while nothing is held, however long that takes; the loop comes to it later and finds it locked.
//
//===----------------------------------------------------------------------===//
#include <algorithm>
#include <cerrno>
#include <fence/drm-exec.h>
#include <fence/memory.h>

namespace {

constexpr unsigned least_room = 8;

/// For one more, before it is locked: afterwards nothing can fail.
bool make_room(drm_exec *exec) noexcept {
  if (exec->num_objects < exec->max_objects)
    return true;
  unsigned room = std::max(least_room, exec->max_objects * 2);
  auto **objects = static_cast<dma_resv **>(fence_alloc(room * sizeof(dma_resv *), FENCE_GFP_KERNEL));
  if (!objects)
    return false;
  std::copy_n(exec->objects, exec->num_objects, objects);
  fence_free(exec->objects);
  exec->objects = objects;
  exec->max_objects = room;
  return true;
}

void unlock_all(drm_exec *exec) noexcept {
  while (exec->num_objects)
    dma_resv_unlock(exec->objects[--exec->num_objects]);
  exec->prelocked = nullptr;
}

/// Nothing is held, so there is room: there was some when it was refused.
int lock_contended(drm_exec *exec) noexcept {
  // Whatever comes of it: with an error the caller gives up, and no turn follows.
  dma_resv *obj = exec->contended;
  exec->contended = nullptr;
  if (!(exec->flags & DRM_EXEC_INTERRUPTIBLE_WAIT))
    dma_resv_lock_slow(obj, &exec->ticket);
  else if (int error = dma_resv_lock_slow_interruptible(obj, &exec->ticket))
    return error;
  exec->objects[exec->num_objects++] = obj;
  exec->prelocked = obj;
  return 0;
}

} // namespace

extern "C" {

void drm_exec_init(drm_exec *exec, uint32_t flags, unsigned expected) noexcept {
  *exec = {};
  exec->flags = flags;
  if (expected)
    exec->objects = static_cast<dma_resv **>(fence_alloc(expected * sizeof(dma_resv *), FENCE_GFP_KERNEL));
  exec->max_objects = exec->objects ? expected : 0;
  fence_ww_acquire_init(&exec->ticket, &dma_resv_ww_class);
}

void drm_exec_fini(drm_exec *exec) noexcept {
  unlock_all(exec);
  fence_free(exec->objects);
  fence_ww_acquire_fini(&exec->ticket);
}

bool drm_exec_cleanup(drm_exec *exec) noexcept {
  if (!exec->begun) {
    exec->begun = true;
    return true;
  }
  if (!exec->contended) {
    fence_ww_acquire_done(&exec->ticket);
    return false;
  }
  unlock_all(exec);
  return true;
}

int drm_exec_lock_obj(drm_exec *exec, dma_resv *obj) noexcept {
  if (exec->contended) {
    // A caller that goes on in a turn that was refused would wait for the one while it holds the others.
    if (exec->num_objects)
      return -EDEADLK;
    if (int error = lock_contended(exec))
      return error;
  }
  if (exec->prelocked == obj) {
    exec->prelocked = nullptr;
    return 0;
  }
  if (!make_room(exec))
    return -ENOMEM;
  int error = exec->flags & DRM_EXEC_INTERRUPTIBLE_WAIT ? dma_resv_lock_interruptible(obj, &exec->ticket)
                                                        : dma_resv_lock(obj, &exec->ticket);
  if (error == -EDEADLK)
    exec->contended = obj;
  else if (error == -EALREADY && exec->flags & DRM_EXEC_IGNORE_DUPLICATES)
    return 0;
  if (!error)
    exec->objects[exec->num_objects++] = obj;
  return error;
}

void drm_exec_unlock_obj(drm_exec *exec, dma_resv *obj) noexcept {
  dma_resv **end = exec->objects + exec->num_objects;
  dma_resv **found = std::find(exec->objects, end, obj);
  if (found == end)
    return;
  std::copy(found + 1, end, found);
  --exec->num_objects;
  if (exec->prelocked == obj)
    exec->prelocked = nullptr;
  dma_resv_unlock(obj);
}

int drm_exec_prepare_obj(drm_exec *exec, dma_resv *obj, unsigned num_fences) noexcept {
  unsigned held = exec->num_objects;
  int error = drm_exec_lock_obj(exec, obj);
  if (error)
    return error;
  error = dma_resv_reserve_fences(obj, num_fences);
  // A duplicate is the earlier call's.
  if (error && exec->num_objects > held)
    drm_exec_unlock_obj(exec, obj);
  return error;
}

int drm_exec_prepare_array(drm_exec *exec, dma_resv **objects, unsigned count, unsigned num_fences) noexcept {
  int error = 0;
  for (unsigned i = 0; i < count && !error; ++i)
    error = drm_exec_prepare_obj(exec, objects[i], num_fences);
  return error;
}

} // extern "C"
