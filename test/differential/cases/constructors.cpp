// Constructors, default member initialisers, default arguments, conversions.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();
static int waits() {
  wait_for_device();
  return 1;
}

struct in_body {
  in_body() { wait_for_device(); }
};
struct in_member {
  in_body Member;
};
struct in_base : in_body {};
struct in_initialiser {
  int Value;
  in_initialiser() : Value(waits()) {}
};
struct converts {
  converts(int) { wait_for_device(); }
};
static void takes(const converts &) {}
static void takes_default(int Value = waits()) { (void)Value; }

void body() noexcept [[clang::nonblocking]] { in_body Object; }
void member() noexcept [[clang::nonblocking]] { in_member Object; }
void base() noexcept [[clang::nonblocking]] { in_base Object; }
void initialiser() noexcept [[clang::nonblocking]] { in_initialiser Object; }
void conversion() noexcept [[clang::nonblocking]] { takes(1); }
void default_argument() noexcept [[clang::nonblocking]] { takes_default(); }
