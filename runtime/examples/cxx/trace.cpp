#include "trace.h"

namespace gpu {

void trace::record(int Error) noexcept {
  trace_entry *Entry = take_from_reserve();
  if (!Entry)
    return;
  Entry->Error = Error;
  Entry->Next = Newest;
  Newest = Entry;
}

} // namespace gpu
