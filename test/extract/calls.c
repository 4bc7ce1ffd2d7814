// Calls: direct, through pointers, builtins, inline assembly, cleanup, macros that expand to nothing.
// RUN: %fencelint facts %s -- -std=gnu11 | FileCheck %s
typedef int (*hook_t)(void *);
typedef void done_fn(int);
struct ops { hook_t open; done_fn *done; void (*plain)(void); };
struct dev { const struct ops *ops; hook_t table[3]; };
int real(void *);
void done(int);
void *memcpy(void *, const void *, unsigned long);
extern hook_t current_hook;
static int helper(void *p) { return real(p); }
static int unreached(void *p) { return real(p); }

// CHECK-DAG: field ops.open is a hook_t
// CHECK-DAG: field ops.done is a done_fn
// CHECK-DAG: field dev.table is a hook_t
// CHECK-DAG: variable current_hook is a hook_t
// CHECK-DAG: parameter 0 of reg is a hook_t
// CHECK-DAG: store ops.open = helper in table {{[0-9]+}} at {{.*}}calls.c:[[@LINE+3]]:
// CHECK-DAG: store ops.done = done in table {{[0-9]+}} at
static const struct ops table = {
    .open = helper,
    .done = done,
};
const struct dev device = {.ops = &(const struct ops){.open = real}, .table = {helper, real}};
// CHECK-DAG: store ops.open = real in table {{[0-9]+}} at
// CHECK-DAG: store dev.table = helper in table {{[0-9]+}} at
// CHECK-DAG: store dev.table = real in table {{[0-9]+}} at
int choice_made;
hook_t choice = sizeof(int) > 2 ? helper : real;
// CHECK-DAG: store choice = helper at
// CHECK-DAG: store choice = real at

// A static function that nobody reaches is kept when it is in the main file.
// CHECK: function unreached(p) {{.*}} internal

int reg(hook_t h, void *data);
void calls(struct dev *d, hook_t h, int i) {
  d->ops->open(d);
  (*d->ops->done)(3);
  d->table[i](d);
  h(d);
  current_hook(0);
  reg(helper, d);
  hook_t local = i ? real : helper;
  local(d);
}
// CHECK-LABEL: function calls(d, h, i)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call P0->ops->open(P0)
// CHECK-NEXT:     #1 call P0->ops->done(3)
// CHECK-NEXT:     #2 call P0->table[P2](P0)
// CHECK-NEXT:     #3 call P1(P0)
// CHECK-NEXT:     #4 call current_hook(0)
// CHECK-NEXT:     #5 call reg(helper, P0)
// CHECK:          call (P2 ? real : helper)(P0)

void builtins(int *p, int x) {
  int sum, product;
  if (__builtin_add_overflow(x, 3, &sum))
    done(1);
  if (sum)
    done(2);
  if (__builtin_mul_overflow(x, 3, &product) || product)
    done(3);
  __builtin_memcpy(p, &x, 4);
  memcpy(p, &x, 4);
  __builtin_prefetch(p);
  __asm__ volatile("" ::: "memory");
  __asm__ volatile("nop" : "=r"(sum));
  if (sum)
    done(3);
}
// CHECK-LABEL: function builtins(p, x)
// CHECK:          sum = x + 3
// CHECK:          product = ?
// CHECK:          call memcpy(P0, &x, 4)
// CHECK-NEXT:     #{{[0-9]+}} call memcpy(P0, &x, 4)
// CHECK-NEXT:     #{{[0-9]+}} assembly
// CHECK-NEXT:     #{{[0-9]+}} sum = ?

void unlock(struct dev **d), lock(struct dev *);
void cleanup(struct dev *d, int x) {
  lock(d);
  struct dev *guard __attribute__((cleanup(unlock))) = d;
  if (x)
    return;
  done(1);
}
// CHECK-LABEL: function cleanup(d, x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call lock(P0)
// CHECK-NEXT:     #1 guard = P0
// CHECK-NEXT:     -> block 1 if P1
// CHECK-NEXT:     -> block 2 unless P1
// CHECK-NEXT:   block 1
// CHECK-NEXT:     #2 destroy unlock(&guard) implicit
// CHECK-NEXT:   block 2
// CHECK-NEXT:     #3 call done(1)
// CHECK-NEXT:     #4 destroy unlock(&guard) implicit

// Of a `void *` the source says what it is: the record that a result is taken for, or that an argument points to.
void *make(unsigned long);
void destroy(const void *);
struct dev *objects(struct dev *old) {
  struct dev *fresh = make(sizeof(struct dev));
  void *nothing = make(1);
  destroy(nothing);
  destroy(old);
  return fresh;
}
// CHECK-LABEL: function objects(old)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call make(32) of dev at
// CHECK-NEXT:     #1 call make(1) at
// CHECK-NEXT:     #2 call destroy(#1) at
// CHECK-NEXT:     #3 call destroy(P0) of dev at

#define may_wait() do { } while (0)
#define wrapped() may_wait()
#define nothing() ((void)0)
void macros(int x) {
  wrapped();
  if (x)
    nothing();
  done(1);
}
// CHECK-LABEL: function macros(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 macro wrapped at [[@LINE-7]]:3
// CHECK-NEXT:     #1 macro may_wait at
// CHECK:          macro nothing
