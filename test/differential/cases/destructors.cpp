// Destructors that nobody wrote a call for.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();

struct waiter {
  ~waiter() { wait_for_device(); }
};
struct holds_waiter {
  waiter Member;
};
struct derives : waiter {};
struct optional_like {
  union {
    waiter Value;
    char None;
  };
  bool Has;
  optional_like() : None(), Has(false) {}
  ~optional_like() {
    if (Has)
      Value.~waiter();
  }
};

void local() noexcept [[clang::nonblocking]] { waiter Local; }
void temporary() noexcept [[clang::nonblocking]] { waiter(); }
void member() noexcept [[clang::nonblocking]] { holds_waiter Local; }
void base() noexcept [[clang::nonblocking]] { derives Local; }
void array() noexcept [[clang::nonblocking]] { waiter Locals[2]; }
void by_value(waiter Parameter) noexcept [[clang::nonblocking]] { (void)Parameter; }
void explicit_call(waiter &Object) noexcept [[clang::nonblocking]] { Object.~waiter(); }
void by_delete(waiter *Object) noexcept [[clang::nonblocking]] { delete Object; }
