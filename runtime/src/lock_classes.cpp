//===- runtime/src/lock_classes.cpp - the classes whose order is known before any lock is taken --------------------------===//
#include "lock_classes.h"

namespace fence {

fence_lock_class mmap_lock_class = {"mmap_lock", FENCE_LOCK_SLEEPS, 0};
fence_lock_class reclaim_class = {"fs_reclaim", FENCE_LOCK_SECTION, 0};
fence_lock_class signalling_class = {"dma_fence_signalling", FENCE_LOCK_SECTION, 0};

} // namespace fence
