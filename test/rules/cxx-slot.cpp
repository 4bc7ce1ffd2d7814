// What is stored in a place with a context runs in that context, whoever calls it.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

void helper() { wait_for_device(); }
void quick_helper() {}

struct callback {
  FENCE_RUNS_IN("runtime-fence-callback") virtual void called() noexcept = 0;
};
struct bad_callback final : callback {
  void called() noexcept override {
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
    helper();
  }
};
struct ok_callback final : callback {
  void called() noexcept override { quick_helper(); }
};

typedef FENCE_RUNS_IN("runtime-atomic") void (*done_function)(void *Data);
struct bad_request { done_function Done; };
static void bad_done(void *) {
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  helper();
}
static void ok_done(void *) { quick_helper(); }
void start(bad_request &First, bad_request &Second) {
  First.Done = bad_done;
  Second.Done = ok_done;
}

void on_interrupt(int Line, FENCE_RUNS_IN("runtime-interrupt") void (*Handler)(void *), void *Data);
static void bad_handler(void *) {
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  helper();
}
static void ok_handler(void *) { quick_helper(); }
void probe() {
  on_interrupt(1, bad_handler, nullptr);
  on_interrupt(2, ok_handler, nullptr);
  on_interrupt(
      3,
      [](void *) {
        // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
        helper();
      },
      nullptr);
}

struct table {
  FENCE_RUNS_IN("runtime-atomic") int (*Poll)();
  FENCE_RUNS_IN("task") int (*Reset)();
};
static int bad_poll() {
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  helper();
  return 0;
}
static int ok_reset() {
  helper();
  return 0;
}
const table Table = {.Poll = bad_poll, .Reset = ok_reset};

FENCE_RUNS_IN("runtime-atomic") void bad_function() {
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  helper();
}
FENCE_REQUIRES("preempt-off") void bad_requires() {
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  helper();
}
FENCE_REQUIRES("preempt-off") void ok_requires() { quick_helper(); }
