// A type-erased callable as drivers write it: one function pointer, one buffer.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

class task {
public:
  template <typename Callable> static task make(Callable &Do) {
    task Made;
    Made.Object = &Do;
    Made.Invoke = [](void *Object) { (*static_cast<Callable *>(Object))(); };
    return Made;
  }
  void operator()() const { Invoke(Object); }

private:
  void *Object = nullptr;
  void (*Invoke)(void *) = nullptr;
};
class quick_task {
public:
  template <typename Callable> explicit quick_task(Callable &Do) : Object(&Do), Call(&call<Callable>) {}
  void operator()() const { Call(Object); }

private:
  template <typename Callable> static void call(void *Object) { (*static_cast<Callable *>(Object))(); }
  void *Object;
  void (*Call)(void *);
};

void bad_erased(spin_lock &Lock) {
  auto Wait = [] { wait_for_device(); };
  task Task = task::make(Wait);
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  Task();
}
void ok_erased(spin_lock &Lock) {
  int Count = 0;
  auto Increment = [&Count] { ++Count; };
  quick_task Task(Increment);
  spin_guard Guard(Lock);
  Task();
}
