// EXPECT: fence: what an interrupt runs may not sleep and must be declared FENCE_NONBLOCKING
#include <fence/timer.hpp>
struct engine {
#ifdef WRONG
  void hung() noexcept {}
#else
  FENCE_NONBLOCKING void hung() noexcept {}
#endif
  fence::timer watchdog{fence::runs<&engine::watchdog, &engine::hung>};
};
void f() { engine one; }
