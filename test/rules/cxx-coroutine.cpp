// Calling a coroutine makes its frame; its body runs when it is resumed.
//
// RUN: %check-rule %s alloc-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

#include <coroutine>

struct step {
  struct promise_type {
    step get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
  };
};
struct pooled_step {
  struct promise_type : step::promise_type {
    pooled_step get_return_object() { return {}; }
    static void *operator new(decltype(sizeof(0))) noexcept { return Frame; }
    static void operator delete(void *) noexcept {}
    static char Frame[256];
  };
};

step job() { co_return; }
pooled_step pooled_job() { co_return; }

void bad_frame(spin_lock &Lock) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-atomic]
  job();
}
void ok_pooled_frame(spin_lock &Lock) {
  spin_guard Guard(Lock);
  pooled_job();
}
void ok_made_before(spin_lock &Lock) {
  step Made = job();
  spin_guard Guard(Lock);
  (void)Made;
}
