//===- runtime/src/gem.h - what the files of GEM and dma_buf share -----------------------------------------------------===//
//
// Order of locks: a file's, then a device's prime_lock, then a reservation or a device's lock, then the list of buffers. The driver's functions run under
// the first three, as drm-gem.h says; nothing of the driver runs under the last two.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_GEM_H
#define FENCE_SRC_GEM_H

#include "shared_memory.h"

#include <fence/drm-prime.h>

namespace fence {

class locked {
public:
  explicit locked(fence_mutex &mutex) noexcept : mutex_(mutex) { fence_mutex_lock(&mutex_); }
  ~locked() { fence_mutex_unlock(&mutex_); }
  locked(const locked &) = delete;

private:
  fence_mutex &mutex_;
};

class locked_resv {
public:
  explicit locked_resv(dma_resv *resv) noexcept : resv_(resv) { dma_resv_lock(resv, nullptr); }
  ~locked_resv() { dma_resv_unlock(resv_); }
  locked_resv(const locked_resv &) = delete;

private:
  dma_resv *resv_;
};

/// A reference of what somebody remembers without having one.
FENCE_NONBLOCKING inline bool get_unless_zero(unsigned &references) noexcept {
  unsigned seen = shared::load_relaxed(references);
  while (seen)
    if (shared::compare_exchange(references, seen, seen + 1))
      return true;
  return false;
}

// With the object's reservation held.
int vmap_locked(drm_gem_object *obj, void **address) noexcept;
void vunmap_locked(drm_gem_object *obj) noexcept;

/// Whether the file has a handle of the object.
bool has_handle(drm_file *file, const drm_gem_object *obj) noexcept;

/// Ends what importing began; nothing for an object that was not imported.
void end_import(drm_gem_object *obj) noexcept;

} // namespace fence
#endif
