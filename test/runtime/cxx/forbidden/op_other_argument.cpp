// EXPECT: fence: set_deadline must be public: 'void set_deadline\(fence::time_point\) noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  void set_deadline(int) noexcept {}
#else
  void set_deadline(fence::time_point) noexcept {}
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
