// EXPECT: fence: counted work of T runs a static member function
#include <fence/workqueue.hpp>
class job {
public:
  void get() noexcept {}
  void put() noexcept {}
#ifdef WRONG
  void retire() noexcept {}
#else
  static void retire(fence::aref<job>) noexcept {}
#endif
  fence::counted_work<job> work{fence::runs<&job::work, &job::retire>};
};
void f() { job one; }
