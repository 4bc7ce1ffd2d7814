// A count kept in the object, as drivers do.
//
// RUN: %check-rule %s blocking-drop --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <atomic>

struct object {
  void get() noexcept { Count.fetch_add(1); }
  void put() {
    if (Count.fetch_sub(1) == 1)
      delete this;
  }
  ~object() { wait_for_device(); }
  std::atomic<int> Count{1};
};
struct quiet_object {
  void put() {
    if (--Count == 0)
      delete this;
  }
  std::atomic<int> Count{1};
};
struct decrements {
  void put() {
    if (--Count == 0)
      delete this;
  }
  ~decrements() { wait_for_device(); }
  std::atomic<int> Count{1};
};
template <typename T> class handle {
public:
  explicit handle(T *Adopted) : Target(Adopted) {}
  handle(handle &&From) noexcept : Target(From.Target) { From.Target = nullptr; }
  ~handle() {
    if (Target)
      Target->put();
  }

private:
  T *Target;
};

void bad_put(spin_lock &Lock, object *Object) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  Object->put();
}
void bad_handle(spin_lock &Lock, object *Object) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  { handle<object> Owner(Object); }
}
void bad_decrement(spin_lock &Lock, decrements *Object) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[blocking-drop]
  Object->put();
}
void ok_harmless_object(spin_lock &Lock, quiet_object *Object) {
  spin_guard Guard(Lock);
  handle<quiet_object> Owner(Object);
}
void ok_put_outside(spin_lock &Lock, object *Object) {
  { spin_guard Guard(Lock); }
  Object->put();
}
void ok_somebody_else_holds_one(spin_lock &Lock, object *Object) {
  spin_guard Guard(Lock);
  FENCE_HOLDS_ANOTHER_REFERENCE(Object);
  Object->put();
}
