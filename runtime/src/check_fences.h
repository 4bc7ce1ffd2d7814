//===- runtime/src/check_fences.h - what the checker knows about fences --------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_FENCES_H
#define FENCE_SRC_CHECK_FENCES_H

#include "check_thread.h"
#include "side_table.h"

namespace fence::check {

struct fence_info {
  const void *key;
  fence_info *next;
  std::uint64_t born, serial; ///< time, and a number that its address never has again
  const dma_fence_ops *ops;
  std::uint64_t context, seqno;
  unsigned callbacks;
  int maker, expected; ///< threads: who made it; whose signalling section said that it will signal it, or 0
  bool pending, hang_reported;
  short_stack made;
};
/// Every fence from its init to its last put.
extern side_table<fence_info> fences;

struct context_info {
  const void *key; ///< the number of the context
  context_info *next;
  int last_signaller;
  std::uint64_t last_signalled;
  unsigned long alive;
};
/// Every context with fences that are alive.
extern side_table<context_info> contexts;
inline const void *key_of_context(std::uint64_t context) noexcept { return reinterpret_cast<const void *>(context << 16); }

/// One line: driver, timeline, context:seqno, age, callbacks, owner. The lock of its table is held, so that the fence does not end.
void describe_fence(text &into, const fence_info &info) noexcept;
/// The signalling section that owns the fence, for the other side of a report.
void explain_owner(const fence_info &info, finding &found) noexcept;

} // namespace fence::check
#endif
