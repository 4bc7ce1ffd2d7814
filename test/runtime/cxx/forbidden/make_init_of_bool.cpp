// EXPECT: fence: init must be 'fence::result<void> init\(args\.\.\.\) noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
#ifdef WRONG
  bool init(int) noexcept { return true; }
#else
  fence::result<void> init(int) noexcept { return {}; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>(1)); }
