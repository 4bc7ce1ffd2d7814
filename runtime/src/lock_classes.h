//===- runtime/src/lock_classes.h - the classes whose order is known before any lock is taken ----------------------------===//
//
// The order that a driver has to keep between them is fixed: the address space's lock, then reservations, then reclaim, then waiting for a
// fence. The checker knows it from the start, so a driver that does it the other way round is caught the first time and not when somebody has done it
// the right way before. The class of reservations is dma_resv_ww_class.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_LOCK_CLASSES_H
#define FENCE_SRC_LOCK_CLASSES_H

#include <fence/context.h>

namespace fence {

/// Of a process's address space.
extern fence_lock_class mmap_lock_class;
/// The section in which memory is reclaimed; an allocation that may wait waits for it.
extern fence_lock_class reclaim_class;
/// The section in which fences are signalled; waiting for a fence waits for it.
extern fence_lock_class signalling_class;

} // namespace fence
#endif
