/*===- fence/drm-gem.h - buffers that user space has handles of -----------------------------------------------------===
 *
 * A driver's buffer is a struct of its own with a drm_gem_object in it:
 *
 *     struct ring_bo { struct drm_gem_object base; void *memory; };
 *     static const struct drm_gem_object_funcs ring_bo_funcs = {.free = ring_bo_free, .vmap = ring_bo_vmap};
 *     bo->base.funcs = &ring_bo_funcs;
 *     drm_gem_object_init(&device, &bo->base, 4096);
 *
 * It is counted. A handle of a file, an exported dma_buf and a mapping each hold a reference; with the last one funcs->free runs. The last
 * reference may go anywhere, so giving one up may sleep: that is checked on every put, not only on the last. Where nothing may
 * sleep, drm_gem_object_put_deferred() hands the reference to a thread that may.
 *
 * What may be done with the content is up to the driver: each function of the table is optional, and what it is not there for is
 * refused. The core counts pins and mappings, so a driver sees the first and the last only. Export and import: drm-prime.h.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DRM_GEM_H
#define FENCE_DRM_GEM_H

#include <fence/dma-mapping.h>
#include <fence/dma-resv.h>
#include <fence/mutex.h>
#include <fence/workqueue.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct dma_buf;
struct dma_buf_attachment;
struct drm_device;
struct drm_file;
struct drm_gem_object;
struct drm_gem_mapping;

/*---- What a driver says ------------------------------------------------------------------------------------------*/

/** The driver's functions, static and shared by all its buffers. All but `free` are optional. Those that say "locked" are called with obj->resv held, so
 *  that they see no other of them; they do not take it. */
struct drm_gem_object_funcs {
  uint64_t kind; /**< tells the types of C++ apart; 0 in C, where the table's address does */
  /** The last reference has gone: calls drm_gem_object_release() and frees the memory. */
  FENCE_RUNS_IN("task") void (*free)(struct drm_gem_object *obj);
  /** A file gets its handle of the object. A negative errno refuses it. Under the file's lock. */
  FENCE_RUNS_IN("task") int (*open)(struct drm_gem_object *obj, struct drm_file *file);
  /** A file loses it. Under the file's lock. */
  FENCE_RUNS_IN("task") void (*close)(struct drm_gem_object *obj, struct drm_file *file);
  /** A line for people, after what the core prints: at most `size` bytes with the final 0; returns its whole length. */
  FENCE_NONBLOCKING int (*print_info)(const struct drm_gem_object *obj, char *text, size_t size);
  /** Keeps the content where it is, until unpin. 0 or a negative errno. The first only; locked. */
  FENCE_RUNS_IN("task") int (*pin)(struct drm_gem_object *obj);
  /** The content may move again. The last only; locked. */
  FENCE_RUNS_IN("task") void (*unpin)(struct drm_gem_object *obj);
  /** Makes an unmapped table over the content, which is pinned; whoever asked frees it with sg_free_table(). 0 or a negative errno. Without it the object
   *  cannot be given to another device. Locked. */
  FENCE_RUNS_IN("task") int (*get_sg_table)(struct drm_gem_object *obj, struct sg_table *table);
  /** Stores where the program sees all of the content, until vunmap. 0 or a negative errno. The first only; locked. */
  FENCE_RUNS_IN("task") int (*vmap)(struct drm_gem_object *obj, void **address);
  /** The last only; locked. */
  FENCE_RUNS_IN("task") void (*vunmap)(struct drm_gem_object *obj, void *address);
  /** Sets mapping->address for a part of the content, as mmap() of the device file does. 0 or a negative errno. Not locked. */
  FENCE_RUNS_IN("task") int (*mmap)(struct drm_gem_object *obj, struct drm_gem_mapping *mapping);
  /** Takes that away again. Not locked. */
  FENCE_RUNS_IN("task") void (*munmap)(struct drm_gem_object *obj, struct drm_gem_mapping *mapping);
};

/** What a driver does for a device. */
struct drm_driver {
  /** Makes the device's object for somebody else's buffer: attach->sgt is mapped for dev->dma and stays so until the object goes. Stores it in *obj.
   *  0 or a negative errno. */
  FENCE_RUNS_IN("task")
  int (*gem_prime_import_sg_table)(struct drm_device *dev, struct dma_buf_attachment *attach,
                                   struct drm_gem_object **obj);
};

/*---- The device --------------------------------------------------------------------------------------------------*/

struct drm_vma_offset_node {
  uint64_t offset; /**< 0: none */
  struct drm_vma_offset_node *next;
};

/** What objects belong to; it outlives them. Caller-owned memory. The first five fields are for the driver to set before drm_dev_init(), 0 means the
 *  default. Offsets are bytes into the device file, whole pages from `first_offset` to below `offset_end`. */
struct drm_device {
  const char *name;
  const struct drm_driver *driver;        /**< default: nothing is imported */
  struct fence_device *dma;               /**< what imported buffers are mapped for; default: nothing is imported */
  uint64_t first_offset;                  /**< default: 4 GiB */
  uint64_t offset_end;                    /**< default: 256 TiB */
  struct fence_mutex lock;                /**< guards the offsets and the list of imports */
  struct fence_mutex prime_lock;          /**< one export or import at a time */
  struct drm_vma_offset_node *first_node; /**< in the order of offsets */
  struct fence_list imports;
  unsigned objects;
};

/** Context: any. */
FENCE_NONBLOCKING void drm_dev_init(struct drm_device *dev) FENCE_DETAIL_NOEXCEPT;
/** The device goes. If one of its objects is still there that is said on standard error and the process ends: the object would use freed
 *  memory next.
 *  Context: any but a fence callback. */
FENCE_FREES void drm_dev_fini(struct drm_device *dev) FENCE_DETAIL_NOEXCEPT;
/** Objects that have not been released.
 *  Context: any. */
FENCE_NONBLOCKING unsigned drm_dev_object_count(const struct drm_device *dev) FENCE_DETAIL_NOEXCEPT;

/*---- Objects -----------------------------------------------------------------------------------------------------*/

/** Embedded in the driver's struct. `funcs` is set by the driver before drm_gem_object_init(); the other fields are to read. */
struct drm_gem_object {
  const struct drm_gem_object_funcs *funcs;
  struct drm_device *dev;
  size_t size;                              /**< bytes, whole pages */
  struct dma_resv *resv;                    /**< &_resv, or that of the buffer it was imported from */
  struct dma_buf_attachment *import_attach; /**< null: not imported */
  struct drm_vma_offset_node vma_node;      /**< under dev->lock */
  unsigned refcount;
  unsigned handle_count;   /**< in all files */
  unsigned pin_count;      /**< under resv */
  unsigned vmap_count;     /**< under resv */
  void *vaddr;             /**< under resv */
  struct dma_buf *dma_buf; /**< as which it is exported, under dev->prime_lock; not a reference */
  struct fence_list import_node;
  struct fence_work free_work;
  struct dma_resv _resv;
};

/** The object has one reference, the caller's. `size` is rounded up to whole pages. 0, or -EINVAL for none, for one that overflows or without
 *  funcs->free, and then nothing has been done. Nothing is allocated: the content is the driver's.
 *  Context: any. Ownership: the memory is the driver's, which frees it in funcs->free. */
FENCE_NONBLOCKING int drm_gem_object_init(struct drm_device *dev, struct drm_gem_object *obj,
                                          size_t size) FENCE_DETAIL_NOEXCEPT;
/** The last thing that funcs->free does before it gives back the memory: the mmap offset, the fences and what was imported go.
 *  Context: may sleep. */
FENCE_MAY_SLEEP void drm_gem_object_release(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;

/** Context: any; the caller has a reference. */
FENCE_NONBLOCKING void drm_gem_object_get(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;
/** Null is allowed.
 *  Context: may sleep, whether or not it is the last. */
FENCE_BLOCKS_ON_LAST_REFERENCE void drm_gem_object_put(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;
/** As drm_gem_object_put() for atomic context: if it is the last reference, funcs->free runs on the system's work queue. Null is allowed.
 *  Context: any. */
FENCE_NONBLOCKING void drm_gem_object_put_deferred(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;

/** A line about the object, for people: at most `size` bytes with the final 0. Returns its whole length.
 *  Context: any. */
FENCE_NONBLOCKING int drm_gem_print_info(const struct drm_gem_object *obj, char *text,
                                         size_t size) FENCE_DETAIL_NOEXCEPT;

/*---- Its content -------------------------------------------------------------------------------------------------*/

/** Keeps the content where it is until the matching drm_gem_unpin(). Without funcs->pin it never moves, and this only counts. 0, or what funcs->pin
 *  returns.
 *  Context: may sleep; not holding obj->resv. */
FENCE_MAY_SLEEP int drm_gem_pin(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;
/** One more than there were pins is reported and does nothing.
 *  Context: may sleep; not holding obj->resv. */
FENCE_MAY_SLEEP void drm_gem_unpin(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;
/** Stores in *address where the program sees the content, until the matching drm_gem_vunmap(); the same for all who ask. Of an imported object it
 *  is the exporter's. 0; -EOPNOTSUPP without funcs->vmap; what that returns.
 *  Context: may sleep; not holding obj->resv. */
FENCE_MAY_SLEEP int drm_gem_vmap(struct drm_gem_object *obj, void **address) FENCE_DETAIL_NOEXCEPT;
/** One more than there were is reported and does nothing.
 *  Context: may sleep; not holding obj->resv. */
FENCE_MAY_SLEEP void drm_gem_vunmap(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;

/*---- mmap --------------------------------------------------------------------------------------------------------*/

/** Gives the object an offset in the device file, in the first gap that holds it; the same one again if it has one. 0 or -ENOSPC. Thread-safe.
 *  Context: may sleep. O(objects of the device with an offset). */
FENCE_MAY_SLEEP int drm_gem_create_mmap_offset(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;
/** Gives it back, if it has one. The object's end does it, too.
 *  Context: may sleep. */
FENCE_MAY_SLEEP void drm_gem_free_mmap_offset(struct drm_gem_object *obj) FENCE_DETAIL_NOEXCEPT;
/** The offset in bytes; 0: none.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION uint64_t
drm_vma_node_offset_addr(const struct drm_vma_offset_node *node) FENCE_DETAIL_NOEXCEPT {
  return __atomic_load_n(&node->offset, __ATOMIC_ACQUIRE);
}
/** The object with exactly this offset, with a reference for the caller, or null.
 *  Context: may sleep. O(objects of the device with an offset). */
FENCE_MAY_SLEEP struct drm_gem_object *drm_gem_object_lookup_offset(struct drm_device *dev,
                                                                    uint64_t offset) FENCE_DETAIL_NOEXCEPT;

/** A part of an object that a program sees as it sees a mapped file. Caller-owned memory; the runtime's until drm_gem_munmap(). */
struct drm_gem_mapping {
  struct drm_gem_object *obj; /**< a reference */
  void *address;              /**< set by funcs->mmap */
  size_t size;                /**< bytes from the object's start */
  int prot;                   /**< of mmap() */
};
/** What mmap() of the device file does: the object at `offset`, of which `file` has a handle. 0; -EINVAL where no object begins or if `size` is none or
 *  more than it has; -EACCES without a handle; -ENODEV without funcs->mmap; what that returns.
 *  Context: may sleep. Ownership: the mapping holds a reference of the object until drm_gem_munmap(). */
FENCE_MAY_SLEEP int drm_gem_mmap(struct drm_device *dev, struct drm_file *file, uint64_t offset, size_t size, int prot,
                                 struct drm_gem_mapping *mapping) FENCE_DETAIL_NOEXCEPT;
/** Context: may sleep. */
FENCE_MAY_SLEEP void drm_gem_munmap(struct drm_gem_mapping *mapping) FENCE_DETAIL_NOEXCEPT;

/*---- Handles -----------------------------------------------------------------------------------------------------*/

/** An open device file: numbers from 1 on, each the handle of an object and a reference of it. Two handles of a file never name the same object.
 *  Caller-owned memory, thread-safe. Not in a signalling section: it allocates under its lock. */
struct drm_file {
  void *driver_priv;               /**< the driver's */
  struct fence_mutex lock;         /**< guards the rest */
  struct drm_gem_object **objects; /**< handle h is entry h - 1; null: free */
  uint32_t room, count, max_handles;
  uint32_t first_free; /**< no entry before it is free */
};

/** `max_handles`: more at a time are refused; 0: no limit.
 *  Context: any. */
FENCE_NONBLOCKING void drm_file_init(struct drm_file *file, uint32_t max_handles) FENCE_DETAIL_NOEXCEPT;
/** All handles go. Nobody else uses the file any more.
 *  Context: may sleep. */
FENCE_MAY_SLEEP void drm_file_fini(struct drm_file *file) FENCE_DETAIL_NOEXCEPT;

/** Stores the object's handle: the one that the file has, or else a new one, the lowest that is free, after funcs->open. 0; -ENOSPC; -ENOMEM; what
 *  funcs->open returns, which then leaves no handle.
 *  Context: may sleep. O(1) amortised for an object without handles, else O(handles of the file). */
FENCE_MAY_SLEEP int drm_gem_handle_create(struct drm_file *file, struct drm_gem_object *obj,
                                          uint32_t *handle) FENCE_DETAIL_NOEXCEPT;
/** The object behind a handle, with a reference for the caller, or null.
 *  Context: may sleep; not in a signalling section, since a file allocates under its lock. O(1). */
FENCE_MAY_SLEEP struct drm_gem_object *drm_gem_object_lookup(struct drm_file *file,
                                                             uint32_t handle) FENCE_DETAIL_NOEXCEPT;
/** The handle is free again and its reference given up, after funcs->close. 0 or -ENOENT. (The kernel says -EINVAL.)
 *  Context: may sleep. O(1). */
FENCE_MAY_SLEEP int drm_gem_handle_delete(struct drm_file *file, uint32_t handle) FENCE_DETAIL_NOEXCEPT;
/** Context: may sleep. */
FENCE_MAY_SLEEP uint32_t drm_gem_handle_count(struct drm_file *file) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DRM_GEM_H */
