//===- runtime/src/dma_buf.cpp - buffers that are known by descriptors ------------------------------------------------------===//
#include "fork.h"
#include "gem.h"
#include "misuse.h"
#include "spinlock.h"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace fence;

namespace {

fence_lock_class list_class = {"dma_buf_list", FENCE_LOCK_SPINS, 0};
fence_spinlock list_lock = FENCE_SPINLOCK_INIT(&list_class);
fence_list buffers = {&buffers, &buffers};

class locked_list {
public:
  locked_list() noexcept : flags_(lock_irqsave(&list_lock, 0)) {}
  ~locked_list() { unlock_irqrestore(&list_lock, flags_); }
  locked_list(const locked_list &) = delete;

private:
  unsigned long flags_;
};

dma_buf *buffer_of(fence_list *node) noexcept {
  return reinterpret_cast<dma_buf *>(reinterpret_cast<char *>(node) - offsetof(dma_buf, node));
}

/// The one with this inode and at least one descriptor that counts. Under the list's lock.
dma_buf *find(const struct stat &is) noexcept {
  for (fence_list *node = buffers.next; node != &buffers; node = node->next)
    if (dma_buf *buf = buffer_of(node); buf->inode == is.st_ino && buf->device == is.st_dev)
      return buf->descriptors ? buf : nullptr;
  return nullptr;
}

void unmap_locked(dma_buf_attachment *attach) noexcept {
  if (attach->dir == DMA_NONE)
    return;
  attach->dmabuf->ops->unmap_dma_buf(attach, attach->dir);
  attach->dir = DMA_NONE;
}

} // namespace

namespace fence {

namespace {
unsigned long flags_at_fork; // under the lock
}
void lock_dma_bufs() noexcept {
  unsigned long flags = lock_irqsave(&list_lock, 0);
  flags_at_fork = flags;
}
void unlock_dma_bufs() noexcept { unlock_irqrestore(&list_lock, flags_at_fork); }

} // namespace fence

extern "C" {

int dma_buf_export(const dma_buf_export_info *info, dma_buf **made) noexcept {
  fence_might_sleep();
  if (!info->size || !info->exp_name || !info->ops || !info->ops->release || !info->ops->map_dma_buf ||
      !info->ops->unmap_dma_buf)
    return -EINVAL;
  void *memory = fence_alloc(sizeof(dma_buf), FENCE_GFP_KERNEL);
  if (!memory)
    return -ENOMEM;
  int file = memfd_create(info->exp_name, MFD_CLOEXEC);
  struct stat is;
  if (file < 0 || fstat(file, &is) != 0) {
    int why = errno;
    if (file >= 0)
      close(file);
    fence_free(memory);
    return -why;
  }
  auto *buf = ::new (memory) dma_buf{};
  buf->ops = info->ops;
  buf->priv = info->priv;
  buf->size = info->size;
  buf->exp_name = info->exp_name;
  buf->refcount = 1;
  buf->file = file;
  buf->device = is.st_dev;
  buf->inode = is.st_ino;
  dma_resv_init(&buf->_resv);
  buf->resv = info->resv ? info->resv : &buf->_resv;
  watch_fork();
  locked_list guard;
  fence_list_append(&buffers, &buf->node);
  *made = buf;
  return 0;
}

void get_dma_buf(dma_buf *buf) noexcept { shared::fetch_add(buf->refcount, 1u); }
bool dma_buf_get_unless_zero(dma_buf *buf) noexcept { return get_unless_zero(buf->refcount); }

void dma_buf_put(dma_buf *buf) noexcept {
  fence_might_sleep();
  if (!buf || shared::fetch_sub(buf->refcount, 1u) != 1)
    return;
  {
    locked_list guard;
    fence_list_unlink(&buf->node);
  }
  buf->ops->release(buf);
  close(buf->file);
  dma_resv_fini(&buf->_resv);
  fence_free(buf);
}

//===- Descriptors -------------------------------------------------------------===//

int dma_buf_fd(dma_buf *buf) noexcept {
  fence_might_sleep();
  int fd = fcntl(buf->file, F_DUPFD_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  locked_list guard;
  ++buf->descriptors;
  return fd;
}

dma_buf *dma_buf_get(int fd) noexcept {
  fence_might_sleep();
  struct stat is;
  if (fstat(fd, &is) != 0)
    return nullptr;
  locked_list guard;
  dma_buf *buf = find(is);
  return buf && get_unless_zero(buf->refcount) ? buf : nullptr;
}

int dma_buf_close(int fd) noexcept {
  fence_might_sleep();
  struct stat is;
  if (fstat(fd, &is) != 0)
    return -EBADF;
  dma_buf *buf;
  {
    locked_list guard;
    buf = find(is);
    if (!buf)
      return -EBADF;
    --buf->descriptors;
  }
  close(fd);
  dma_buf_put(buf);
  return 0;
}

//===- Attachments --------------------------------------------------------------===//

int dma_buf_attach(dma_buf *buf, fence_device *dev, dma_buf_attachment *attach) noexcept {
  fence_might_sleep();
  *attach = {buf, dev, {}, DMA_NONE, nullptr};
  if (buf->ops->attach)
    if (int refused = buf->ops->attach(buf, attach))
      return refused;
  get_dma_buf(buf);
  return 0;
}

void dma_buf_detach(dma_buf_attachment *attach) noexcept {
  dma_buf_unmap_attachment(attach);
  dma_buf *buf = attach->dmabuf;
  if (buf->ops->detach)
    buf->ops->detach(buf, attach);
  dma_buf_put(buf);
}

int dma_buf_map_attachment(dma_buf_attachment *attach, dma_data_direction direction) noexcept {
  if (direction == DMA_NONE)
    return -EINVAL;
  locked_resv guard(attach->dmabuf->resv);
  if (attach->dir != DMA_NONE)
    return -EBUSY;
  int failed = attach->dmabuf->ops->map_dma_buf(attach, direction);
  if (!failed)
    attach->dir = direction;
  return failed;
}

void dma_buf_unmap_attachment(dma_buf_attachment *attach) noexcept {
  locked_resv guard(attach->dmabuf->resv);
  unmap_locked(attach);
}

int dma_buf_vmap(dma_buf *buf, void **address) noexcept {
  locked_resv guard(buf->resv);
  if (!buf->vmap_count) {
    if (!buf->ops->vmap)
      return -EOPNOTSUPP;
    if (int failed = buf->ops->vmap(buf, &buf->vaddr))
      return failed;
  }
  ++buf->vmap_count;
  *address = buf->vaddr;
  return 0;
}

void dma_buf_vunmap(dma_buf *buf) noexcept {
  locked_resv guard(buf->resv);
  if (!buf->vmap_count)
    return report_misuse(buf, "a dma_buf is unmapped from the program that is not mapped");
  if (--buf->vmap_count)
    return;
  if (buf->ops->vunmap)
    buf->ops->vunmap(buf, buf->vaddr);
  buf->vaddr = nullptr;
}

} // extern "C"
