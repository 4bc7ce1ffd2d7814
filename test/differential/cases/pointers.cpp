// Function pointers and member pointers: stored in annotated places, called through places of no promise.
#include <fence/annotations.h>

FENCE_MAY_SLEEP void wait_for_device();
static void slow() noexcept { wait_for_device(); }
static void slow_argument(int) noexcept { wait_for_device(); }
static void quick() noexcept [[clang::nonblocking]] {}

struct device {
  void (*Reset)();
  void (*Poll)() noexcept [[clang::nonblocking]];
  void flush() { wait_for_device(); }
};

void stores(device &Device) {
  Device.Reset = slow;
  Device.Poll = quick;
}
void calls_field(device &Device) noexcept [[clang::nonblocking]] { Device.Reset(); }
void calls_local() noexcept [[clang::nonblocking]] {
  void (*Do)() = slow;
  Do();
}
void calls_member(device &Device) noexcept [[clang::nonblocking]] {
  void (device::*Do)() = &device::flush;
  (Device.*Do)();
}
void ok_annotated_field(device &Device) noexcept [[clang::nonblocking]] { Device.Poll(); }
void ok_stored() { slow_argument(1); }
