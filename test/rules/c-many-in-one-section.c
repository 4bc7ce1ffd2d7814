// Many calls that one section makes wrongly are one finding, where the section begins; few are each their own.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only --
// RUN: not %fencelint check --quiet --color=never --rules sleep-in-atomic --format json %s -- | %python -c "import json, sys; print(*[(f['function'], len(f.get('also', []))) for f in json.load(sys.stdin)['findings']])" | FileCheck %s --check-prefix=COUNT
// COUNT: ('bad_section', 3) ('bad_pair', 0) ('bad_pair', 0) ('bad_two_sections', 0) ('bad_two_sections', 0) ('bad_two_sections', 0) ('bad_two_sections', 0)
#include "../Inputs/cxx/atomic.h"

FENCE_MAY_SLEEP void reset_clock(void);
FENCE_MAY_SLEEP void reset_memory(void);
FENCE_MAY_SLEEP void reset_rings(void);

void bad_section(struct spin_lock *lock) {
  // CHECK: c:[[#@LINE+1]]:3: warning: 4 calls in this section may sleep while holding spinlock 'lock' [sleep-in-atomic]
  spin_lock(lock);
  wait_for_device();
  reset_clock();
  reset_memory();
  reset_rings();
  spin_unlock(lock);
}

void bad_pair(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: c:[[#@LINE+1]]:3: warning: 'wait_for_device' may sleep
  wait_for_device();
  // CHECK: c:[[#@LINE+1]]:3: warning: 'reset_clock' may sleep
  reset_clock();
  spin_unlock(lock);
}

// Four, but of two sections: two places to mend.
void bad_two_sections(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: c:[[#@LINE+1]]:3: warning: 'wait_for_device' may sleep
  wait_for_device();
  // CHECK: c:[[#@LINE+1]]:3: warning: 'reset_clock' may sleep
  reset_clock();
  spin_unlock(lock);
  spin_lock(lock);
  // CHECK: c:[[#@LINE+1]]:3: warning: 'reset_memory' may sleep
  reset_memory();
  // CHECK: c:[[#@LINE+1]]:3: warning: 'reset_rings' may sleep
  reset_rings();
  spin_unlock(lock);
}
