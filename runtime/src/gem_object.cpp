//===- runtime/src/gem_object.cpp - the life of a GEM object and its mmap offsets ---------------------------------------===//
//
// The free order: the object's own destructor first (it may still use device, reservation and offset), then the offset, the fences, the memory, and last the
// count by which the device knows that it may go.
//
//===----------------------------------------------------------------------===//
#include "shared_memory.h"

#include <cstdio>
#include <cstdlib>
#include <fence/gem_object.hpp>

namespace fence {

gem_device::gem_device(const char *name, uint64_t first_offset, uint64_t offset_end) noexcept
    : name_(name), first_offset_(first_offset), offset_end_(offset_end) {
  fence_mutex_init(&lock_);
}

gem_device::~gem_device() {
  if (unsigned left = object_count()) {
    std::fprintf(stderr, "fence: device %s goes before %u of its GEM objects\n", name_, left);
    std::abort();
  }
}

result<uint64_t> gem_device::offset_for(gem_object_base &object) noexcept {
  fence_mutex_lock(&lock_);
  if (!object.mmap_offset_) {
    // The first gap that holds it.
    uint64_t at = first_offset_;
    gem_object_base **link = &first_with_offset_;
    while (*link && (*link)->mmap_offset_ - at < object.size_) {
      at = (*link)->mmap_offset_ + (*link)->size_;
      link = &(*link)->next_with_offset_;
    }
    if (*link || (at <= offset_end_ && offset_end_ - at >= object.size_)) {
      object.mmap_offset_ = at;
      object.next_with_offset_ = *link;
      *link = &object;
    }
  }
  uint64_t offset = object.mmap_offset_;
  fence_mutex_unlock(&lock_);
  if (!offset)
    return error(ENOSPC);
  return offset;
}

void gem_device::forget_offset(gem_object_base &object) noexcept {
  fence_mutex_lock(&lock_);
  if (object.mmap_offset_) {
    gem_object_base **link = &first_with_offset_;
    while (*link != &object)
      link = &(*link)->next_with_offset_;
    *link = object.next_with_offset_;
    object.mmap_offset_ = 0;
  }
  fence_mutex_unlock(&lock_);
}

gem_object_base *gem_device::find_by_offset(uint64_t offset) noexcept {
  fence_mutex_lock(&lock_);
  gem_object_base *found = first_with_offset_;
  while (found && found->mmap_offset_ != offset)
    found = found->next_with_offset_;
  if (found) {
    // One whose last reference has just gone waits for our lock to give back its offset.
    unsigned seen = shared::load_relaxed(found->references_);
    do
      if (!seen) {
        found = nullptr;
        break;
      }
    while (!shared::compare_exchange(found->references_, seen, seen + 1));
  }
  fence_mutex_unlock(&lock_);
  return found;
}

gem_object_base::gem_object_base(const gem_passkey &key) noexcept : device_(key.device), size_(key.size) {
  dma_resv_init(&resv_);
  deferred_free_.object = this;
  fence_work_init(&deferred_free_, [](fence_work *work) noexcept { static_cast<deferred_free *>(work)->object->free(); });
  device_.object_made();
}

gem_object_base::~gem_object_base() {
  device_.forget_offset(*this);
  dma_resv_fini(&resv_);
}

void gem_object_base::free() const noexcept {
  gem_device &device = device_;
  auto *self = const_cast<gem_object_base *>(this);
  void *memory = dynamic_cast<void *>(self);
  self->~gem_object_base();
  fence_free(memory);
  device.object_freed();
}

void gem_object_base::put() const noexcept {
  fence_might_sleep();
  if (shared::fetch_sub(references_, 1u) == 1)
    free();
}

void gem_object_base::put_deferred() const noexcept {
  if (shared::fetch_sub(references_, 1u) == 1)
    fence_queue_work(fence_system_workqueue(), &deferred_free_);
}

} // namespace fence
