// EXPECT: delete
#include <fence/callback.hpp>
#include <fence/dma_fence.hpp>
#include <fence/signalling.hpp>
class job : public fence::dma_fence<job> {};
void f([[maybe_unused]] fence::fence_context &context, [[maybe_unused]] fence::aref<job> one) {
#ifdef WRONG
  fence::sleepable_token token; auto *where = new fence::context(token); static_cast<void>(where);
#else
  fence::sleepable_token token; fence::context where(token); static_cast<void>(where);
#endif
}
