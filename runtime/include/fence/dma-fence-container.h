/*===- fence/dma-fence-container.h - telling the fences that hold fences from the others ---------------------------===
 *
 * An array (dma-fence-array.h) signals when its members have, a link of a chain (dma-fence-chain.h) when it and everything before it
 * has. Both are fences like any other; who has to look inside asks here. They are known by the `kind` in their table of
 * operations, because a table's address differs between shared objects.
 *
 * Containers may hold containers. Nothing is signalled, armed or released by recursion, and a container's lock is held
 * together with a member's only while it is polled: then always the container's first, in a lock class of its own per depth.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_FENCE_CONTAINER_H
#define FENCE_DMA_FENCE_CONTAINER_H

#include <fence/dma-fence.h>

#ifdef __cplusplus
extern "C" {
#endif

/** dma_fence_ops.kind of the containers. */
#define DMA_FENCE_KIND_ARRAY UINT64_C(0x61727261795f5f31)
#define DMA_FENCE_KIND_CHAIN UINT64_C(0x636861696e5f5f31)

/** Null is allowed, and is neither.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool dma_fence_is_array(const struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return fence && fence->ops->kind == DMA_FENCE_KIND_ARRAY;
}
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool dma_fence_is_chain(const struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return fence && fence->ops->kind == DMA_FENCE_KIND_CHAIN;
}
/** Whether it holds other fences.
 *  Context: any. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION bool dma_fence_is_container(const struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return dma_fence_is_array(fence) || dma_fence_is_chain(fence);
}

#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_FENCE_CONTAINER_H */
