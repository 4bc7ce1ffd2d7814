// EXPECT: fence: T has neither a constructor nor an init for these arguments
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
#ifdef WRONG
  explicit job(int, int) noexcept {}
#else
  explicit job(int) noexcept {}
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>(1)); }
