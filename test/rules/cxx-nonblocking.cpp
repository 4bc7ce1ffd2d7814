// A promise not to block, on functions, overrides, redeclarations and on places that hold functions.
//
// RUN: %check-rule %s sleep-in-atomic,alloc-in-atomic,alloc-in-callback,contract-mismatch --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

void helper() { wait_for_device(); }
void *allocating_helper() { return grow_pool(); }
void quick_helper() {}

FENCE_NONBLOCKING void bad_function() noexcept {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  helper();
}
void bad_clang_spelling() noexcept [[clang::nonblocking]] {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  helper();
}
FENCE_NONALLOCATING void bad_allocation() {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  allocating_helper();
}
FENCE_NONBLOCKING void bad_free(int *Memory) noexcept {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  delete Memory;
}

FENCE_NONBLOCKING void bad_redeclared() noexcept;
void bad_redeclared() noexcept {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  helper();
}

struct observer {
  FENCE_NONBLOCKING virtual void notified() noexcept = 0;
  FENCE_NONBLOCKING virtual void dropped() noexcept {}
};
struct bad_observer : observer {
  void notified() noexcept override {
    // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
    helper();
  }
};
struct ok_observer : observer {
  void notified() noexcept override { quick_helper(); }
};

struct operations {
  FENCE_NONBLOCKING void (*Poll)() noexcept;
  void (*Reset)();
};
void bad_poll() noexcept {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  helper();
}
void ok_poll() noexcept { quick_helper(); }
void ok_reset() { helper(); }
operations BadOperations = {bad_poll, ok_reset};
operations OkOperations = {ok_poll, ok_reset};

void each(FENCE_NONBLOCKING void (*Visit)(int) noexcept) { Visit(1); }
void bad_visit(int) noexcept {
  // CHECK: :[[#@LINE+1]]:{{.*}}[contract-mismatch]
  helper();
}
void registers() { each(bad_visit); }

FENCE_NONALLOCATING void ok_nonallocating_may_sleep() { helper(); }
FENCE_NONBLOCKING void ok_function(int Value) noexcept {
  quick_helper();
  if (Value)
    quick_helper();
}
FENCE_AUDITED("the device is off whenever this runs") void audited() { helper(); }
FENCE_NONBLOCKING void ok_calls_audited() noexcept { audited(); }
void ok_calls_nonblocking_virtual(observer &Object, spin_lock &Lock) {
  spin_guard Guard(Lock);
  Object.notified();
}
