// Locals that keep their value are replaced by it; those that change stay, with their assignments.
// RUN: %fencelint facts %s -- -std=gnu11 | FileCheck %s
struct inner { int lock; void (*cb)(void *); };
struct dev { struct inner *in; struct inner own; int state, count; union { int u1; long u2; }; struct inner arr[4]; };
void lock(void *), use(int), put(void *), take(struct dev *), any();
int get(void);
extern struct dev *global;
extern int counter;
#define container_of(ptr, type, member) ({ void *__p = (void *)(ptr); ((type *)(__p - __builtin_offsetof(type, member))); })

void path(struct dev *d, int i) {
  struct inner *in = d->in;
  lock(&in->lock);
  lock(&d->own.lock);
  lock(&(*d).own.lock);
  lock(&d->arr[i].lock);
  use(d->u1);
  lock(&global->own.lock);
  take(container_of(in, struct dev, own));
}
// CHECK-LABEL: function path(d, i)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call lock(&P0->in->lock)
// CHECK-NEXT:     #1 call lock(&P0->own->lock)
// CHECK-NEXT:     #2 call lock(&P0->own->lock)
// CHECK-NEXT:     #3 call lock(&P0->arr[P1]->lock)
// CHECK-NEXT:     #4 call use(P0->u1)
// CHECK-NEXT:     #5 call lock(&global->own->lock)
// CHECK-NEXT:     #6 call take(P0->in - 8)

// The old value is not the field: the field changes before the test.
void detach(struct dev *d) {
  struct inner *old = d->in;
  d->in = 0;
  if (old)
    put(old);
}
// CHECK-LABEL: function detach(d)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 old = P0->in
// CHECK-NEXT:     #1 P0->in = 0
// CHECK-NEXT:     -> block 1 if old

// A parameter that changes is a local that starts as the parameter.
void changed(int n) {
  while (n--)
    use(n);
}
// CHECK-LABEL: function changed(n)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 n = P0
// CHECK-NEXT:     -> block 1
// CHECK-NEXT:   block 1
// CHECK-NEXT:     #1 n = n - 1
// CHECK-NEXT:     -> block 2 if n + 1
// CHECK-NEXT:     -> block 3 unless n + 1

void out(int *p);
void address_taken(void) {
  int ret = 0;
  out(&ret);
  if (ret)
    use(ret);
}
// CHECK-LABEL: function address_taken()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 ret = 0
// CHECK-NEXT:     #1 call out(&ret)
// CHECK-NEXT:     -> block 1 if ret

int results(int flags) {
  int r = get();
  if (r < 0 || r >= 7)
    return r;
  use(flags & ~0x10u);
  use((flags | 3) ^ 3);
  use(r != 0);
  use(-(1 << 3));
  use((unsigned char)300);
  return flags ? r : -22;
}
// CHECK-LABEL: function results(flags)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call get()
// CHECK-NEXT:     -> block 2 if #0 < 0
// CHECK:          -> block 2 if 7 <= #0
// CHECK:          return #0
// CHECK:          call use(P0 & 4294967279)
// CHECK-NEXT:     #{{[0-9]+}} call use(?)
// CHECK-NEXT:     #{{[0-9]+}} call use(!!#0)
// CHECK-NEXT:     #{{[0-9]+}} call use(-8)
// CHECK-NEXT:     #{{[0-9]+}} call use(44)
// CHECK:          return (P0 ? #0 : -22)

// What nobody reads is not kept, unless it is a function, or a value somebody may find in a field.
void stores(struct dev *d, void (*f)(void *), int n) {
  int unused = get();
  unused = n * 2;
  d->own.cb = f;
  d->in->cb = put;
  d->state = 3;
  d->count = n * n;
  counter++;
  struct inner local = {.cb = put};
  *d->in = (struct inner){.lock = n, .cb = f};
}
// CHECK-LABEL: function stores(d, f, n)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call get()
// CHECK-NEXT:     #1 P0->own->cb = P1
// CHECK-NEXT:     #2 P0->in->cb = put
// CHECK-NEXT:     #3 P0->state = 3
// CHECK-NEXT:     #4 local->cb = put
// CHECK-NEXT:     #5 P0->in->lock = P2
// CHECK-NEXT:     #6 P0->in->cb = P1
// CHECK-EMPTY:

// The same field in a condition: then every write counts.
void tested(struct dev *d, int n) {
  if (d->state)
    use(1);
  d->state = n * n;
  if (d->state)
    use(2);
}
// CHECK-LABEL: function tested(d, n)
// CHECK:          P0->state = ?

void expressions(int x, struct dev *d) {
  use(({ int t = get(); t + 1; }));
  use((get(), 5));
  use(__builtin_choose_expr(1, x, get()));
  use(_Generic(x, int: x, default: get()));
  use(sizeof(get()) + _Alignof(long));
  use(__builtin_offsetof(struct dev, own));
  use(x ?: 4);
  __typeof__(get()) y = 3;
  use(y);
}
// CHECK-LABEL: function expressions(x, d)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call get()
// CHECK-NEXT:     #1 call use(#0 + 1)
// CHECK-NEXT:     #2 call get()
// CHECK-NEXT:     #3 call use(5)
// CHECK-NEXT:     #4 call use(P0)
// CHECK-NEXT:     #5 call use(P0)
// CHECK-NEXT:     #6 call use(12)
// CHECK-NEXT:     #7 call use(8)
// CHECK-NEXT:     #8 call use((P0 ? P0 : 4))
// CHECK-NEXT:     #9 call use(3)
// CHECK-EMPTY:

// A comparison says whether it looks at the sign; pointers have none. A builtin of constants is a constant.
void compared(unsigned u, int i, char *p, char *end) {
  if (u < 3 || i < 3 || p >= end)
    use((u & 0xff00) >> (__builtin_ffsll(0xff00) - 1));
}
// CHECK-LABEL: function compared(u, i, p, end)
// CHECK:          if P0 <u 3
// CHECK:          if P1 < 3
// CHECK:          if P3 <=u P2
// CHECK:          call use((P0 & 65280) >> 8)
