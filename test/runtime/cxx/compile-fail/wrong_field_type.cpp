// error: FENCE_EMBED(job, done): the member must be a fence::dma_fence<job>
#include <fence/dma_fence.hpp>
struct other;
struct job {
#ifdef FIXED
  fence::dma_fence<job> done;
#else
  fence::dma_fence<other> done;
#endif
  FENCE_EMBED(job, done)
};
