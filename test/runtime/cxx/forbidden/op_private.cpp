// EXPECT: fence: enable_signaling must be public: 'bool enable_signaling\(\) noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  private: bool enable_signaling() noexcept { return true; }
#else
  bool enable_signaling() noexcept { return true; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
