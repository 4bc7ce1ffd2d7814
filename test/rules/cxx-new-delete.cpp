// operator new in its three forms: the global one, a class's own, and placement.
//
// RUN: %check-rule %s alloc-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <new>

struct plain { int Value; };
struct pooled {
  static void *operator new(decltype(sizeof(0))) { return Pool; }
  static void operator delete(void *) {}
  static char Pool[64];
};
struct grows {
  static void *operator new(decltype(sizeof(0))) { return grow_pool(); }
  static void operator delete(void *) {}
};

plain *bad_global(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  return new plain;
}
plain *bad_array(spin_lock &Lock, int Count) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  return new plain[Count];
}
plain *bad_nothrow(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  return new (std::nothrow) plain;
}
grows *bad_class_specific(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  return new grows;
}
plain *bad_global_spelled_out(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  return static_cast<plain *>(::operator new(sizeof(plain)));
}
pooled *ok_class_specific(spin_lock &Lock) {
  spin_guard Guard(Lock);
  return new pooled;
}
plain *ok_placement(spin_lock &Lock, void *Place) {
  spin_guard Guard(Lock);
  return new (Place) plain;
}
void ok_delete(spin_lock &Lock, plain *Object, pooled *Other) {
  spin_guard Guard(Lock);
  delete Object;
  delete Other;
}
plain *ok_before(spin_lock &Lock) {
  plain *Made = new plain;
  spin_guard Guard(Lock);
  return Made;
}
