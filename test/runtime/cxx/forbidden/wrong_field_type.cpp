// EXPECT: FENCE_EMBED\(job, done\): the member must be a fence::dma_fence<job>
#include <fence/dma_fence.hpp>
struct other;
struct job {
#ifdef WRONG
  fence::dma_fence<other> done;
#else
  fence::dma_fence<job> done;
#endif
  FENCE_EMBED(job, done)
};
