// -fplugin-arg-fencelint-NAME=VALUE: what is asked, and what a mistake in it says.
//
// RUN: clang -fplugin=%plugin -fsyntax-only %s 2>&1 | FileCheck %s --check-prefixes=SLEEP,ALLOC
// RUN: clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-rules=sleep-in-atomic %s 2>&1 | FileCheck %s --check-prefix=SLEEP --implicit-check-not=alloc-in
// RUN: clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-without=sleep-in-atomic %s 2>&1 | FileCheck %s --check-prefix=ALLOC --implicit-check-not=sleep-in
// RUN: clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-without=sleep-in-atomic,alloc-in-atomic %s 2>&1 | count 0
// RUN: clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-report=none %s 2>&1 | count 0
// RUN: clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-model=%S/../frontend/Inputs/naps.yaml %s 2>&1 | FileCheck %s --check-prefixes=SLEEP,ALLOC,MODEL
// RUN: clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-min-confidence=high %s 2>&1 | FileCheck %s --check-prefix=SLEEP
#include "../Inputs/kernel/kernel.h"
void nap(void);

void bad(spinlock_t *l) {
  spin_lock(l);
  msleep(1);
  __kmalloc_noprof(8, GFP_KERNEL);
  nap();
  spin_unlock(l);
}
// SLEEP: :[[@LINE-5]]:3: warning: 'msleep' may sleep
// ALLOC: :[[@LINE-5]]:3: warning: '__kmalloc_noprof'
// MODEL: :[[@LINE-5]]:3: warning: 'nap' may sleep
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-rule=x %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: fencelint: unknown option 'rule'; did you mean 'rules'?
// UNKNOWN-NEXT: note: the options are facts, min-confidence, model, report, rules, section, without; each is given as
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-rules=sleep-in-atomc %s 2>&1 | FileCheck %s --check-prefix=RULE
// RULE: error: fencelint: 'sleep-in-atomc' is not a rule; did you mean 'sleep-in-atomic'?
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-rules %s 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: fencelint: option 'rules' needs a value: -fplugin-arg-fencelint-rules=VALUE
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-min-confidence=lo %s 2>&1 | FileCheck %s --check-prefix=CONFIDENCE
// CONFIDENCE: error: fencelint: 'lo' is no confidence: expected low, medium, high; did you mean 'low'?
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-report=all %s 2>&1 | FileCheck %s --check-prefix=REPORT
// REPORT: error: fencelint: report=all: expected unit or none
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-model=%t.none.yaml %s 2>&1 | FileCheck %s --check-prefix=NOMODEL
// NOMODEL: error: fencelint: {{.*}}.none.yaml: cannot read model file
//
// RUN: not clang -fplugin=%plugin -fsyntax-only -fplugin-arg-fencelint-facts=%t.none/x.facts %s 2>&1 | FileCheck %s --check-prefix=NOFACTS
// NOFACTS: error: fencelint: {{.*}}.none/x.facts: cannot write facts
