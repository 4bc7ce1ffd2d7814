// Warnings are switched as clang's are: by group on the command line, by pragma in the source.
//
// RUN: clang -fplugin=%plugin -fsyntax-only %s 2>&1 | FileCheck %s --check-prefixes=QUIET,WARNING
// RUN: clang -fplugin=%plugin -fsyntax-only %s -w 2>&1 | count 0
// RUN: clang -fplugin=%plugin -fsyntax-only %s -Wno-backend-plugin 2>&1 | count 0
// RUN: not clang -fplugin=%plugin -fsyntax-only %s -Werror 2>&1 | FileCheck %s --check-prefixes=QUIET,ERROR
// RUN: not clang -fplugin=%plugin -fsyntax-only %s -Werror=backend-plugin 2>&1 | FileCheck %s --check-prefixes=QUIET,ERROR
// RUN: clang -fplugin=%plugin -fsyntax-only %s -Werror -Wno-error=backend-plugin 2>&1 | FileCheck %s --check-prefixes=QUIET,WARNING
// An error stops the object from being written.
// RUN: rm -f %t.o && not clang -fplugin=%plugin -c %s -o %t.o -Werror 2>/dev/null && not test -e %t.o
// RUN: clang -fplugin=%plugin -fsyntax-only -fcolor-diagnostics %s 2>&1 | FileCheck %s --check-prefix=COLOR
// RUN: clang -fplugin=%plugin -fsyntax-only -fdiagnostics-format=sarif -Wno-sarif-format-unstable %s 2>&1 | FileCheck %s --check-prefix=SARIF
// RUN: clang -fplugin=%plugin -fsyntax-only --serialize-diagnostics %t.dia %s 2>/dev/null && test -s %t.dia
#include "../Inputs/kernel/kernel.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wbackend-plugin"
void silenced(spinlock_t *l) {
  spin_lock(l);
  msleep(1);
  spin_unlock(l);
}
#pragma clang diagnostic pop

void told(spinlock_t *l) {
  spin_lock(l);
  msleep(1);
  spin_unlock(l);
}
// QUIET-NOT: :[[@LINE-11]]:
// WARNING: :[[@LINE-4]]:3: warning: {{.*}} [sleep-in-atomic] [-Wbackend-plugin]
// ERROR: :[[@LINE-5]]:3: error: {{.*}} [sleep-in-atomic] [-Werror,-Wbackend-plugin]
// COLOR: {{.*}}[[@LINE-6]]:3: {{.*\[0;1;35m}}warning:
// SARIF: "message":{"text":"'msleep' may sleep while holding spinlock 'l' [sleep-in-atomic]"}
// SARIF: "message":{"text":"'spin_lock' takes spinlock 'l' here"}
