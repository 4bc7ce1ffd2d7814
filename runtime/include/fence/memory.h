/*===- fence/memory.h - allocation that says whether it may wait --------------------------------------------------===
 *
 * malloc() never reclaims, but a driver's allocation may, and under a fence's lock that is the bug this project is about. So
 * everything in the runtime allocates here, with the caller's flags: the checker sees a waiting allocation in atomic context
 * on the first run, and a test can let any allocation fail.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_MEMORY_H
#define FENCE_MEMORY_H

#include <fence/context.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/** Flags of an allocation, with the kernel's meanings. */
typedef unsigned fence_gfp;
#define FENCE_GFP_MAY_WAIT 0x1
#define FENCE_GFP_ZERO 0x2
#define FENCE_GFP_KERNEL FENCE_GFP_MAY_WAIT /**< may sleep and reclaim; so not in atomic context, nor while signalling */
#define FENCE_GFP_ATOMIC 0x0                /**< fails rather than waits */

/** `bytes` bytes, or null. Give back with fence_free().
 *  Context: may sleep if `flags` has FENCE_GFP_MAY_WAIT, else any but a fence callback. */
FENCE_ALLOCATES_WITH(arg1, FENCE_GFP_MAY_WAIT) void *fence_alloc(size_t bytes, fence_gfp flags) FENCE_DETAIL_NOEXCEPT;
/** Null is allowed.
 *  Context: any but a fence callback, where nothing is freed. */
FENCE_FREES void fence_free(void *memory) FENCE_DETAIL_NOEXCEPT;

/** Fault injection: the next `successes` allocations of the process succeed, the one after fails, all later ones succeed.
 *  Negative: none fails. Returns the number of allocations since the last call.
 *  Context: any; for tests. */
long fence_fail_allocation(long successes) FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_MEMORY_H */
