// The same template is given two lambdas; it calls them under a lock. The finding is where the lock is taken.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

template <typename Visit> void visit_under(spin_lock &Lock, Visit Do) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Do();
}
void bad_given(spin_lock &Lock) { visit_under(Lock, [] { wait_for_device(); }); }
void ok_given(spin_lock &Lock, int &Count) { visit_under(Lock, [&Count] { ++Count; }); }
