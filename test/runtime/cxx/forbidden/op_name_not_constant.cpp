// EXPECT: fence: driver_name must be public: 'static constexpr const char \*driver_name' or 'const char \*driver_name\(\) const noexcept'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  const char *driver_name = "job";
#else
  static constexpr const char *driver_name = "job";
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
