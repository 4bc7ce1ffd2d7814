// The struct of C has neither operations nor a release.
// EXPECT: FENCE_EMBED\(job, done\): the member must be a fence::dma_fence<job>
#include <fence/dma_fence.hpp>
struct job {
#ifdef WRONG
  ::dma_fence done;
#else
  fence::dma_fence<job> done;
#endif
  FENCE_EMBED(job, done)
};
