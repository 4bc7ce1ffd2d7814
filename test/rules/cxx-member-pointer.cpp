// Calls through pointers to members.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct device {
  void reset() { wait_for_device(); }
  void poke() {}
  virtual void halt() {}
};
struct slow_device : device {
  void halt() override { wait_for_device(); }
};
using action = void (device::*)();
struct command { action Do; };
struct quick_command { void (device::*Run)(); };

void run_under(spin_lock &Lock, device &Device, command &Command) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  (Device.*Command.Do)();
}
void bad_stored_in_field(command &Command) { Command.Do = &device::reset; }

void bad_local(spin_lock &Lock, device &Device) {
  action Do = &device::reset;
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  (Device.*Do)();
}
void ok_local(spin_lock &Lock, device &Device) {
  action Do = &device::poke;
  spin_guard Guard(Lock);
  (Device.*Do)();
}
void ok_stored_in_field(spin_lock &Lock, device &Device, quick_command &Command) {
  Command.Run = &device::poke;
  spin_guard Guard(Lock);
  (Device.*Command.Run)();
}
