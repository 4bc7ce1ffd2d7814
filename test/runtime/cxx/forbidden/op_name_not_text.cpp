// EXPECT: fence: timeline_name must be public
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  int timeline_name() const noexcept { return 1; }
#else
  const char *timeline_name() const noexcept { return "job"; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
