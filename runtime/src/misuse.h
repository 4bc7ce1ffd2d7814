//===- runtime/src/misuse.h - a mistake of the caller that has a defined result ------------------------------------------------===//
#ifndef FENCE_SRC_MISUSE_H
#define FENCE_SRC_MISUSE_H

#include <fence/context.h>

// Until the checker has it: a worker between two jobs holds nothing.
#ifndef fence_assert_idle
#define fence_assert_idle(what) ((void)(what))
#endif

namespace fence {

/// Says on stderr, in every build, what was wrong: without it the caller would only see that nothing happens.
[[gnu::cold]] void report_misuse(const void *object, const char *what) noexcept;

} // namespace fence
#endif
