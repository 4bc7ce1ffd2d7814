// A virtual call may reach every override that the program has, unless the object's class is known.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct device {
  virtual ~device() = default;
  virtual void reset() = 0;
  virtual void poke() {}
};
struct slow_device : device {
  void reset() override { wait_for_device(); }
};
struct fast_device : device {
  void reset() override {}
};
struct final_device final : device {
  void reset() override {}
};
struct quiet { virtual void touch() {} };
struct quieter : quiet { void touch() override {} };

void bad_through_base(spin_lock &Lock, device &Device) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Device.reset();
}
void bad_through_derived(spin_lock &Lock, slow_device &Device) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Device.reset();
}
void bad_qualified(spin_lock &Lock, slow_device &Device) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Device.slow_device::reset();
}
void ok_final(spin_lock &Lock, final_device &Device) {
  spin_guard Guard(Lock);
  Device.reset();
}
void ok_other_branch(spin_lock &Lock, fast_device &Device) {
  spin_guard Guard(Lock);
  Device.reset();
}
void ok_qualified(spin_lock &Lock, slow_device &Device) {
  spin_guard Guard(Lock);
  Device.device::poke();
}
void ok_all_overrides_harmless(spin_lock &Lock, quiet &Object) {
  spin_guard Guard(Lock);
  Object.touch();
}
