// A template is what it was instantiated to.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct sleeps { static void run() { wait_for_device(); } };
struct spins { static void run() {} };
template <typename Policy> void run_policy() { Policy::run(); }
template <bool Wait> void maybe_wait() {
  if constexpr (Wait)
    wait_for_device();
}
template <typename... Types> void run_all() { (Types::run(), ...); }
template <typename T> struct owner {
  T Value;
  void act() { T::run(); }
};
template <> struct owner<int> {
  void act() { wait_for_device(); }
};

void bad_instantiation(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  run_policy<sleeps>();
}
void ok_instantiation(spin_lock &Lock) {
  spin_guard Guard(Lock);
  run_policy<spins>();
}
void bad_constant(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  maybe_wait<true>();
}
void ok_constant(spin_lock &Lock) {
  spin_guard Guard(Lock);
  maybe_wait<false>();
}
void bad_pack(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  run_all<spins, sleeps>();
}
void ok_pack(spin_lock &Lock) {
  spin_guard Guard(Lock);
  run_all<spins, spins>();
}
void bad_specialisation(spin_lock &Lock, owner<int> &Owner) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Owner.act();
}
void ok_class_template(spin_lock &Lock, owner<spins> &Owner) {
  spin_guard Guard(Lock);
  Owner.act();
}
