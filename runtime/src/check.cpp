//===- runtime/src/check.cpp - what the runtime notices in every build ------------------------------------------------===//
#include "check.h"

#include "check_entry.h"
#include "check_report.h"

namespace fence {

void report_reference_count(const dma_fence *fence, const char *what) noexcept {
  check::entry entry(__builtin_return_address(0));
  if (!entry)
    return;
  check::finding found{.kind = FENCE_REPORT_REFERENCE_COUNT};
  found.message.add("%s (%p)", what, static_cast<const void *>(fence));
  check::report(found);
}

} // namespace fence
