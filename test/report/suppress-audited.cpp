// What a person has audited is still looked at: what its callers would be told is told as suppressed, with the person's reason.
//
// RUN: not %fencelint check %s --json %t.json --sarif %t.sarif -- -std=c++20 | FileCheck %s --implicit-check-not=warning: --implicit-check-not=remark:
// RUN: not %fencelint check %s --rules=-unused-suppression --show-suppressed -- -std=c++20 | FileCheck %s --check-prefix=SHOWN --implicit-check-not=remark:
// RUN: %python %S/check-json.py %t.json && %python %S/check-sarif.py %t.sarif
// RUN: FileCheck %s --check-prefix=SARIF <%t.sarif
#include "../Inputs/cxx/atomic.h"

static spin_lock Lock, Other;
static void wait_twice() {
  wait_for_device();
  wait_for_device();
}

// Not suppressed: the call beside the audited one, the audited function's callee called directly, and what an audited function would have
// left behind or hidden.
FENCE_AUDITED("the device is off whenever this runs") static void drain() { wait_twice(); }
void bad_beside() {
  spin_guard Guard(Lock);
  drain();
  // CHECK: :[[#@LINE+1]]:3: warning: 'wait_twice' may sleep
  wait_twice();
}
static void either(bool Off) {
  if (Off)
    drain();
  else
    wait_for_device();
}
void bad_either(bool Off) {
  spin_guard Guard(Lock);
  // CHECK: :[[#@LINE+1]]:3: warning: 'either' may sleep (in 'wait_for_device')
  either(Off);
}
FENCE_AUDITED("gives the lock to the next one") static void take_other() { Other.lock(); }
void ok_after() {
  take_other();
  wait_for_device();
}

// The call of 'drain' beside the other one.
// SHOWN: :[[#@LINE-22]]:3: remark: 'drain' may sleep (in 'wait_for_device') while holding spinlock 'Lock' [sleep-in-atomic]
void ok_drain() {
  spin_guard Guard(Lock);
  // SHOWN: :[[#@LINE+5]]:3: remark: 'drain' may sleep (in 'wait_for_device') while holding spinlock 'Lock' [sleep-in-atomic]
  // SHOWN: :[[#@LINE+4]]:3: note: calls 'drain'
  // SHOWN-NEXT: note: calls 'wait_twice'
  // SHOWN-NEXT: note: 'wait_for_device' may sleep
  // SHOWN-NEXT: :[[#@LINE-32]]:1: note: suppressed here: the device is off whenever this runs
  drain();
}
// Its own lock, a promise, and what it is given.
FENCE_AUDITED("Lock is a stub in this build") void ok_own() {
  Lock.lock();
  // SHOWN: :[[#@LINE+1]]:3: remark: 'wait_for_device' may sleep
  wait_for_device();
  Lock.unlock();
}
FENCE_NONBLOCKING void ok_promise() noexcept {
  // SHOWN: :[[#@LINE+1]]:3: remark: {{.*}} [contract-mismatch]
  drain();
}
FENCE_AUDITED("nobody sleeps there") void each(void (*Do)()) { Do(); }
void ok_given() {
  spin_guard Guard(Lock);
  // SHOWN: :[[#@LINE+1]]:3: remark: 'each' may sleep (in 'wait_for_device')
  each(wait_twice);
}
// CHECK: :[[#@LINE+1]]:1: remark: auditing 'idle' suppresses nothing [unused-suppression]
FENCE_AUDITED("it only counts") int idle(int Count) { return Count + 1; }
FENCE_AUDITED("of another file") void elsewhere();
void ok_elsewhere() {
  spin_guard Guard(Lock);
  elsewhere();
}
// CHECK: 2 findings and 5 suppressed in 1 unit

// SARIF: "suppressions": {{\[$}}
// SARIF-NEXT: {
// SARIF-NEXT: "kind": "inSource",
// SARIF-NEXT: "justification": "the device is off whenever this runs",
