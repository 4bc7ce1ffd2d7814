//===- runtime/src/exported_inlines.cpp - what headers define, as symbols of the library ---------------------------------------------===//
//
// A binding from another language links names; it cannot include a header. So every function that the C headers define inline is defined here
// once more, from the same text.
//
//===----------------------------------------------------------------------===//
#define FENCE_DETAIL_FUNCTION __attribute__((visibility("default")))
#include <fence/dma-fence-array.h>
#include <fence/dma-fence-chain.h>
#include <fence/dma-fence-container.h>
#include <fence/dma-fence.h>
#include <fence/dma-resv.h>
#include <fence/drm-exec.h>
#include <fence/drm-gem.h>
