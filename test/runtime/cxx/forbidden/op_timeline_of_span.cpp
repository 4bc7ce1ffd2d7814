// EXPECT: fence: timeline_value_str must be public
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  void timeline_value_str(std::span<char>) noexcept {}
#else
  void timeline_value_str(std::span<char>) const noexcept {}
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
