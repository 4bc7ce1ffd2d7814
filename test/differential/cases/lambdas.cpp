// Lambdas: called, passed through a template, annotated themselves.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();
template <typename Visit> void visit(Visit Do) { Do(); }

void called() noexcept [[clang::nonblocking]] {
  auto Wait = [] { wait_for_device(); };
  Wait();
}
void passed() noexcept [[clang::nonblocking]] { visit([] { wait_for_device(); }); }
void annotated() {
  auto Poll = []() FENCE_NONBLOCKING noexcept {
    wait_for_device();
  };
  Poll();
}
int ok_harmless(int Value) noexcept [[clang::nonblocking]] {
  visit([&Value] { ++Value; });
  return Value;
}
