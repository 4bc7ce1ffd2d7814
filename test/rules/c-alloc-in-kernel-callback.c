// What a kernel's fence callback may do is up to its subsystem: an allocation that cannot wait is reported only when the rule is asked for.
//
// RUN: %fencelint check %s -- -std=c11 | FileCheck %s --check-prefix=QUIET --implicit-check-not=warning:
// RUN: not %fencelint check %s --rules alloc-in-callback -- -std=c11 | FileCheck %s --implicit-check-not=warning:
// QUIET: 0 findings
struct dma_fence;
struct dma_fence_cb;
typedef void (*dma_fence_func_t)(struct dma_fence *, struct dma_fence_cb *);
int dma_fence_add_callback(struct dma_fence *, struct dma_fence_cb *, dma_fence_func_t);
void *__kmalloc_noprof(unsigned long size, unsigned flags);

static void bad_callback(struct dma_fence *f, struct dma_fence_cb *cb) {
  // CHECK: :[[#@LINE+1]]:{{.*}}[alloc-in-callback]
  __kmalloc_noprof(16, 0x820);
}
static void ok_callback(struct dma_fence *f, struct dma_fence_cb *cb) {}

void start(struct dma_fence *f, struct dma_fence_cb *cb) {
  dma_fence_add_callback(f, cb, bad_callback);
  dma_fence_add_callback(f, cb, ok_callback);
}
