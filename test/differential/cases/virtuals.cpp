// Virtual methods: an override inherits the promise, and a call through an unannotated base promises nothing.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();

struct observer {
  virtual void notified() noexcept [[clang::nonblocking]] = 0;
  virtual void reset() noexcept;
};
struct slow : observer {
  void notified() noexcept override { wait_for_device(); }
  void reset() noexcept override { wait_for_device(); }
};
struct quick : observer {
  void notified() noexcept override {}
};

void through_base(observer &Object) noexcept [[clang::nonblocking]] { Object.reset(); }
void through_derived(slow &Object) noexcept [[clang::nonblocking]] { Object.reset(); }
void ok_through_annotated(observer &Object) noexcept [[clang::nonblocking]] { Object.notified(); }
