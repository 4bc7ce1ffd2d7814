// Allocation flags in a field, to which a callee adds one.
//
// RUN: %check-rule %s alloc-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct request {
  spinlock_t lock;
  gfp_t gfp;
};
static void *allocate(struct request *r) {
  r->gfp |= __GFP_ZERO;
  return __kmalloc_noprof(8, r->gfp);
}
void bad_may_reclaim(struct request *r) {
  r->gfp = GFP_KERNEL;
  spin_lock(&r->lock);
  allocate(r); // CHECK-DAG: :[[#@LINE]]:{{.*}}[alloc-in-atomic]
  spin_unlock(&r->lock);
}
void ok_may_not(struct request *r) {
  r->gfp = GFP_ATOMIC;
  spin_lock(&r->lock);
  allocate(r);
  spin_unlock(&r->lock);
}
