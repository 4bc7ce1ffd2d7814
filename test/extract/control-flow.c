// Branches, loops and switches: edges carry the last condition of their block, folded branches are gone, blocks without
// events are skipped.
// RUN: %fencelint facts %s -- -std=gnu11 | FileCheck %s
void a(void), b(void), c(int);
int test(int);
enum { On = 1, Off = 0 };

void if_else(int x) {
  if (x > 3)
    a();
  else
    b();
}
// CHECK-LABEL: function if_else(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     -> block 1 if 3 < P0
// CHECK-NEXT:     -> block 2 unless 3 < P0
// CHECK-NEXT:   block 1
// CHECK-NEXT:     #0 call a()
// CHECK-NEXT:   block 2
// CHECK-NEXT:     #1 call b()
// CHECK-EMPTY:

void no_events(int x) {
  int y = 0;
  if (x)
    y = 2;
  a();
}
// CHECK-LABEL: function no_events(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call a()
// CHECK-EMPTY:

void folded(int x) {
  if (0)
    b();
  if (On)
    a();
  if (sizeof(int) == 4 && Off)
    b();
  if (x && 0)
    b();
}
// CHECK-LABEL: function folded(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call a()
// CHECK-EMPTY:

void logical(int x, int y, int z) {
  if ((x && !y) || z)
    a();
}
// CHECK-LABEL: function logical(x, y, z)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     -> block 1 if P0
// CHECK-NEXT:     -> block 2 unless P0
// CHECK-NEXT:   block 1
// CHECK-NEXT:     -> block 3 unless P1
// CHECK-NEXT:     -> block 2 if P1
// CHECK-NEXT:   block 2
// CHECK-NEXT:     -> block 3 if P2
// CHECK-NEXT:     -> block 4 unless P2
// CHECK-NEXT:   block 3
// CHECK-NEXT:     #0 call a()
// CHECK-NEXT:   block 4
// CHECK-EMPTY:

void result_tested(int x) {
  if (!__builtin_expect(!!test(x), 0))
    return;
  a();
}
// CHECK-LABEL: function result_tested(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call test(P0)
// CHECK-NEXT:     -> block 1 unless #0
// CHECK-NEXT:     -> block 2 if #0

void loop(int n) {
  for (int i = 0; i < n; i++)
    c(i);
}
// CHECK-LABEL: function loop(n)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 i = 0
// CHECK-NEXT:     -> block 1
// CHECK-NEXT:   block 1
// CHECK-NEXT:     -> block 2 if i < P0
// CHECK-NEXT:     -> block 3 unless i < P0
// CHECK-NEXT:   block 2
// CHECK-NEXT:     #1 call c(i)
// CHECK-NEXT:     #2 i = i + 1
// CHECK-NEXT:     -> block 1
// CHECK-NEXT:   block 3

void cases(int x) {
  switch (x) {
  case 1:
  case On + 1:
    a();
    break;
  case 10 ... 19: // a range has no guard
    b();
  default:
    c(x);
  }
}
// CHECK-LABEL: function cases(x)
// CHECK-NEXT:   block 0
// CHECK-DAG:      -> block [[RANGE:[0-9]+]]{{$}}
// CHECK-DAG:      -> block [[FIRST:[0-9]+]] if P0 == 1
// CHECK-DAG:      -> block [[FIRST]] if P0 == 2

void forever(void) {
  for (;;)
    a();
}
// CHECK-LABEL: function forever()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     -> block 1
// CHECK-NEXT:   block 1
// CHECK-NEXT:     #0 call a()
// CHECK-NEXT:     -> block 1
// CHECK-EMPTY:

void computed(int x) {
  static void *const labels[] = {&&one, &&two};
  goto *labels[x];
one:
  a();
  return;
two:
  b();
}
// CHECK-LABEL: function computed(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     -> block
// CHECK-NEXT:     -> block
// CHECK:          call b()
// CHECK:          call a()

__attribute__((noreturn)) void die(void);
void never(int x) {
  if (x)
    die();
  a();
}
// A call that does not return leads to a block that only leads to itself: it is no way out of the function.
// CHECK-LABEL: function never(x)
// CHECK:          call die()
// CHECK-NEXT:     -> block [[SINK:[0-9]+]]
// CHECK:        block [[SINK]]
// CHECK-NEXT:     -> block [[SINK]]
