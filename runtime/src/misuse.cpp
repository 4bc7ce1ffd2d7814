//===- runtime/src/misuse.cpp - a mistake of the caller that has a defined result ----------------------------------------------===//
#include "misuse.h"

#include "realtime.h"

#include <cstdio>

namespace fence {

FENCE_AUDITED("a mistake is told, before anything else")
void report_misuse(const void *object, const char *what) noexcept {
  realtime_pause pause;
  std::fprintf(stderr, "fence: %s (%p)\n", what, object);
}

} // namespace fence
