// What Clang cannot know: which branches there are, and what arguments mean.
#include <fence/annotations.h>
#include <cstddef>

#define MEM_MAY_WAIT 0x1
FENCE_MAY_SLEEP void wait_for_device();
FENCE_DOES("reclaims when arg1 & 0x1") void *mem_take(std::size_t Bytes, unsigned Flags);
static void flush(bool CanSleep) {
  if (CanSleep)
    wait_for_device();
}

void really_flushes() noexcept [[clang::nonblocking]] { flush(true); }
void really_may_wait() noexcept [[clang::nonblocking]] { mem_take(8, MEM_MAY_WAIT); }

void does_not_flush() noexcept [[clang::nonblocking]] {
  // The argument says that it must not sleep.
  flush(false); // clang-false
}
void dead_if_constexpr() noexcept [[clang::nonblocking]] {
  // The branch is no code.
  if constexpr (false)
    wait_for_device(); // clang-false
}
void dead_if() noexcept [[clang::nonblocking]] {
  // The branch is no code.
  if (0)
    wait_for_device(); // clang-false
}
