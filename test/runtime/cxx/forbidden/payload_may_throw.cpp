// EXPECT: fence: called\(\) runs under a fence's lock and must be noexcept
#include <fence/callback.hpp>
#include <fence/dma_fence.hpp>
#include <vector>
class job : public fence::dma_fence<job> {};
struct told {
#ifdef WRONG
  void called(fence::atomic_token &, fence::any_fence &) {}
#else
  FENCE_NONBLOCKING void called(fence::atomic_token &, fence::any_fence &) noexcept {}
#endif
};
bool f(fence::aref<job> one, fence::registration<told> &place, told payload) {
  return static_cast<bool>(place.add(one, static_cast<told &&>(payload)));
}
