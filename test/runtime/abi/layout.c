/* Sizes and offsets that programs were compiled with, on 64-bit machines. Changing one changes the library's SOVERSION. */
#include <fence/dma-fence.h>
#include <fence/drm-prime.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #type "." #member)

SIZE(struct fence_list, 16);
SIZE(struct fence_rcu_head, 16);
SIZE(struct fence_deferred, 16);
SIZE(struct fence_lock_class, 16);
SIZE(struct fence_spinlock, 16);
SIZE(struct dma_fence_cb, 24);
SIZE(struct dma_fence, 64);
AT(struct dma_fence, lock, 0);
AT(struct dma_fence, ops, 8);
AT(struct dma_fence, cb_list, 16);
AT(struct dma_fence, timestamp, 16);
AT(struct dma_fence, rcu, 16);
AT(struct dma_fence, context, 32);
AT(struct dma_fence, seqno, 40);
AT(struct dma_fence, flags, 48);
AT(struct dma_fence, refcount, 56);
AT(struct dma_fence, error, 60);
SIZE(struct dma_fence_ops, 88);
AT(struct dma_fence_ops, get_driver_name, 16);
AT(struct dma_fence_ops, enable_signaling, 32);
AT(struct dma_fence_ops, release, 56);
AT(struct dma_fence_ops, set_deadline, 80);
SIZE(struct scatterlist, 24);
SIZE(struct sg_table, 24);
SIZE(struct drm_device, 120);
SIZE(struct drm_file, 56);
SIZE(struct drm_gem_mapping, 32);
SIZE(struct drm_gem_object, 224);
AT(struct drm_gem_object, dev, 8);
AT(struct drm_gem_object, size, 16);
AT(struct drm_gem_object, resv, 24);
AT(struct drm_gem_object, import_attach, 32);
AT(struct drm_gem_object, vma_node, 40);
SIZE(struct drm_gem_object_funcs, 96);
AT(struct drm_gem_object_funcs, free, 8);
AT(struct drm_gem_object_funcs, munmap, 88);
SIZE(struct dma_buf, 160);
AT(struct dma_buf, resv, 24);
SIZE(struct dma_buf_attachment, 56);
AT(struct dma_buf_attachment, sgt, 16);
SIZE(struct dma_buf_ops, 56);
