// EXPECT: private
#include <fence/callback.hpp>
#include <fence/dma_fence.hpp>
#include <fence/signalling.hpp>
class job : public fence::dma_fence<job> {};
void f([[maybe_unused]] fence::fence_context &context, [[maybe_unused]] fence::aref<job> one) {
#ifdef WRONG
  fence::atomic_token token(one->raw());
#else
  fence::sleepable_token token;
#endif
}
