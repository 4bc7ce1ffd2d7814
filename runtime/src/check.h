//===- runtime/src/check.h - what the sources tell the checker -------------------------------------------------------===//
//
// The public part is in fence/context.h. With FENCE_CHECKS 0 every call here is nothing, except for misuse that would corrupt memory: a reference
// count that is wrong is reported in every build.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_H
#define FENCE_SRC_CHECK_H

#include <fence/dma-fence.h>

namespace fence {

/// Says what is wrong with the count, once per place. In every build.
[[gnu::cold]] void report_reference_count(const dma_fence *fence, const char *what) noexcept;

} // namespace fence

#if FENCE_CHECKS
extern "C" {
/// A fence has been made; from now on it is pending.
void fence_check_fence_created(const dma_fence *fence) noexcept;
/// Its last reference has gone.
void fence_check_fence_destroyed(const dma_fence *fence) noexcept;
/// Its last reference has gone although somebody was waiting.
void fence_check_fence_abandoned(const dma_fence *fence) noexcept;
/// An error is being set: before it signals, and negative.
void fence_check_error_set(const dma_fence *fence, int error) noexcept;
/// This thread is about to wait for that fence, or to look whether it has signalled in a way that may wait.
void fence_check_fence_wait(const dma_fence *fence) noexcept;
void fence_check_begin_signalling() noexcept;
void fence_check_end_signalling(bool cookie) noexcept;
}
#else
#  define fence_check_fence_created(fence) ((void)0)
#  define fence_check_fence_destroyed(fence) ((void)0)
#  define fence_check_fence_abandoned(fence) ((void)0)
#  define fence_check_error_set(fence, error) ((void)0)
#  define fence_check_fence_wait(fence) ((void)0)
#  define fence_check_begin_signalling() ((void)0)
#  define fence_check_end_signalling(cookie) ((void)(cookie))
#endif
#endif
