// Constant tables: the functions in one, and the numbers beside them; what neither names is zero. Of structs without functions: which fields are set.
// RUN: %fencelint facts %s -- -std=gnu11 | FileCheck %s
enum kind { PCI, USB };
struct ops {
  enum kind kind;
  unsigned flags : 4;
  const char *name;
  void (*start)(void), (*stop)(void);
  struct { void (*reset)(void); int delay; } power;
  void (*each[2])(void);
};
struct board { int port, waits, unused; const struct ops *ops; };
void start(void), stop(void), reset(void), other(void);

const struct ops all[] = {{.kind = USB, .start = start, .stop = 0, .name = "first"},
                          {.flags = 3, .stop = stop, .power = {.reset = reset, .delay = 7}, .each = {start, stop}}};
const struct ops nothing = {.kind = USB, .flags = 1};
static const struct board boards[] = {{.port = 1, .waits = 0}, {.port = 2, .waits = 1, .ops = &(const struct ops){.start = other}}};
const struct board *use(void) { return boards; }

// CHECK: store ops.start = start in table [[FIRST:[0-9]+]]
// CHECK-NOT: store ops.stop = start
// CHECK: store ops.stop = stop in table [[SECOND:[0-9]+]]
// CHECK: store {{.*}}reset = reset in table [[POWER:[0-9]+]]
// CHECK: store ops.each = start in table [[SECOND]]
// CHECK: store ops.each = stop in table [[SECOND]]
// CHECK: store ops.start = other in table [[OTHER:[0-9]+]]
// CHECK: number ops.kind = 1 in table [[FIRST]]
// CHECK: something in ops.name in table [[FIRST]]
// CHECK: number {{.*}}delay = 7 in table [[POWER]]
// CHECK: number ops.flags = 3 in table [[SECOND]]
// CHECK: set ops.kind
// CHECK: set ops.flags
// CHECK: set board.port
// CHECK-NOT: set board.port
// CHECK-NOT: set board.unused
// CHECK: set board.waits
// CHECK: set board.ops

#define CHECKED(condition) ((void)sizeof(condition))
void claim(struct board *b) { CHECKED(b->port == 1); }
// CHECK-LABEL: function claim(b)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 macro CHECKED of P0->port == 1
