//===- runtime/src/check_entry.h - the checker does not check itself -----------------------------------------------===//
//
// Every check begins with an entry. While one is open on a thread all other checks there do nothing: those of a handler or of a driver's names that
// the checker calls, and those of a signal handler that came in between.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_ENTRY_H
#define FENCE_SRC_CHECK_ENTRY_H

#include "realtime.h"

#include <cstdint>

namespace fence::check {

struct entry_state {
  bool busy;
  void *from; ///< return address of the check that was called: what is outside of it in the stack is not ours
  bool found; ///< whether this entry has reported something
};
inline __thread entry_state entry_of_this_thread __attribute__((tls_model("initial-exec")));

inline void *entered_from() noexcept { return entry_of_this_thread.from; }

class entry {
public:
  explicit entry(void *return_address) noexcept : open(!entry_of_this_thread.busy) {
    if (open) [[likely]]
      entry_of_this_thread = {true, return_address, false};
  }
  ~entry() {
    if (open)
      entry_of_this_thread.busy = false;
  }
  entry(const entry &) = delete;
  entry &operator=(const entry &) = delete;
  explicit operator bool() const noexcept { return open; }
  bool found() const noexcept { return entry_of_this_thread.found; }

private:
  bool open;
  realtime_pause pause; // for the checker's own lock, memory and reports; none of it waits for the program
};

/// Opens an entry or leaves the function.
#define FENCE_CHECK_ENTRY(name, otherwise)                                                                             \
  ::fence::check::entry name(__builtin_return_address(0));                                                             \
  if (!name)                                                                                                           \
  return otherwise

} // namespace fence::check
#endif
