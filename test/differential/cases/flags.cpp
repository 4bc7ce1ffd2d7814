// An allocator that is told by a flag to do without waiting, from memory set aside. For a promise that allows allocation from a
// reserve this is right; Clang sees an unannotated function.
#include <fence/annotations.h>
#include <cstddef>

#define MEM_ATOMIC 0x20
#define MEM_MAY_WAIT 0x400
FENCE_DOES("reclaims when arg1 & 0x400") void *mem_take(std::size_t Bytes, unsigned Flags);

void *takes_atomic() noexcept [[clang::nonblocking]] {
  // Only the flag that this call does not have makes it allocate or wait.
  return mem_take(8, MEM_ATOMIC); // clang-false
}
void *takes_and_waits() noexcept [[clang::nonblocking]] { return mem_take(8, MEM_ATOMIC | MEM_MAY_WAIT); }
