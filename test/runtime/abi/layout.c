/* Sizes and offsets that programs were compiled with, on 64-bit machines. Changing one changes the library's SOVERSION. */
#include <fence/dma-fence.h>

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
