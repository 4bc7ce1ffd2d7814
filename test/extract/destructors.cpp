// What the compiler destroys unasked: locals, temporaries, members, bases, parameters, arrays, on every way out.
// RUN: %fencelint facts %s -- -std=c++20 | FileCheck %s
// RUN: %fencelint facts %s -- -std=c++14 | FileCheck %s
struct M {
  M(int = 0);
  M(const M &);
  M(M &&);
  ~M();
  bool ok() const;
};
struct Trivial { int x; };
M make(int);
void byValue(M);
void byReference(const M &);
void last();

void locals(int a) {
  M first;
  if (a)
    return;
  M second[3];
  Trivial t;
  last();
}
// CHECK-LABEL: function locals(a)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call M::M(0) on &first
// CHECK-NEXT:     -> block 1 if P0
// CHECK-NEXT:     -> block 2 unless P0
// CHECK-NEXT:   block 1
// CHECK-NEXT:     #1 destroy &first by M::~M implicit at [[@LINE-11]]:5
// CHECK-NEXT:   block 2
// CHECK-NEXT:     #2 call M::M(0) on &second
// CHECK-NEXT:     #3 call last()
// CHECK-NEXT:     #4 destroy &second by M::~M implicit at [[@LINE-11]]:1
// CHECK-NEXT:     #5 destroy &first by M::~M implicit
// CHECK-EMPTY:

// A by-value parameter is destroyed by the function it is given to; what a reference is bound to, by the caller.
void temporaries() {
  byValue(make(1));
  byReference(M(2));
  make(3);
  M kept = make(4);
  const M &extended = make(5);
  last();
}
// CHECK-LABEL: function temporaries()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call make(1)
// CHECK-NEXT:     #1 call byValue(#0)
// CHECK-NEXT:     #2 call M::M(2) on &(temporary)
// CHECK-NEXT:     #3 call byReference(&(temporary))
// CHECK-NEXT:     #4 destroy &(temporary) by M::~M implicit temporary
// CHECK-NEXT:     #5 call make(3)
// CHECK-NEXT:     #6 destroy &#5 by M::~M implicit temporary
// CHECK-NEXT:     #7 call make(4)
// CHECK-NEXT:     #8 kept = #7
// CHECK-NEXT:     #9 call make(5)
// CHECK-NEXT:     #10 call last()
// CHECK-NEXT:     #11 destroy &#9 by M::~M implicit
// CHECK-NEXT:     #12 destroy &kept by M::~M implicit
// CHECK-EMPTY:

void parameter(M m, int a) {
  if (a)
    return;
  last();
}
// CHECK-LABEL: function parameter(m, a)
// CHECK:          call last()
// CHECK-NEXT:     -> block [[END:[0-9]+]]
// CHECK-NEXT:   block [[END]]
// CHECK-NEXT:     #{{[0-9]+}} destroy &P0 by M::~M implicit parameter
// CHECK-EMPTY:

bool conditional(bool a) {
  bool b = a && make(1).ok();
  last();
  return b;
}
// CHECK-LABEL: function conditional(a)
// CHECK:          -> block [[MADE:[0-9]+]] if P0
// CHECK:          call make(1)
// CHECK:          -> block [[DESTROY:[0-9]+]] if P0
// CHECK:        block [[DESTROY]]
// CHECK-NEXT:     #{{[0-9]+}} destroy &#0 by M::~M implicit temporary

struct Base {
  Base(int);
  virtual ~Base();
};
struct Derived : Base {
  M member{7};
  M *pointer;
  int trivial;
  Derived() : Base(1), pointer(new M) {}
  ~Derived() override;
};
Derived::~Derived() { last(); }
// CHECK-LABEL: function Derived::Derived()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call Base::Base(1) on this
// CHECK-NEXT:     #1 call M::M(7) on &this->member
// CHECK-NEXT:     #2 call operator new(1) implicit
// CHECK-NEXT:     #3 call M::M(0) on #2
// CHECK-NEXT:     #4 this->pointer = #2
// CHECK-EMPTY:
// CHECK-LABEL: function Derived::~Derived()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call last()
// CHECK-NEXT:     #1 destroy &this->member by M::~M implicit member
// CHECK-NEXT:     #2 destroy this by Base::~Base implicit member
// CHECK-EMPTY:

struct Leaf final : Base { using Base::Base; };
void deletes(Base *b, Leaf *l, M *array, Trivial *t) {
  delete b;
  delete l;
  delete[] array;
  delete t;
  b->~Base();
  array->~M();
  using I = int;
  int i;
  i.~I();
}
// CHECK-LABEL: function deletes(b, l, array, t)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 destroy P0 by Base::~Base virtual deleted
// CHECK-NEXT:     #1 call operator delete(P0
// CHECK-NEXT:     #2 destroy P1 by Leaf::~Leaf deleted
// CHECK-NEXT:     #3 call operator delete(P1
// CHECK-NEXT:     #4 destroy P2 by M::~M deleted
// CHECK-NEXT:     #5 call operator delete[](P2
// CHECK-NEXT:     #6 call operator delete(P3
// CHECK-NEXT:     #7 destroy P0 by Base::~Base virtual
// CHECK-NEXT:     #8 destroy P2 by M::~M at
// CHECK-EMPTY:

// The way from a call to its handler passes the destructors of what the try has built so far, and of nothing else.
void unwinding() {
  M outside;
  try {
    M inside;
    last();
    M later;
  } catch (int) {
    make(1);
  }
}
// CHECK-LABEL: function unwinding()
// CHECK:          call last()
// CHECK-NEXT:     -> block
// CHECK-NEXT:     -> block [[LANDING:[0-9]+]] unwinding
// CHECK:        block [[LANDING]]
// CHECK-NEXT:     #{{[0-9]+}} destroy &inside by M::~M implicit unwinding
// CHECK-NEXT:     -> block [[HANDLER:[0-9]+]] unwinding
// CHECK:        block [[HANDLER]]
// CHECK-NEXT:     #{{[0-9]+}} call make(1)

// A closure owns its captures.
void closure() {
  M m;
  auto l = [m] { return m.ok(); };
  l();
}
// CHECK-LABEL: function closure()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call M::M(0) on &m
// CHECK-NEXT:     #1 call M::M(&m) on &l->m
// CHECK-NEXT:     #2 call closure::lambda at destructors.cpp:[[@LINE-7]]::operator()() on &l
// CHECK-NEXT:     #3 destroy &l by closure::lambda at destructors.cpp:{{.*}}::~lambda
// CHECK-NEXT:     #4 destroy &m by M::~M
// CHECK-LABEL: function closure::lambda at destructors.cpp:{{[0-9]+}}::operator()() {{.*}} lambda
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call M::ok() on &this->m
// CHECK-LABEL: function closure::lambda at destructors.cpp:{{[0-9]+}}::~lambda
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 destroy &this->m by M::~M implicit member
