// EXPECT: nodiscard
#pragma GCC diagnostic error "-Wunused-result"
#pragma GCC diagnostic error "-Wunused-value"
#include <fence/callback.hpp>
#include <fence/dma_fence.hpp>
#include <fence/signalling.hpp>
class job : public fence::dma_fence<job> {};
void f([[maybe_unused]] fence::fence_context &context, [[maybe_unused]] fence::aref<job> one) {
#ifdef WRONG
  fence::signalling_section();
#else
  fence::signalling_section section(*one);
#endif
}
