//===- runtime/src/memory.cpp - allocation with flags, and tests that let it fail ----------------------------------===//
#include "check.h"
#include "shared_memory.h"

#include <cstdlib>
#include <fence/memory.h>

namespace shared = fence::shared;

namespace {
long allocations;
long successes_before_failure = -1;

bool fails_by_injection() noexcept {
  shared::fetch_add(allocations, 1L);
  if (shared::load_relaxed(successes_before_failure) < 0) [[likely]]
    return false;
  return shared::fetch_sub(successes_before_failure, 1L) == 0;
}
} // namespace

extern "C" {

void *fence_alloc(size_t bytes, fence_gfp flags) noexcept {
  fence_check_alloc(flags);
  if (fails_by_injection())
    return nullptr;
  return flags & FENCE_GFP_ZERO ? std::calloc(1, bytes) : std::malloc(bytes);
}

void fence_free(void *memory) noexcept {
  fence_check_free(memory);
  std::free(memory);
}

long fence_fail_allocation(long successes) noexcept {
  shared::store_relaxed(successes_before_failure, successes);
  return shared::exchange(allocations, 0L);
}

} // extern "C"
