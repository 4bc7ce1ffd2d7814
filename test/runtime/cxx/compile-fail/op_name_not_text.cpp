// error: fence: timeline_name must be public
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef FIXED
  const char *timeline_name() const noexcept { return "job"; }
#else
  int timeline_name() const noexcept { return 1; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
