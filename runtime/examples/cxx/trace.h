// A log of what the device finished, for a debugger to read.
#ifndef EXAMPLE_TRACE_H
#define EXAMPLE_TRACE_H

#include <array>
#include <atomic>
#include <cstddef>
#include <fence/annotations.h>

namespace gpu {

struct trace_entry {
  int Error;
  trace_entry *Next;
};

class trace {
public:
  /// One entry more, from the reserve.
  void record(int Error) noexcept;
  /// Overwrites the oldest entry; needs no memory.
  void record_in_place(int Error) noexcept { Recent[Count++ % Recent.size()] = Error; }

private:
  trace_entry *Newest = nullptr;
  std::array<int, 16> Recent{};
  std::atomic<std::size_t> Count = 0;
};

/// Fails rather than waits when the reserve is empty.
FENCE_ALLOCATES_WITHOUT_WAITING trace_entry *take_from_reserve() noexcept;

} // namespace gpu
#endif
