// An object carries its unit's facts, and apart from that it is the same object.
//
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python %S/Inputs/same-object.py --plugin %plugin --work %t %s -- -O0
// RUN: %python %S/Inputs/same-object.py --plugin %plugin --work %t %s -- -O2
// RUN: %python %S/Inputs/same-object.py --plugin %plugin --work %t %s -- -O2 -g
// RUN: %python %S/Inputs/same-object.py --plugin %plugin --work %t %s -- -Os -ffunction-sections -fdata-sections
// RUN: %python %S/Inputs/same-object.py --plugin %plugin --work %t %s -- -O1 -fsanitize=address,undefined
// RUN: %python %S/Inputs/same-object.py --plugin %plugin --work %t %s -- -O2 --target=aarch64-linux-gnu
//
// The linker leaves the section out, and `ld -r` puts several one after another.
// RUN: clang -fplugin=%plugin -w -c %s -o %t/a.o && clang -fplugin=%plugin -w -c -DSECOND %s -o %t/b.o
// RUN: llvm-readelf -SW %t/a.o | FileCheck %s --check-prefix=SECTION
// SECTION: .fencelint PROGBITS {{.*}} E 0 0 8
// RUN: ld.lld -shared %t/a.o %t/b.o -o %t/ab.so && llvm-readelf -SW %t/ab.so | FileCheck %s --check-prefix=LINKED --implicit-check-not=.fencelint
// LINKED: .text
// RUN: ld.lld -r %t/a.o %t/b.o -o %t/ab.o && llvm-objcopy --dump-section .fencelint=%t/ab.facts %t/ab.o /dev/null
// RUN: not %fencelint check --facts %t/ab.facts | FileCheck %s --check-prefix=BOTH
// BOTH: section.c:[[@LINE+23]]:3: warning: 'msleep' may sleep
// BOTH: 1 finding in 2 units
//
// Facts are in assembly and in LLVM's own formats too, and in the object that becomes of them.
// RUN: clang -fplugin=%plugin -w -O2 -S %s -o %t/c.s && clang -c %t/c.s -o %t/c.o && llvm-readelf -SW %t/c.o | FileCheck %s --check-prefix=SECTION
// RUN: clang -fplugin=%plugin -w -O0 -S -emit-llvm %s -o %t/d.ll && clang -c %t/d.ll -o %t/d.o && llvm-readelf -SW %t/d.o | FileCheck %s --check-prefix=SECTION
// RUN: clang -fplugin=%plugin -w -O2 -c -emit-llvm %s -o %t/e.bc && clang -c %t/e.bc -o %t/e.o && llvm-readelf -SW %t/e.o | FileCheck %s --check-prefix=SECTION
// RUN: clang -fplugin=%plugin -w -O2 -flto -c %s -o %t/f.o && ld.lld -r %t/f.o -o %t/g.o && llvm-readelf -SW %t/g.o | FileCheck %s --check-prefix=SECTION
// RUN: clang -fplugin=%plugin -w -O0 -flto=thin -c %s -o %t/h.o && ld.lld -r %t/h.o -o %t/i.o && llvm-readelf -SW %t/i.o | FileCheck %s --check-prefix=SECTION
//
// No facts where they were not asked for, or have no place.
// RUN: clang -fplugin=%plugin -fplugin-arg-fencelint-section=none -w -c %s -o %t/j.o && llvm-readelf -SW %t/j.o | FileCheck %s --check-prefix=LINKED --implicit-check-not=.fencelint
// RUN: clang -fplugin=%plugin --target=x86_64-windows-gnu -w -c %s -o %t/k.o && llvm-readobj -S %t/k.o | FileCheck %s --check-prefix=LINKED --implicit-check-not=.fencelint
#include "../Inputs/kernel/kernel.h"
#ifdef SECOND
void other(spinlock_t *l) { spin_unlock(l); }
#else
static int table[4] = {1, 2, 3, 4};
int sum(int i) { return table[i & 3] * i; }

void bad(spinlock_t *l) {
  spin_lock(l);
  // The next line is found.
  msleep(1);
  spin_unlock(l);
}
#endif
