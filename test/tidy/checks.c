// Every rule is a check called fence-RULE; clang-tidy itself switches, silences and turns them into errors.
//
// RUN: %clang-tidy --list-checks --checks='-*,fence-*' | tail -n +2 | grep fence- | sed 's/ *fence-//' > %t.checks
// RUN: %fencelint rules | sed -n 's/^\([a-z]*-[a-z-]*\) .*/\1/p' | sort > %t.rules && test -s %t.rules && diff %t.rules %t.checks
//
// RUN: %clang-tidy --checks='-*,fence-*' %s -- -std=gnu11 2>&1 | FileCheck %s --check-prefixes=SLEEP,ALLOC --implicit-check-not=warning:
// RUN: %clang-tidy --checks='-*,fence-sleep-in-atomic' %s -- 2>&1 | FileCheck %s --check-prefix=SLEEP --implicit-check-not=warning:
// RUN: %clang-tidy --checks='-*,fence-alloc-in-atomic' %s -- 2>&1 | FileCheck %s --check-prefix=ALLOC --implicit-check-not=warning:
// RUN: not %clang-tidy --checks='-*,fence-*' --warnings-as-errors='fence-sleep-*' %s -- 2>&1 | FileCheck %s --check-prefix=ERROR
#include "../Inputs/kernel/kernel.h"

static void helper(void) { msleep(1); }

void bad(spinlock_t *l) {
  spin_lock(l);
  helper();
  __kmalloc_noprof(8, GFP_KERNEL);
  spin_unlock(l);
}
// SLEEP: checks.c:[[@LINE-4]]:3: warning: 'helper' may sleep (in 'msleep') while holding spinlock 'l' [fence-sleep-in-atomic]
// SLEEP: checks.c:[[@LINE-6]]:3: note: 'spin_lock' takes spinlock 'l' here
// SLEEP: checks.c:[[@LINE-6]]:3: note: calls 'helper'
// SLEEP: checks.c:[[@LINE-11]]:28: note: 'msleep' may sleep, described in linux/delay.yaml:
// ALLOC: checks.c:[[@LINE-7]]:3: warning: '__kmalloc_noprof' {{.*}} [fence-alloc-in-atomic]
// ERROR: checks.c:[[@LINE-9]]:3: error: {{.*}} [fence-sleep-in-atomic,-warnings-as-errors]

void silenced(spinlock_t *l) {
  spin_lock(l);
  msleep(2); // NOLINT(fence-sleep-in-atomic): the device is not there yet
  spin_unlock(l);
}
void silenced_next(spinlock_t *l) {
  spin_lock(l);
  // NOLINTNEXTLINE(fence-*)
  msleep(2);
  spin_unlock(l);
}
// NOLINTBEGIN(fence-sleep-in-atomic)
void silenced_between(spinlock_t *l) {
  spin_lock(l);
  msleep(2);
  spin_unlock(l);
}
// NOLINTEND(fence-sleep-in-atomic)
void other_rule(spinlock_t *l) {
  spin_lock(l);
  msleep(2); // NOLINT(fence-alloc-in-atomic)
  spin_unlock(l);
}
// SLEEP: checks.c:[[@LINE-3]]:3: warning: 'msleep' may sleep
