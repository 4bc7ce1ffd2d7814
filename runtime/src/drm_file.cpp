//===- runtime/src/drm_file.cpp - handles and exported descriptors -------------------------------------------------------===//
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fence/drm_file.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fence {

namespace {

class locked {
public:
  explicit locked(fence_mutex &mutex) noexcept : mutex_(mutex) { fence_mutex_lock(&mutex_); }
  ~locked() { fence_mutex_unlock(&mutex_); }
  locked(const locked &) = delete;

private:
  fence_mutex &mutex_;
};

} // namespace

//===- Handles ---------------------------------------------------------------===//
//
// open() and close() of an object run under the file's lock, so that nobody is given a handle that an open() may still refuse.

drm_file::drm_file(uint32_t max_handles) noexcept : max_handles_(max_handles) { fence_mutex_init(&lock_); }

drm_file::~drm_file() noexcept {
  for (uint32_t handle = 1; handle <= room_; ++handle)
    if (objects_[handle - 1])
      (void)delete_handle(handle);
  fence_free(objects_);
}

bool drm_file::grow() noexcept {
  uint32_t room = room_ ? room_ * 2 : 8;
  auto **objects = static_cast<gem_object_base **>(fence_alloc(room * sizeof(gem_object_base *), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
  if (!objects)
    return false;
  if (room_)
    std::memcpy(objects, objects_, room_ * sizeof(gem_object_base *));
  fence_free(objects_);
  objects_ = objects;
  room_ = room;
  return true;
}

result<uint32_t> drm_file::create(gem_object_base *object) noexcept {
  locked guard(lock_);
  uint32_t free = room_;
  for (uint32_t i = room_; i-- > 0;) {
    if (objects_[i] == object)
      return i + 1;
    if (!objects_[i])
      free = i;
  }
  if (count_ == max_handles_)
    return error(ENOSPC);
  if (free == room_ && !grow())
    return error(ENOMEM);
  if (result<void> opened = object->opened(*this); !opened)
    return opened.error();
  object->get();
  objects_[free] = object;
  ++count_;
  return free + 1;
}

result<gem_object_base *> drm_file::find(uint32_t handle, uint64_t kind) noexcept {
  locked guard(lock_);
  gem_object_base *object = handle && handle <= room_ ? objects_[handle - 1] : nullptr;
  if (!object)
    return error(ENOENT);
  if (object->kind() != kind)
    return error(EINVAL);
  object->get();
  return object;
}

result<void> drm_file::delete_handle(uint32_t handle) noexcept {
  gem_object_base *object;
  {
    locked guard(lock_);
    object = handle && handle <= room_ ? objects_[handle - 1] : nullptr;
    if (!object)
      return error(ENOENT);
    objects_[handle - 1] = nullptr;
    --count_;
    object->closed(*this);
  }
  object->put();
  return {};
}

uint32_t drm_file::handle_count() noexcept {
  locked guard(lock_);
  return count_;
}

//===- Descriptors -------------------------------------------------------------===//
//
// A descriptor is an empty memfd, whose inode is the object's name: a duplicate, or one that came through a socket, has another number and
// the same inode.

namespace {

struct exported {
  exported *next;
  dev_t device;
  ino_t inode;
  gem_object_base *object;
};
exported *all_exported;

fence_mutex &lock_of_exported() noexcept {
  static fence_lock_class lock_class = {"prime", FENCE_LOCK_SLEEPS, 0};
  static fence_mutex lock = [] {
    fence_mutex made;
    fence_mutex_init_class(&made, &lock_class);
    return made;
  }();
  return lock;
}

/// The link to the entry of this descriptor, or to null.
exported **find(int fd) noexcept {
  struct stat is;
  exported **link = &all_exported;
  if (fstat(fd, &is) != 0)
    while (*link)
      link = &(*link)->next;
  else
    while (*link && ((*link)->device != is.st_dev || (*link)->inode != is.st_ino))
      link = &(*link)->next;
  return link;
}

} // namespace

result<int> prime::export_base(gem_object_base *object) noexcept {
  fence_might_sleep();
  auto *entry = static_cast<exported *>(fence_alloc(sizeof(exported), FENCE_GFP_KERNEL));
  if (!entry)
    return error(ENOMEM);
  int fd = memfd_create("gem", MFD_CLOEXEC);
  struct stat is;
  if (fd < 0 || fstat(fd, &is) != 0) {
    int why = errno;
    if (fd >= 0)
      ::close(fd);
    fence_free(entry);
    return error(why);
  }
  object->get();
  locked guard(lock_of_exported());
  *entry = {all_exported, is.st_dev, is.st_ino, object};
  all_exported = entry;
  return fd;
}

result<gem_object_base *> prime::import_base(gem_device &device, int fd, uint64_t kind) noexcept {
  locked guard(lock_of_exported());
  exported *entry = *find(fd);
  if (!entry)
    return error(EBADF);
  if (&entry->object->device() != &device)
    return error(EXDEV);
  if (entry->object->kind() != kind)
    return error(EINVAL);
  entry->object->get();
  return entry->object;
}

result<void> prime::close(int fd) noexcept {
  exported *entry;
  {
    locked guard(lock_of_exported());
    exported **link = find(fd);
    entry = *link;
    if (!entry)
      return error(EBADF);
    *link = entry->next;
  }
  ::close(fd);
  entry->object->put();
  fence_free(entry);
  return {};
}

} // namespace fence
