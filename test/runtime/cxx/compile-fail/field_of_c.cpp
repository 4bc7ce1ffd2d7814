// The struct of C has neither operations nor a release.
// error: FENCE_EMBED(job, done): the member must be a fence::dma_fence<job>
#include <fence/dma_fence.hpp>
struct job {
#ifdef FIXED
  fence::dma_fence<job> done;
#else
  ::dma_fence done;
#endif
  FENCE_EMBED(job, done)
};
