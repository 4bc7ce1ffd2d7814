/*===- fence/scatterlist.h - memory in pieces ---------------------------------------------------------------------===
 *
 * A buffer is whole for the program and in pieces for the device: a list of segments, each contiguous in memory. The same list carries, once it is
 * mapped, the segments as the device sees them; their number is another one, because an IOMMU puts pieces together. So the table has
 * two counts, and mixing them up is the classic bug here; sg_table.hpp keeps them apart by type.
 *
 * In user space a page is FENCE_PAGE_SIZE bytes at an address that is a multiple of it, and pages are contiguous when their addresses are.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_SCATTERLIST_H
#define FENCE_SCATTERLIST_H

#include <fence/memory.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define FENCE_PAGE_SIZE 4096u

/** An address as the device sees it. */
typedef uint64_t dma_addr_t;

/** A segment of memory, and, independent of it, a segment of the mapping: entry i of the one has nothing to do with entry i of the other. */
struct scatterlist {
  void *address;          /**< as the program sees it */
  unsigned length;        /**< bytes */
  unsigned dma_length;    /**< bytes; of the mapping */
  dma_addr_t dma_address; /**< of the mapping */
};

struct sg_table {
  struct scatterlist *sgl;
  unsigned nents;      /**< segments of the mapping; 0 while it is not mapped */
  unsigned orig_nents; /**< segments of memory */
  uint64_t generation; /**< changes with every change of the table; for those who have borrowed it */
};

/** A table of `count` segments without memory. 0 or -ENOMEM, -EINVAL for none.
 *  Context: as `gfp` says. */
FENCE_ALLOCATES_WITH(arg2, FENCE_GFP_MAY_WAIT) int sg_alloc_table(struct sg_table *table, unsigned count, fence_gfp gfp)
    FENCE_DETAIL_NOEXCEPT;
/** A table over `size` bytes from `offset` in the first of `count` pages; contiguous pages become one segment of at most `max_segment` bytes (a
 *  multiple of the page size). 0; -ENOMEM; -EINVAL if the pages do not hold that much, or one is not aligned.
 *  Context: as `gfp` says. Ownership: the pages stay the caller's and outlive the table. */
FENCE_ALLOCATES_WITH(arg6, FENCE_GFP_MAY_WAIT)
int sg_alloc_table_from_pages_segment(struct sg_table *table, void *const *pages, unsigned count, unsigned offset, size_t size,
                                      unsigned max_segment, fence_gfp gfp) FENCE_DETAIL_NOEXCEPT;
/** The same without a limit to a segment's size but that of its type. */
FENCE_ALLOCATES_WITH(arg5, FENCE_GFP_MAY_WAIT)
int sg_alloc_table_from_pages(struct sg_table *table, void *const *pages, unsigned count, unsigned offset, size_t size, fence_gfp gfp)
    FENCE_DETAIL_NOEXCEPT;
/** Frees what one of the above made. It is not mapped any more.
 *  Context: any but a fence callback. */
FENCE_FREES void sg_free_table(struct sg_table *table) FENCE_DETAIL_NOEXCEPT;

/** Bytes of memory in the table. Context: any. */
FENCE_NONBLOCKING size_t sg_table_size(const struct sg_table *table) FENCE_DETAIL_NOEXCEPT;
FENCE_DETAIL_FUNCTION dma_addr_t sg_dma_address(const struct scatterlist *segment) FENCE_DETAIL_NOEXCEPT {
  return segment->dma_address;
}
FENCE_DETAIL_FUNCTION unsigned sg_dma_len(const struct scatterlist *segment) FENCE_DETAIL_NOEXCEPT { return segment->dma_length; }

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_SCATTERLIST_H */
