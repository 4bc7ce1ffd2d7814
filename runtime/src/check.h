//===- runtime/src/check.h - what the sources tell the checker -------------------------------------------------------===//
//
// The part that drivers and the environment use is in fence/context.h. With FENCE_CHECKS 0 every call here is nothing, except for misuse that
// would corrupt memory: a reference count that is wrong is reported in every build.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_H
#define FENCE_SRC_CHECK_H

#include <fence/dma-fence.h>

namespace fence {

/// Says what is wrong with the count, once per place. In every build.
[[gnu::cold]] void report_reference_count(const dma_fence *fence, const char *what) noexcept FENCE_NONBLOCKING;

/// The parts of a thread's context that are entered and left.
enum class section : unsigned char { preempt, irqs, hardirq, softirq, rcu };
inline constexpr unsigned section_count = 5;

} // namespace fence

#if FENCE_CHECKS
#  pragma GCC visibility push(hidden)
extern "C" {
/// One level more, before it counts.
FENCE_NONBLOCKING void fence_check_enter(fence::section which) noexcept;
/// One level fewer, before it counts. False, and reported: there is none, so leave the counter alone.
FENCE_NONBLOCKING bool fence_check_leave(fence::section which) noexcept;
/// Interrupts get the state of a save again, before they do. False: as above.
FENCE_NONBLOCKING bool fence_check_irq_restore(unsigned long flags) noexcept;
/// False: the lock given back just now was not this thread's, so it did not count.
FENCE_NONBLOCKING bool fence_check_was_held() noexcept;
/// The thread ends; it should hold nothing.
void fence_check_thread_ends() noexcept;
/// Memory is about to be taken with those flags, or given back.
FENCE_NONBLOCKING void fence_check_alloc(unsigned flags) noexcept;
FENCE_NONBLOCKING void fence_check_free(const void *memory) noexcept;

/// A fence has been made; from now on it is pending.
FENCE_NONBLOCKING void fence_check_fence_created(const dma_fence *fence) noexcept;
/// It has signalled; its lock is held, its callbacks have not run.
FENCE_NONBLOCKING void fence_check_fence_signaled(const dma_fence *fence) noexcept;
/// Its last reference has gone.
FENCE_NONBLOCKING void fence_check_fence_destroyed(const dma_fence *fence) noexcept;
/// Its last reference has gone although somebody was waiting.
FENCE_NONBLOCKING void fence_check_fence_abandoned(const dma_fence *fence) noexcept;
/// Something is done with the fence that takes a live one.
FENCE_NONBLOCKING void fence_check_fence_used(const dma_fence *fence) noexcept;
/// An error is being set: before it signals, and negative.
FENCE_NONBLOCKING void fence_check_error_set(const dma_fence *fence, int error) noexcept;
/// This thread is about to wait for that fence, or to look whether it has signalled in a way that may wait.
FENCE_MAY_SLEEP void fence_check_fence_wait(const dma_fence *fence) noexcept;
FENCE_NONBLOCKING void fence_check_begin_signalling() noexcept;
/// False, and reported: there was no section of this thread to end.
FENCE_NONBLOCKING bool fence_check_end_signalling(bool cookie) noexcept;

/// A registration is about to be linked. False, and reported: it is already.
FENCE_NONBLOCKING bool fence_check_callback_added(const dma_fence *fence, const dma_fence_cb *cb) noexcept;
/// It is not linked any more: removed, refused, or about to run.
FENCE_NONBLOCKING void fence_check_callback_unlinked(const dma_fence_cb *cb) noexcept;
/// Somebody is about to remove it. False, and reported: from a callback of this fence, which runs under the lock that is needed.
FENCE_NONBLOCKING bool fence_check_callback_remove(const dma_fence *fence, const dma_fence_cb *cb) noexcept;
/// Around the driver's function: it has to leave the context as it found it.
FENCE_NONBLOCKING void fence_check_callback_begin(const dma_fence *fence, const dma_fence_cb *cb) noexcept;
FENCE_NONBLOCKING void fence_check_callback_end() noexcept;
/// Around the driver's release, which may free also where it runs in a callback.
FENCE_NONBLOCKING void fence_check_release_begin() noexcept;
FENCE_NONBLOCKING void fence_check_release_end() noexcept;
}
#  pragma GCC visibility pop
#else
#  define fence_check_enter(section) ((void)0)
#  define fence_check_leave(section) true
#  define fence_check_irq_restore(flags) true
#  define fence_check_was_held() true
#  define fence_check_thread_ends() ((void)0)
#  define fence_check_alloc(flags) ((void)0)
#  define fence_check_free(memory) ((void)0)
#  define fence_check_fence_created(fence) ((void)0)
#  define fence_check_fence_signaled(fence) ((void)0)
#  define fence_check_fence_destroyed(fence) ((void)0)
#  define fence_check_fence_abandoned(fence) ((void)0)
#  define fence_check_fence_used(fence) ((void)0)
#  define fence_check_error_set(fence, error) ((void)0)
#  define fence_check_fence_wait(fence) ((void)0)
#  define fence_check_begin_signalling() ((void)0)
#  define fence_check_end_signalling(cookie) ((void)(cookie), true)
#  define fence_check_callback_added(fence, cb) true
#  define fence_check_callback_unlinked(cb) ((void)0)
#  define fence_check_callback_remove(fence, cb) true
#  define fence_check_callback_begin(fence, cb) ((void)0)
#  define fence_check_callback_end() ((void)0)
#  define fence_check_release_begin() ((void)0)
#  define fence_check_release_end() ((void)0)
#endif
#endif
