// A mark silences what a person has looked at, and no more: one place of many, one repeat of several.
//
// RUN: not %fencelint check %s --rules sleep-in-atomic --json %t.json -- -std=c11 >%t.txt
// RUN: FileCheck %s --implicit-check-not=warning: --implicit-check-not=remark: <%t.txt
// RUN: %python %S/check-json.py %t.json
// RUN: FileCheck %s --check-prefix=JSON <%t.json
#include "../Inputs/cxx/atomic.h"

// The first call is looked at; the second, which it spoke for, now speaks for itself.
void bad_again(struct spin_lock *lock) {
  spin_lock(lock);
  wait_for_device(); // NOLINT(fence-sleep-in-atomic): quick when the ring is empty
  // CHECK: :[[#@LINE+1]]:3: warning: 'wait_for_device' may sleep
  wait_for_device();
  wait_for_device();
  spin_unlock(lock);
}
void ok_each(struct spin_lock *lock) {
  spin_lock(lock);
  wait_for_device(); // NOLINT(fence-sleep-in-atomic)
  wait_for_device(); // NOLINT(fence-sleep-in-atomic)
  spin_unlock(lock);
}
// A mark at a place that another one speaks for is no use yet, and not in vain.
void bad_first(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:3: warning: 'wait_for_device' may sleep
  wait_for_device();
  wait_for_device(); // NOLINT(fence-sleep-in-atomic)
  spin_unlock(lock);
}

// Many places, one cause: a marked place is taken out, also the one whose chain was shown. The others stay together, though fewer than four.
static int read_register(int Index) {
  // CHECK: :[[#@LINE+1]]:{{.*}}warning: 'wait_for_device' may sleep where 4 functions of this module get to it
  wait_for_device();
  return Index;
}
int ok_one(struct spin_lock *lock) {
  spin_lock(lock);
  int Value = read_register(1); // NOLINT(fence-sleep-in-atomic): the register is cached
  spin_unlock(lock);
  return Value;
}
int bad_two(struct spin_lock *lock) {
  // CHECK-NEXT: :[[#@LINE+1]]:3: note: 'spin_lock' takes spinlock 'lock' here
  spin_lock(lock);
  // CHECK-NEXT: :[[#@LINE+1]]:15: note: calls 'read_register'
  int Value = read_register(2);
  spin_unlock(lock);
  return Value;
}
int ok_three(struct spin_lock *lock) {
  spin_lock(lock);
  int Value = read_register(3); // NOLINT(fence-sleep-in-atomic)
  spin_unlock(lock);
  return Value;
}
int bad_four(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:15: note: the same in 'bad_four'
  int Value = read_register(4);
  spin_unlock(lock);
  return Value;
}

// All places marked: the finding is suppressed. So it is by one mark where the chains meet.
static int write_register(int Index) {
  wait_for_device();
  return Index;
}
#define UNDER(Lock, Call) spin_lock(Lock); Call; spin_unlock(Lock)
void ok_write_1(struct spin_lock *lock) { UNDER(lock, write_register(1)); } // NOLINT(fence-sleep-in-atomic)
void ok_write_2(struct spin_lock *lock) { UNDER(lock, write_register(2)); } // NOLINT(fence-sleep-in-atomic)
void ok_write_3(struct spin_lock *lock) { UNDER(lock, write_register(3)); } // NOLINT(fence-sleep-in-atomic)
void ok_write_4(struct spin_lock *lock) { UNDER(lock, write_register(4)); } // NOLINT(fence-sleep-in-atomic)
static int reset(int Index) {
  wait_for_device(); // NOLINT(fence-sleep-in-atomic): only before probe
  return Index;
}
void ok_reset_1(struct spin_lock *lock) { UNDER(lock, reset(1)); }
void ok_reset_2(struct spin_lock *lock) { UNDER(lock, reset(2)); }
void ok_reset_3(struct spin_lock *lock) { UNDER(lock, reset(3)); }
void ok_reset_4(struct spin_lock *lock) { UNDER(lock, reset(4)); }
// CHECK: 3 findings and 4 suppressed in 1 unit

// JSON: "also": [
// JSON: "function": "bad_four",
// JSON: "alsoSuppressed": [
// JSON: "function": "ok_one",
// JSON: "suppression": {
// JSON-NEXT: "kind": "in-source",
// JSON-NEXT: "justification": "the register is cached",
// JSON: "function": "ok_three",
// JSON: "suppressed": [
// JSON: "justification": "quick when the ring is empty",
// JSON: "remarks": []
