// EXPECT: fence: the payload is destroyed under a fence's lock; wrap what may block or free in fence::defer_drop
#include <fence/callback.hpp>
#include <fence/dma_fence.hpp>
#include <vector>
class job : public fence::dma_fence<job> {};
struct told {
#ifdef WRONG
  FENCE_NONBLOCKING void called(fence::atomic_token &, fence::any_fence &) noexcept {} std::vector<int> pages;
#else
  FENCE_NONBLOCKING void called(fence::atomic_token &, fence::any_fence &) noexcept {}
#endif
};
bool f(fence::aref<job> one, fence::registration<told> &place, told payload) {
  return static_cast<bool>(place.add(one, static_cast<told &&>(payload)));
}
