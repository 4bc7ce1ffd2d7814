// Nothing that sleeps goes into a std::function of this type, so nothing that sleeps comes out.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <functional>

void ok_local(spin_lock &Lock, int &Count) {
  std::function<void(int)> Run = [&Count](int By) { Count += By; };
  spin_guard Guard(Lock);
  Run(1);
}
void ok_other_signature(std::function<int(long)> &Other) {
  Other = [](long) { wait_for_device(); return 1; };
}
