/*===- fence/dma-buf.h - memory that one driver lends to another -----------------------------------------------------===
 *
 * An exporter wraps its memory in a dma_buf; an importer, who need not know the exporter, attaches a device to it and maps it for that device:
 *
 *     dma_buf_export(&info, &buf); int fd = dma_buf_fd(buf);          the exporter; any program passes fd on
 *     buf = dma_buf_get(fd);                                          the importer
 *     dma_buf_attach(buf, &device, &attach);
 *     dma_buf_map_attachment(&attach, DMA_BIDIRECTIONAL);             attach.sgt has the device's addresses
 *     ... dma_buf_unmap_attachment(&attach); dma_buf_detach(&attach); dma_buf_put(buf);
 *
 * The descriptor is an empty memfd: its inode is the buffer's name, so a duplicate, or one that came through a socket of this process, names
 * the same buffer. The runtime learns nothing of a plain close(); a descriptor that holds a reference is closed with dma_buf_close().
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_BUF_H
#define FENCE_DMA_BUF_H

#include <fence/dma-mapping.h>
#include <fence/dma-resv.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct dma_buf;
struct dma_buf_attachment;

/** The exporter's functions. Those that say "locked" are called with the buffer's reservation held. */
struct dma_buf_ops {
  /** A device is attached; a negative errno refuses it. Optional. */
  FENCE_RUNS_IN("task") int (*attach)(struct dma_buf *buf, struct dma_buf_attachment *attach);
  /** Optional. */
  FENCE_RUNS_IN("task") void (*detach)(struct dma_buf *buf, struct dma_buf_attachment *attach);
  /** Makes attach->sgt and maps it for attach->dev. 0 or a negative errno, and then nothing is left. Locked. */
  FENCE_RUNS_IN("task") int (*map_dma_buf)(struct dma_buf_attachment *attach, enum dma_data_direction direction);
  /** Undoes that. Locked. */
  FENCE_RUNS_IN("task") void (*unmap_dma_buf)(struct dma_buf_attachment *attach, enum dma_data_direction direction);
  /** Stores where the program sees the memory. The first only; locked. Optional. */
  FENCE_RUNS_IN("task") int (*vmap)(struct dma_buf *buf, void **address);
  /** The last only; locked. */
  FENCE_RUNS_IN("task") void (*vunmap)(struct dma_buf *buf, void *address);
  /** The last reference has gone; the dma_buf itself is freed by the runtime afterwards. */
  FENCE_RUNS_IN("task") void (*release)(struct dma_buf *buf);
};

/** Made by dma_buf_export(), counted. The first four fields are to read. */
struct dma_buf {
  const struct dma_buf_ops *ops;
  void *priv; /**< the exporter's */
  size_t size;
  struct dma_resv *resv;
  const char *exp_name;
  unsigned refcount;
  unsigned vmap_count;  /**< under resv */
  void *vaddr;          /**< under resv */
  int file;             /**< the memfd; kept open, so that nobody else gets its inode */
  unsigned descriptors; /**< that hold a reference */
  uint64_t device, inode;
  struct fence_list node;
  struct dma_resv _resv;
};

/** A device that uses a buffer. Caller-owned memory, between attach and detach. */
struct dma_buf_attachment {
  struct dma_buf *dmabuf; /**< a reference */
  struct fence_device *dev;
  struct sg_table sgt;         /**< while it is mapped */
  enum dma_data_direction dir; /**< DMA_NONE: not mapped */
  void *priv;                  /**< the exporter's */
};

struct dma_buf_export_info {
  const char *exp_name; /**< outlives the buffer */
  const struct dma_buf_ops *ops;
  size_t size;           /**< bytes */
  struct dma_resv *resv; /**< null: one of its own */
  void *priv;
};

/** Stores a buffer with one reference, the caller's. 0; -EINVAL without size, name, release or one of map and unmap; -ENOMEM; -EMFILE and -ENFILE
 *  without a descriptor. On failure `release` does not run.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int dma_buf_export(const struct dma_buf_export_info *info, struct dma_buf **buf) FENCE_DETAIL_NOEXCEPT;
/** Context: any; the caller has a reference. */
FENCE_NONBLOCKING void get_dma_buf(struct dma_buf *buf) FENCE_DETAIL_NOEXCEPT;
/** A reference, unless the last one has gone: for who keeps a pointer that is no reference, under a lock that `release` takes to forget it.
 *  Context: any. */
FENCE_NONBLOCKING bool dma_buf_get_unless_zero(struct dma_buf *buf) FENCE_DETAIL_NOEXCEPT;
/** Null is allowed.
 *  Context: may sleep, whether or not it is the last. */
FENCE_BLOCKS_ON_LAST_REFERENCE void dma_buf_put(struct dma_buf *buf) FENCE_DETAIL_NOEXCEPT;

/** A new descriptor of the buffer, close-on-exec; the caller's reference is the descriptor's from then on. -EMFILE, -ENFILE: it stays the
 *  caller's.
 *  Context: may sleep. Ownership: the caller closes it with dma_buf_close(). */
FENCE_MAY_SLEEP int dma_buf_fd(struct dma_buf *buf) FENCE_DETAIL_NOEXCEPT;
/** The buffer that a descriptor names, with a reference for the caller; null if there is none, or all that dma_buf_fd() gave are closed.
 *  Context: may sleep. O(buffers). */
FENCE_MAY_SLEEP struct dma_buf *dma_buf_get(int fd) FENCE_DETAIL_NOEXCEPT;
/** Closes the descriptor and gives up its reference. 0 or -EBADF. After as many as dma_buf_fd() gave, duplicates name nothing.
 *  Context: may sleep. O(buffers). */
FENCE_MAY_SLEEP int dma_buf_close(int fd) FENCE_DETAIL_NOEXCEPT;

/** 0, or what ops->attach returns, and then nothing is attached. The attachment holds a reference of the buffer; the device outlives it.
 *  Context: may sleep. */
FENCE_MAY_SLEEP int dma_buf_attach(struct dma_buf *buf, struct fence_device *dev,
                                   struct dma_buf_attachment *attach) FENCE_DETAIL_NOEXCEPT;
/** Unmaps first if it is mapped.
 *  Context: may sleep; not holding the buffer's reservation. */
FENCE_MAY_SLEEP void dma_buf_detach(struct dma_buf_attachment *attach) FENCE_DETAIL_NOEXCEPT;
/** attach->sgt has the buffer's memory and the device's addresses of it. 0; -EBUSY if it is mapped; -EINVAL for DMA_NONE; what ops->map_dma_buf returns.
 *  Context: may sleep; not holding the buffer's reservation. */
FENCE_MAY_SLEEP int dma_buf_map_attachment(struct dma_buf_attachment *attach,
                                           enum dma_data_direction direction) FENCE_DETAIL_NOEXCEPT;
/** Nothing if it is not mapped.
 *  Context: may sleep; not holding the buffer's reservation. */
FENCE_MAY_SLEEP void dma_buf_unmap_attachment(struct dma_buf_attachment *attach) FENCE_DETAIL_NOEXCEPT;

/** Stores where the program sees the memory, until the matching dma_buf_vunmap(). 0; -EOPNOTSUPP without ops->vmap; what that returns.
 *  Context: may sleep; not holding the buffer's reservation. */
FENCE_MAY_SLEEP int dma_buf_vmap(struct dma_buf *buf, void **address) FENCE_DETAIL_NOEXCEPT;
/** One more than there were is reported and does nothing.
 *  Context: may sleep; not holding the buffer's reservation. */
FENCE_MAY_SLEEP void dma_buf_vunmap(struct dma_buf *buf) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_BUF_H */
