// EXPECT: fence: signaled must be public: 'bool signaled\(\) noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  bool signaled() { return true; }
#else
  bool signaled() noexcept { return true; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
