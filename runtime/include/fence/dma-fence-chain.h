/*===- fence/dma-fence-chain.h - a timeline: each link waits for its own fence and for all before it -----------------===
 *
 * A link joins a fence to the link before it and carries a number; waiting for a link means waiting for everything up to that
 * number. Numbers have 64 bits and never decrease along a chain: a link with a smaller one gets its predecessor's.
 *
 * A chain would grow for ever, so whoever walks it takes out the links whose fence has signalled. The error of a link that
 * is taken out is kept by the one after it: a link's error is the first that it learns of, its own fence's or an older one.
 * A deadline set on a link is set on everything it waits for.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_FENCE_CHAIN_H
#define FENCE_DMA_FENCE_CHAIN_H

#include <fence/dma-fence-container.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#  pragma GCC visibility push(default)
#endif

/** A link that does not wait, but has something to do. */
struct dma_fence_chain_woken {
  struct fence_deferred work;
  struct dma_fence *waited_for; /**< a reference */
};

/** Read `fence` and `prev_seqno`; the rest is the runtime's. */
struct dma_fence_chain {
  struct dma_fence base;
  struct dma_fence *prev;  /**< the link before; read it with dma_fence_chain_walk() only */
  uint64_t prev_seqno;     /**< its number when this link was made, 0 if it is on another timeline */
  struct dma_fence *fence; /**< what this link adds */
  union {
    struct dma_fence_cb cb;             /**< while it waits */
    struct dma_fence_chain_woken woken; /**< once what it waited for has signalled, and for the release */
  };
  struct fence_spinlock lock;
  int32_t result; /**< 1 undecided, 0 done, or the error */
};

/** Null if `fence` is null or no link. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION struct dma_fence_chain *to_dma_fence_chain(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  return dma_fence_is_chain(fence) ? (struct dma_fence_chain *)(void *)fence : (struct dma_fence_chain *)0;
}
/** What the link adds; `fence` itself if it is no link. Without a reference: it is the link's. */
FENCE_NONBLOCKING FENCE_DETAIL_FUNCTION struct dma_fence *dma_fence_chain_contained(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT {
  struct dma_fence_chain *chain = to_dma_fence_chain(fence);
  return chain ? chain->fence : fence;
}

/** Memory for a link, taken before the point where nothing may fail. Null without memory.
 *  Context: may sleep (allocates with FENCE_GFP_KERNEL). */
FENCE_ALLOCATES struct dma_fence_chain *dma_fence_chain_alloc(void) FENCE_DETAIL_NOEXCEPT;
/** Gives back a link that was never initialised. Null is allowed.
 *  Context: any but a fence callback. */
FENCE_FREES void dma_fence_chain_free(struct dma_fence_chain *chain) FENCE_DETAIL_NOEXCEPT;
/** Puts `chain` after `prev`, which may be null, or a fence that is no link. It stays on prev's timeline if `seqno` is larger than
 *  prev's; otherwise it starts a timeline (a new context) at the larger of the two.
 *  Context: any; does not allocate. Ownership: the link owns the caller's references of `prev` and `fence`; `chain` becomes a
 *  fence with one reference, the caller's. */
FENCE_NONBLOCKING void dma_fence_chain_init(struct dma_fence_chain *chain, struct dma_fence *prev, struct dma_fence *fence,
                                            uint64_t seqno) FENCE_DETAIL_NOEXCEPT;

/** The next older link whose fence has not signalled, or null; takes the signalled ones between out of the chain.
 *  Context: any. Ownership: takes the caller's reference of `fence`, returns one of the result. */
FENCE_NONBLOCKING struct dma_fence *dma_fence_chain_walk(struct dma_fence *fence) FENCE_DETAIL_NOEXCEPT;
/** Every link from `head` on to the older ones, `head` first. `iter` holds a reference: who leaves the loop early puts it. */
#define dma_fence_chain_for_each(iter, head)                                                                           \
  for ((iter) = dma_fence_get(head); (iter); (iter) = dma_fence_chain_walk(iter))

/** Replaces *pfence, a link, by the one that has to signal for point `seqno` to be reached; by null if it has been. Point 0 is
 *  always there. Returns 0, or -EINVAL if *pfence is no link or ends before `seqno`; then *pfence is as before.
 *  Context: any. Ownership: takes a reference of the old, gives one of the new. O(links between). */
FENCE_NONBLOCKING int dma_fence_chain_find_seqno(struct dma_fence **pfence, uint64_t seqno) FENCE_DETAIL_NOEXCEPT;

#if defined(__GNUC__)
#  pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_FENCE_CHAIN_H */
