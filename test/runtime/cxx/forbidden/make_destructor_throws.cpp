// EXPECT: fence: ~T\(\) is the release and must be noexcept
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
#ifdef WRONG
  explicit job(int) noexcept {} ~job() noexcept(false) {}
#else
  explicit job(int) noexcept {} ~job() {}
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>(1)); }
