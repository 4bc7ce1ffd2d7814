/*===- fence/dma-fence-array.h - one fence for several: all of them, or the first -----------------------------------===
 *
 * The array owns a reference of each member and signals when all of them have or, with `signal_on_any`, when the first has. Its
 * error is the first that it learns of; with `signal_on_any` it is that of the member that signalled first, if it has
 * one. A deadline set on the array is set on every member.
 *
 * Members are asked to report their completion only once somebody asks the array. The array then stays alive until they
 * have (all), or lets go of the others when the first has (any).
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_FENCE_ARRAY_H
#define FENCE_DMA_FENCE_ARRAY_H

#include <fence/dma-fence-container.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#  pragma GCC visibility push(default)
#endif

struct dma_fence_array;

/** The array's registration with one member. */
struct dma_fence_array_cb {
  struct dma_fence_cb cb;
  struct dma_fence_array *array;
};

/** Read `num_fences` and `fences`; the rest is the runtime's. Its registrations follow it in memory. */
struct dma_fence_array {
  struct dma_fence base;
  struct fence_spinlock lock;
  struct dma_fence **fences;
  uint32_t num_fences;
  uint32_t num_pending;  /**< members that must still signal before the array does */
  uint32_t num_armed;    /**< registrations made */
  uint32_t steps;        /**< arming and completion, whichever comes last finishes */
  int32_t result;        /**< 1 undecided, 0 done, or the error */
  uint32_t signal_on_any;
  struct fence_deferred work;
};

/** Null if `fence` is null or no array. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION struct dma_fence_array *to_dma_fence_array(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return dma_fence_is_array(fence) ? (struct dma_fence_array *)(void *)fence : (struct dma_fence_array *)0;
}

/** Makes an array of `num_fences` fences on its own timeline: `context` and `seqno` as for dma_fence_init(). Null without memory, or
 *  without fences.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). Ownership: on success the array owns `fences`, which comes from
 *  fence_alloc(), and the caller's reference of each; on failure nothing has changed hands. */
FENCE_ALLOCATES struct dma_fence_array *dma_fence_array_create(uint32_t num_fences, struct dma_fence **fences, uint64_t context,
                                                               uint64_t seqno, bool signal_on_any) FENCE_DETAIL_NOEXCEPT;
/** Memory for an array of that many, to be initialised where nothing may fail. Null without memory. Give back with fence_free()
 *  if it never was.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). */
FENCE_ALLOCATES struct dma_fence_array *dma_fence_array_alloc(uint32_t num_fences) FENCE_DETAIL_NOEXCEPT;
/** What dma_fence_array_create() does with the memory of dma_fence_array_alloc(). `num_fences` is not 0, nor more than was
 *  allocated for.
 *  Context: any; does not allocate. Ownership: `array` becomes a fence with one reference, the caller's. */
FENCE_NONBLOCKING void dma_fence_array_init(struct dma_fence_array *array, uint32_t num_fences, struct dma_fence **fences,
                                            uint64_t context, uint64_t seqno, bool signal_on_any) FENCE_DETAIL_NOEXCEPT;

/** Whether that fence, or every member if it is an array, belongs to `context`.
 *  Context: any. */
FENCE_NONBLOCKING bool dma_fence_match_context(struct dma_fence *fence, uint64_t context) FENCE_DETAIL_NOEXCEPT;

/** The first member; `head` itself if it is no array; null for null. Without a reference: it is the array's.
 *  Context: any. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_array_first(struct dma_fence *head) FENCE_DETAIL_NOEXCEPT;
/** Member number `index`, or null behind the last. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_array_next(struct dma_fence *head, unsigned index) FENCE_DETAIL_NOEXCEPT;
/** Every member of `head`, or `head` alone if it is no array. Takes no references. */
#define dma_fence_array_for_each(fence, index, head)                                                                   \
  for ((index) = 0, (fence) = dma_fence_array_first(head); (fence);                                                    \
       ++(index), (fence) = dma_fence_array_next(head, index))

#if defined(__GNUC__)
#  pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_FENCE_ARRAY_H */
