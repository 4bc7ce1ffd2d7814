//===- runtime/src/check_memory.h - the checker's own lock and its own memory ---------------------------------------===//
//
// The checker runs inside locks, callbacks and interrupts, and inside every allocation. So it takes no lock of the runtime and no memory of
// the process's allocator. What it does is no step of the program either: it uses the compiler's atomics and not fence::shared, which
// keeps it out of an exploration of interleavings.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_MEMORY_H
#define FENCE_SRC_CHECK_MEMORY_H

#include <cstddef>
#include <cstdint>

namespace fence::check {

/// Spins; held for some memory accesses only, and never while anything of a driver runs but its names.
class quiet_lock {
public:
  void lock() noexcept {
    if (__atomic_exchange_n(&word, 1, __ATOMIC_ACQUIRE)) [[unlikely]]
      wait();
  }
  void unlock() noexcept { __atomic_store_n(&word, 0, __ATOMIC_RELEASE); }

private:
  void wait() noexcept;
  std::uint32_t word;
};

class guarded {
public:
  explicit guarded(quiet_lock &which) noexcept : lock(which) { lock.lock(); }
  ~guarded() { lock.unlock(); }
  guarded(const guarded &) = delete;
  guarded &operator=(const guarded &) = delete;

private:
  quiet_lock &lock;
};

/// Zeroed memory that is never given back to the system, or null.
void *own_memory(std::size_t bytes) noexcept;

} // namespace fence::check
#endif
