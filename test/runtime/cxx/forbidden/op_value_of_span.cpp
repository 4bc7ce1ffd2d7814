// EXPECT: fence: fence_value_str must be public: 'void fence_value_str\(std::span<char>\) const noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  void fence_value_str(char *, int) const noexcept {}
#else
  void fence_value_str(std::span<char>) const noexcept {}
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
