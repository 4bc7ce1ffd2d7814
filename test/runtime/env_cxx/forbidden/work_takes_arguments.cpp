// EXPECT: fence: a work item runs a member function 'void \(\) noexcept'
#include <fence/workqueue.hpp>
class engine {
#ifdef WRONG
  void retire(int) noexcept {}
#else
  void retire(fence::sleepable_token &) noexcept {}
#endif
  fence::work retire_{fence::runs<&engine::retire_, &engine::retire>};
};
void f() { engine one; }
