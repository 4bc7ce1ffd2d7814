// Findings of a unit are clang's own warnings, each followed by the way there.
//
// RUN: clang -fplugin=%plugin -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: clang -fplugin=%plugin -c -O2 %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: clang -fplugin=%plugin -fsyntax-only -x c -I%S - < %s 2>&1 | FileCheck %s --check-prefix=STDIN
#include "../Inputs/kernel/kernel.h"

static void helper(void) { msleep(1); }

void bad(spinlock_t *l) {
  spin_lock(l);
  helper();
  spin_unlock(l);
}
// CHECK: report.c:12:3: warning: 'helper' may sleep (in 'msleep') while holding spinlock 'l' [sleep-in-atomic] [-Wbackend-plugin]
// CHECK-NEXT: 12 |   helper();
// CHECK-NEXT:    |   ^
// CHECK-NEXT: report.c:11:3: note: 'spin_lock' takes spinlock 'l' here
// CHECK: report.c:12:3: note: calls 'helper'
// CHECK: report.c:8:28: note: 'msleep' may sleep, described in linux/delay.yaml:{{[0-9]+}}
// STDIN: <stdin>:12:3: warning: 'helper' may sleep

void ok(spinlock_t *l) {
  spin_lock(l);
  spin_unlock(l);
  helper();
}
// CHECK: 1 warning generated
