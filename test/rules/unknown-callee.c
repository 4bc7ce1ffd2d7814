// Strict mode: in an atomic context everything must be known.
//
// RUN: %fencelint check %s -- -std=gnu11 | FileCheck %s --check-prefix=QUIET --implicit-check-not=warning:
// RUN: not %fencelint check %s --rules unknown-callee -- -std=gnu11 | FileCheck %s --implicit-check-not=warning:
// QUIET: 0 findings
#include "../Inputs/kernel/kernel.h"

void nobody_knows(void);
static void helper(void) { nobody_knows(); }

void bad_unknown(spinlock_t *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'nobody_knows' is not described{{.*}}[unknown-callee]
  helper();
  kfree(lock);
  spin_unlock(lock);
}
void ok_outside(void) { helper(); }
