//===- runtime/src/check_stack.h - stacks: cheap ones to remember, whole ones to show ----------------------------------===//
#ifndef FENCE_SRC_CHECK_STACK_H
#define FENCE_SRC_CHECK_STACK_H

#include <cstddef>
#include <cstdint>

namespace fence::check {

/// What is kept with every held lock, edge and fence: a few frames, found by frame pointers in some nanoseconds. Code that was compiled
/// without them ends it early.
struct short_stack {
  static constexpr unsigned capacity = 6;
  void *frames[capacity];
  unsigned count;
};
void capture(short_stack &into) noexcept;

/// For a report: the unwinder's, which takes microseconds.
struct whole_stack {
  static constexpr unsigned capacity = 48;
  void *frames[capacity];
  unsigned count;
};
/// Without the frames of the checker itself.
void capture(whole_stack &into) noexcept;

/// The start of the function that the return address lies in, or the address itself.
std::uintptr_t function_of(void *return_address) noexcept;

/// "#2 0x55d0c0 in name+0x12 (module+0x1234)", which llvm-symbolizer's wrappers understand.
void describe_frame(char *line, std::size_t size, unsigned number, void *return_address) noexcept;

} // namespace fence::check
#endif
