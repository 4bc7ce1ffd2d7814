// EXPECT: fence: wait must be public: 'std::int64_t wait\(bool interruptible, std::int64_t timeout\) noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  bool wait(std::chrono::seconds) noexcept { return true; }
#else
  std::int64_t wait(bool, std::int64_t) noexcept { return 1; }
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
