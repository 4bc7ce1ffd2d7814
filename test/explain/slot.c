// A field: what may be stored in it, its contract, and what a call through it may do. A record: where to look.
#include "../Inputs/kernel/kernel.h"

struct object { struct kref refs; const struct object_ops *ops; };
struct object_ops {
  void (*free)(struct object *o);
  void (*show)(struct object *o);
  int size;
};

static void slow_free(struct object *o) { msleep(1); }
static void quick_free(struct object *o) { }
const struct object_ops slow_ops = {.free = slow_free, .size = 1};
const struct object_ops quick_ops = {.free = quick_free, .size = 2};

static void object_release(struct kref *k) {
  struct object *o = (struct object *)k;
  o->ops->free(o);
}
void object_put(struct object *o) { kref_put(&o->refs, object_release); }

// RUN: %fencelint explain object_ops.free %s -- | FileCheck %s --check-prefix=FIELD
// FIELD: slot.c:6:{{[0-9]+}}: object_ops.free
// FIELD-NEXT: contract: none is known
// FIELD-NEXT: does
// FIELD-NEXT: may sleep: 1 of 2 functions
// FIELD-NEXT: note: 'slow_free' is stored in 'object_ops.free'
// FIELD-NEXT: note: 'msleep' may sleep, described in linux/delay.yaml:
// FIELD-NEXT: may hold
// FIELD-NEXT: explain: quick_free{{$}}
// FIELD-NEXT: explain: slow_free: may sleep
// RUN: %fencelint explain object_ops::free %s -- | FileCheck %s --check-prefix=FIELD

// RUN: %fencelint explain object_ops %s -- | FileCheck %s --check-prefix=RECORD --match-full-lines
// RECORD: {{.*}}slot.c:4:48: object_ops
// RECORD-NEXT:   fields that hold functions
// RECORD-NEXT:     object_ops.free: 2 functions
// RECORD-NOT: {{.}}

// A last reference, and a chain that rests on a guess.
// RUN: %fencelint explain object_put --min-confidence low %s -- | FileCheck %s --check-prefix=PUT
// PUT: may run with preemption disabled: not when it drops the last reference
// PUT: may sleep when it drops the last reference (low confidence)
// PUT: note: 'refcount_dec_and_test' drops the last reference
// PUT: note: given here: 'object_release'
// PUT-NEXT: note: calls 'slow_free' through 'object_ops.free'
// RUN: %fencelint explain object_put %s -- | FileCheck %s --check-prefix=SURE
// SURE-NOT: may sleep
// SURE: 1 answer of less confidence left out; --min-confidence low shows it

// A slot with a contract: what breaks it is a finding about the stored function, and not what a caller has to expect.
// RUN: %fencelint explain dma_fence_ops.release %s -- | FileCheck %s --check-prefix=CONTRACT --implicit-check-not="of 1 function"
// CONTRACT: described in linux/dma-fence.yaml:{{[0-9]+}}: {{.+}}
// CONTRACT-NEXT: contract: the last reference of a fence may be dropped under a spinlock or in an interrupt
// CONTRACT-NEXT: may hold
// CONTRACT-NEXT: explain: bad_release: may sleep
struct dma_fence;
struct dma_fence_ops { void (*release)(struct dma_fence *f); };
static void bad_release(struct dma_fence *f) { msleep(1); }
const struct dma_fence_ops fence_ops = {.release = bad_release};
// RUN: %fencelint explain bad_release %s -- | FileCheck %s --check-prefix=STORED
// STORED: through 'dma_fence_ops.release': the last reference of a fence may be dropped under a spinlock or in an interrupt
// STORED-NEXT: while preemption is disabled, possibly in an interrupt, in 1 place
// STORED-NEXT: note: 'bad_release' is stored in 'dma_fence_ops.release': the last reference
