// EXPECT: T is made as a fence, so it derives from fence::dma_fence<T> or has one and says FENCE_EMBED\(T, field\)
#include <fence/dma_fence.hpp>
struct job {
  fence::dma_fence<job> done;
#ifndef WRONG
  FENCE_EMBED(job, done)
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
