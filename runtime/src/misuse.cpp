//===- runtime/src/misuse.cpp - a mistake of the caller that has a defined result ----------------------------------------------===//
#include "misuse.h"

#include <cstdio>

namespace fence {

void report_misuse(const void *object, const char *what) noexcept {
  std::fprintf(stderr, "fence: %s (%p)\n", what, object);
}

} // namespace fence
