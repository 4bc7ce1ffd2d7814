// EXPECT: fence: what a work item runs is noexcept
#include <fence/workqueue.hpp>
class engine {
#ifdef WRONG
  void retire() {}
#else
  void retire() noexcept {}
#endif
  fence::work retire_{fence::runs<&engine::retire_, &engine::retire>};
};
void f() { engine one; }
