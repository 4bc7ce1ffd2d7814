// error: fence: init must be 'fence::result<void> init(args...) noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
#ifdef FIXED
  fence::result<void> init(int) noexcept { return {}; }
#else
  bool init(int) noexcept { return true; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>(1)); }
