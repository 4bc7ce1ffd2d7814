// Templates are what they were instantiated to.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();

struct slow {
  static void run() { wait_for_device(); }
};
struct quick {
  static void run() {}
};
template <typename Policy> void run_policy() { Policy::run(); }
template <typename Policy> void promised() noexcept [[clang::nonblocking]] { Policy::run(); }

void instantiates_slow() noexcept [[clang::nonblocking]] { run_policy<slow>(); }
void ok_instantiates_quick() noexcept [[clang::nonblocking]] { run_policy<quick>(); }
void uses_promised() { promised<slow>(); }
