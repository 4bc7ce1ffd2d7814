// Virtual calls, member pointers, operators, lambdas as functions, statics, templates, unevaluated operands.
// RUN: %fencelint facts %s -- -std=c++20 | FileCheck %s
struct Base {
  virtual void run(int = 4);
  virtual void other() = 0;
  void plain() const;
  ~Base();
};
struct Derived : Base {
  void run(int) override;
  void other() final;
};
struct Final final : Base {
  void run(int) override;
  void other() override;
};

// CHECK-DAG: override Derived::run of Base::run
// CHECK-DAG: override Derived::other of Base::other
// CHECK-DAG: override Final::run of Base::run
// CHECK-DAG: destructor of Base is Base::~Base
// CHECK-DAG: parameter 0 of reg is a callback
// CHECK-DAG: store Table.open = lambda at functions.cpp:{{[0-9]+}}::operator() in table {{[0-9]+}} at
// CHECK-DAG: store Table.method = Base::run in table {{[0-9]+}} at
// CHECK-DAG: type argument 0 of Box is Guarded

void dispatch(Base *b, Derived &d, Final *f) {
  b->run();
  d.other();
  f->run(2);
  b->Base::run(3);
  d.plain();
  void (Base::*method)(int) = &Base::run;
  (b->*method)(5);
}
// CHECK-LABEL: function dispatch(b, d, f)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call Base::run(4) on P0 virtual
// CHECK-NEXT:     #1 call Derived::other() on P1 at
// CHECK-NEXT:     #2 call Final::run(2) on P2 at
// CHECK-NEXT:     #3 call Base::run(3) on P0 at
// CHECK-NEXT:     #4 call Base::plain() on P1 at
// CHECK-NEXT:     #5 call Base::run(5) on P0 at
// CHECK-EMPTY:

struct Number {
  int value;
  Number operator+(const Number &) const;
  Number &operator+=(int);
  bool operator()(int) const;
  operator bool() const;
};
Number operator-(const Number &);
void operators(Number a, Number b) {
  Number c = a + b;
  c += 3;
  if (c(1))
    -c;
  if (c)
    b = a;
}
// CHECK-LABEL: function operators(a, b)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call Number::operator+(&P1) on &P0
// CHECK-NEXT:     #1 c = #0
// CHECK-NEXT:     #2 call Number::operator+=(3) on &c
// CHECK-NEXT:     #3 call Number::operator()(1) on &c
// CHECK:          call operator-(&c)
// CHECK:          call Number::operator bool() on &c

using callback = void (*)(int);
void reg(callback, void *);
void sink(int);
void lambdas(int x) {
  reg([](int y) { sink(y); }, nullptr);
  auto by_reference = [&] { sink(++x); };
  by_reference();
}
// CHECK-LABEL: function lambdas(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 x = P0
// CHECK-NEXT:     #1 call reg(lambdas::lambda at functions.cpp:[[@LINE-7]]::operator(), 0)
// CHECK-NEXT:     #2 by_reference->x = &x
// CHECK-NEXT:     #3 call lambdas::lambda at functions.cpp:[[@LINE-8]]::operator()() on &by_reference

struct Table { callback open; void (Base::*method)(int); };
Table table = {[](int z) { sink(z); }, &Base::run};

struct Guarded { Guarded(int); ~Guarded(); };
int number(int);
void statics() {
  static Guarded g(1);
  static int once = number(2);
  static int constant = 3;
  thread_local Guarded t(4);
  sink(constant);
}
// CHECK-LABEL: function statics()
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call __cxa_guard_acquire(&statics::g) implicit
// CHECK-NEXT:     -> block 1 if #0
// CHECK-NEXT:     -> block 2 unless #0
// CHECK-NEXT:   block 1
// CHECK-NEXT:     #1 call Guarded::Guarded(1) on &statics::g
// CHECK-NEXT:     #2 call __cxa_atexit(Guarded::~Guarded, &statics::g) implicit
// CHECK-NEXT:     #3 call __cxa_guard_release(&statics::g) implicit
// CHECK-NEXT:     -> block 2
// CHECK-NEXT:   block 2
// CHECK-NEXT:     #4 call __cxa_guard_acquire(&statics::once) implicit
// CHECK:          call number(2)
// CHECK-NOT:      guard_acquire
// CHECK:          call __cxa_thread_atexit(Guarded::~Guarded, &statics::t) implicit

template <typename T> struct Box {
  T content;
  void put(const T &t) { content = t; }
};
template <typename T> void never_instantiated(T t) { t.x(); }
void templates(Box<Guarded> *b, const Guarded &g, Box<int> &i) {
  b->put(g);
  i.put(3);
}
// CHECK-LABEL: function templates(b, g, i)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call Box::put(P1) on P0
// CHECK-NEXT:     #1 call Box::put(&3) on P2
// CHECK-NOT: never_instantiated

template <typename T> auto chosen(T t) {
  if constexpr (sizeof(T) == 1)
    return number(1);
  else
    return number(2);
}
consteval int twice(int x) { return x + x; }
void unevaluated(int x) {
  int s = sizeof(number(3));
  bool n = noexcept(number(4));
  decltype(number(5)) d = twice(6);
  sink(s + n + d + chosen('c'));
}
// CHECK-LABEL: function unevaluated(x)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call chosen(99)
// CHECK-NEXT:     #1 call sink({{.*}} + #0)
// CHECK-EMPTY:

void throws(int x) {
  if (x)
    throw Guarded(1);
  sink(1);
}
// CHECK-LABEL: function throws(x)
// CHECK:          #0 call __cxa_allocate_exception(?) implicit
// CHECK-NEXT:     #1 call Guarded::Guarded(1) on #0
// CHECK-NEXT:     #2 call __cxa_throw(#0) implicit
// CHECK-NEXT:     -> block [[SINK:[0-9]+]]
// CHECK:        block [[SINK]]
// CHECK-NEXT:     -> block [[SINK]]
// CHECK-LABEL: function chosen(t)
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call number(1)
// CHECK-NEXT:     #1 return #0
// CHECK-EMPTY:
