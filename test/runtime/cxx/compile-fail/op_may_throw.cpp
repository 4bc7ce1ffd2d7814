// error: fence: signaled must be public: 'bool signaled() noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef FIXED
  bool signaled() noexcept { return true; }
#else
  bool signaled() { return true; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
