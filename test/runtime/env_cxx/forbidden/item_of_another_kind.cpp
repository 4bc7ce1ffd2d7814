// EXPECT: (cannot convert|no viable conversion|no known conversion|cannot initialize)
#include <fence/kthread_worker.hpp>
class engine {
  void retire() noexcept {}
  fence::kthread_work thread_{fence::runs<&engine::thread_, &engine::retire>};
#ifdef WRONG
  fence::kthread_work other_{fence::runs<&engine::number_, &engine::retire>};
#endif
  int number_ = 0;

public:
  int number() const noexcept { return number_; }
};
void f() { engine one; }
