/*===- fence/dma-fence-unwrap.h - the fences inside of chains and arrays, and merging them ---------------------------===
 *
 * Several dependencies become one fence: everything inside is collected, what has signalled is left out, of each context only the
 * latest stays. The cursor looks through a chain's links and through an array in each; an array's member is taken as it is.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_FENCE_UNWRAP_H
#define FENCE_DMA_FENCE_UNWRAP_H

#include <fence/dma-fence-array.h>
#include <fence/dma-fence-chain.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#  pragma GCC visibility push(default)
#endif

/** Where the iteration is. */
struct dma_fence_unwrap {
  struct dma_fence *chain; /**< the link, or what is no chain; a reference */
  struct dma_fence *array; /**< what that contains */
  unsigned index;          /**< in the array */
};

/** The first fence inside `head`; null if there is none. Without a reference: it is good until the next step.
 *  Context: any. The cursor holds a reference until the iteration returns null or dma_fence_unwrap_end(). */
FENCE_NONBLOCKING struct dma_fence *dma_fence_unwrap_first(struct dma_fence *head, struct dma_fence_unwrap *cursor)
    FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING struct dma_fence *dma_fence_unwrap_next(struct dma_fence_unwrap *cursor) FENCE_DETAIL_NOEXCEPT;
/** For whoever leaves the iteration early. May be called at its end, too. */
FENCE_NONBLOCKING void dma_fence_unwrap_end(struct dma_fence_unwrap *cursor) FENCE_DETAIL_NOEXCEPT;
/** Every fence inside of `head`; call dma_fence_unwrap_end() before a break. */
#define dma_fence_unwrap_for_each(fence, cursor, head)                                                                 \
  for ((fence) = dma_fence_unwrap_first(head, cursor); (fence); (fence) = dma_fence_unwrap_next(cursor))

/** Sorts `num_fences` fences by context and keeps the latest of each; puts the others. Returns how many are left.
 *  Context: any. O(n log n). */
FENCE_NONBLOCKING int dma_fence_dedup_array(struct dma_fence **fences, int num_fences) FENCE_DETAIL_NOEXCEPT;

/** One fence that signals when everything inside of `fences` has: the only one that has not, an array of several, or a signalled one
 *  with the time of the last. What has failed is kept like what is pending, so that the result fails too; but of each context
 *  the latest fence speaks for all. Entries may be null. `cursors` is room for as many. Null without memory.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). Ownership: returns a reference; those of `fences` stay the caller's. */
FENCE_ALLOCATES struct dma_fence *__dma_fence_unwrap_merge(unsigned num_fences, struct dma_fence **fences,
                                                           struct dma_fence_unwrap *cursors) FENCE_DETAIL_NOEXCEPT;

/** __dma_fence_unwrap_merge() of the arguments. C only (a statement expression); in C++ see fence::merge(). */
#ifndef __cplusplus
#  define dma_fence_unwrap_merge(...)                                                                                  \
    __extension__({                                                                                                    \
      struct dma_fence *fence_detail_merged[] = {__VA_ARGS__};                                                         \
      struct dma_fence_unwrap fence_detail_cursors[sizeof fence_detail_merged / sizeof *fence_detail_merged];          \
      __dma_fence_unwrap_merge(sizeof fence_detail_merged / sizeof *fence_detail_merged, fence_detail_merged,          \
                               fence_detail_cursors);                                                                  \
    })
#endif

#if defined(__GNUC__)
#  pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_FENCE_UNWRAP_H */
