//===- runtime/src/check.cpp - what the runtime notices in every build ------------------------------------------------===//
#include "check.h"

#include <cstdio>

namespace fence {

void report_reference_count(const dma_fence *fence, const char *what) noexcept {
  std::fprintf(stderr, "fence: %s (%p)\n", what, static_cast<const void *>(fence));
}

} // namespace fence
