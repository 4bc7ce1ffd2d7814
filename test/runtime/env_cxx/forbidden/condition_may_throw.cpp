// EXPECT: fence: a condition is 'bool \(\) noexcept'
#include <fence/wait_queue.hpp>
#ifdef WRONG
#define NOEXCEPT
#else
#define NOEXCEPT noexcept
#endif
void f(fence::wait_queue &queue, int &left) { queue.wait([&]() NOEXCEPT { return left == 0; }); }
