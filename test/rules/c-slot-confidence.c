// Of four tables of operations one leads to something that sleeps: likely another table is meant, so the finding has low confidence.
//
// RUN: %fencelint check %s -- -std=c11 | FileCheck %s --check-prefix=QUIET --implicit-check-not=warning:
// RUN: not %fencelint check %s --min-confidence low -- -std=c11 | FileCheck %s --implicit-check-not=warning:
// QUIET: 0 findings
#include "../Inputs/cxx/atomic.h"

struct ops {
  void (*start)(void);
  void (*flush)(void);
};
static void start(void) {}
static void flush(void) { wait_for_device(); }
const struct ops first = {.start = start, .flush = flush};
const struct ops second = {.start = start};
const struct ops third = {.start = start};
const struct ops fourth = {.start = start};

void fn_one_of_four(struct spin_lock *lock, const struct ops *ops) { // a true one would be missed by default
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  ops->flush();
  spin_unlock(lock);
}
