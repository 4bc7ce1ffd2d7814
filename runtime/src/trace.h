//===- runtime/src/trace.h - trace points ------------------------------------------------------------------------------===//
//
// The seven trace points of the kernel's fences (include/trace/events/dma_fence.h there) as USDT probes, which perf, bpftrace and SystemTap know:
// a nop each until somebody attaches. Probe names are those of the kernel, the provider is `dma_fence`; arguments are
// the fence, its context and its seqno.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_TRACE_H
#define FENCE_SRC_TRACE_H

#include <fence/dma-fence.h>

#if __has_include(<sys/sdt.h>) && !defined(FENCE_EXPLORE)
#  include <sys/sdt.h>
#  define FENCE_PROBE(name, fence) STAP_PROBE3(dma_fence, name, fence, (fence)->context, (fence)->seqno)
#else
#  define FENCE_PROBE(name, fence) ((void)(fence))
#endif

namespace fence {

enum class trace { init, destroy, enable_signal, signaled, wait_start, wait_end, emit };

template <class Fence> inline void traced(trace point, const Fence *fence) noexcept {
  switch (point) {
  case trace::init: FENCE_PROBE(dma_fence_init, fence); break;
  case trace::destroy: FENCE_PROBE(dma_fence_destroy, fence); break;
  case trace::enable_signal: FENCE_PROBE(dma_fence_enable_signal, fence); break;
  case trace::signaled: FENCE_PROBE(dma_fence_signaled, fence); break;
  case trace::wait_start: FENCE_PROBE(dma_fence_wait_start, fence); break;
  case trace::wait_end: FENCE_PROBE(dma_fence_wait_end, fence); break;
  case trace::emit: FENCE_PROBE(dma_fence_emit, fence); break;
  }
}

} // namespace fence
#endif
