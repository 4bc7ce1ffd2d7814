// EXPECT: fence: use_64bit_seqno must be public: 'static constexpr bool use_64bit_seqno'
#include <fence/dma_fence.hpp>
class job : public fence::dma_fence<job> {
public:
  job() noexcept {}
#ifdef WRONG
  bool use_64bit_seqno = true;
#else
  static constexpr bool use_64bit_seqno = true;
#endif
};
bool f(fence::fence_context &context) { return static_cast<bool>(context.make_fence<job>()); }
