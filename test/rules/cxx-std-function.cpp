// std::function erases the type; what went in comes out.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <functional>

struct slow_slot { std::function<void()> Run; };

void bad_local(spin_lock &Lock) {
  std::function<void()> Run = [] { wait_for_device(); };
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Run();
}
void bad_field(spin_lock &Lock, slow_slot &Slot) {
  Slot.Run = [] { wait_for_device(); };
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Slot.Run();
}
void ok_called_outside(spin_lock &Lock, slow_slot &Slot) {
  { spin_guard Guard(Lock); }
  Slot.Run();
}
