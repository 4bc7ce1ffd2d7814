//===- runtime/src/fork.h - what becomes of the runtime's threads in a forked child ----------------------------------------===//
//
// A child has none of its parent's threads. What depends on one is put into a state in which it starts anew at the next use; no lock of the
// environment is held by a thread that is not there, because fork() takes them all.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_FORK_H
#define FENCE_SRC_FORK_H

#include <cstdint>
#include <fence/annotations.h>

namespace fence {

/// To be called before the process's first thread of that kind starts. Cheap when repeated.
void watch_fork() noexcept;
/// A number that differs between a process and its child.
FENCE_NONBLOCKING std::uint32_t this_process() noexcept;

// Taken and released around fork(), in the order in which they nest.
void lock_workqueues() noexcept;
void unlock_workqueues(bool in_child) noexcept;
void lock_timers() noexcept;
void unlock_timers(bool in_child) noexcept;
void lock_dma_bufs() noexcept;
void unlock_dma_bufs() noexcept;

// What only threads of the parent were waiting for, or were running.
void forget_irq_waiters() noexcept;
void forget_running_irq_work() noexcept;

} // namespace fence
#endif
