// Clang infers through bodies it can see; so do we.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();

static void one() { wait_for_device(); }
static void two() { one(); }
static int even(unsigned Value);
static int odd(unsigned Value) { return Value == 0 ? 0 : even(Value - 1); }
static int even(unsigned Value) { return Value == 0 ? (wait_for_device(), 1) : odd(Value - 1); }
static int quick(int Value) { return Value + 1; }

void through_two() noexcept [[clang::nonblocking]] { two(); }
int through_recursion(unsigned Value) noexcept [[clang::nonblocking]] { return even(Value); }
int ok_quick(int Value) noexcept [[clang::nonblocking]] { return quick(Value); }
