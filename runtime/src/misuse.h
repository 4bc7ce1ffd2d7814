//===- runtime/src/misuse.h - a mistake of the caller that has a defined result ------------------------------------------------===//
#ifndef FENCE_SRC_MISUSE_H
#define FENCE_SRC_MISUSE_H

#include <fence/context.h>

namespace fence {

/// Says on stderr, in every build, what was wrong: without it the caller would only see that nothing happens.
[[gnu::cold]] FENCE_NONBLOCKING void report_misuse(const void *object, const char *what) noexcept;

} // namespace fence
#endif
