// EXPECT: fence: T's constructor must be noexcept; what may fail goes to init
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
#ifdef WRONG
  explicit job(int) {}
#else
  explicit job(int) noexcept {}
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>(1)); }
