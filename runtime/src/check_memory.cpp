//===- runtime/src/check_memory.cpp - the checker's own lock and its own memory -------------------------------------===//
#include "check_memory.h"

#include "shared_memory.h"

#include <sched.h>
#include <sys/mman.h>

namespace fence::check {

FENCE_AUDITED("held for a few instructions by code of the checker, which waits for nothing")
void quiet_lock::wait() noexcept {
  for (unsigned spins = 1; __atomic_exchange_n(&word, 1, __ATOMIC_ACQUIRE); ++spins) {
    while (__atomic_load_n(&word, __ATOMIC_RELAXED)) {
      if (spins++ % 128 == 0)
        sched_yield(); // The holder has lost its processor.
      else
        shared::relax();
    }
  }
}

FENCE_AUDITED("one mapping per quarter of a megabyte that the checker remembers")
void *own_memory(std::size_t bytes) noexcept {
  static quiet_lock lock;
  static char *chunk;
  static std::size_t left;
  constexpr std::size_t chunk_size = 256 * 1024;

  bytes = (bytes + 63) & ~std::size_t{63};
  bool own_mapping = bytes >= chunk_size / 4;
  guarded hold(lock);
  if (!own_mapping && bytes <= left) {
    left -= bytes;
    return chunk + left;
  }
  std::size_t size = own_mapping ? bytes : chunk_size;
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  if (own_mapping)
    return memory;
  chunk = static_cast<char *>(memory);
  left = chunk_size - bytes;
  return chunk + left;
}

} // namespace fence::check
