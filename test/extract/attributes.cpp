// What declarations say reaches the facts: on functions, parameters, fields, typedefs, in types and as capabilities.
// RUN: %fencelint facts %s -- -std=c++20 | FileCheck %s
#define ATTR(x) __attribute__((annotate(x)))
ATTR("fence:does sleeps") void on_function();
ATTR("someone:else") void foreign();
void on_redeclaration();
ATTR("fence:never-sleeps") void on_redeclaration();
void on_parameter(int, ATTR("fence:runs-in task") void (*cb)());
typedef ATTR("fence:runs-in hardirq") void (*handler_t)(int);
void takes_handler(handler_t h);
struct Ops {
  ATTR("fence:runs-in softirq") void (*field)();
  handler_t by_typedef;
  void (*effect)() noexcept [[clang::nonblocking]];
  ATTR("fence:runs-in task") virtual void method();
};
void fast() noexcept [[clang::nonblocking]];
void maybe() noexcept [[clang::nonallocating(false)]];
void slow() [[clang::blocking]];
struct __attribute__((capability("mutex"))) Mutex {
  void lock() __attribute__((acquire_capability()));
  bool try_lock() __attribute__((try_acquire_capability(true)));
  void unlock() __attribute__((release_capability()));
};
void lock_it(Mutex *m) __attribute__((acquire_capability(m)));
bool try_it(int, Mutex &m) __attribute__((try_acquire_capability(false, m)));
void needs(Mutex &m) __attribute__((requires_capability(m)));

// CHECK-DAG: attribute of on_function: fence:does sleeps at {{.*}}:4:
// CHECK-DAG: attribute of on_redeclaration: fence:never-sleeps at
// CHECK-DAG: attribute of parameter 1 of on_parameter: fence:runs-in task at
// CHECK-DAG: attribute of parameter 0 of takes_handler: fence:runs-in hardirq at
// CHECK-DAG: attribute of Ops.field: fence:runs-in softirq at
// CHECK-DAG: attribute of Ops.by_typedef: fence:runs-in hardirq at
// CHECK-DAG: attribute of Ops.effect: clang:nonblocking at
// CHECK-DAG: attribute of Ops::method: fence:runs-in task at
// CHECK-DAG: attribute of fast: clang:nonblocking at
// CHECK-DAG: attribute of maybe: clang:allocating at
// CHECK-DAG: attribute of slow: clang:blocking at
// CHECK-DAG: attribute of Mutex::lock: clang:acquire_capability at
// CHECK-DAG: attribute of Mutex::try_lock: clang:try_acquire_capability:1 at
// CHECK-DAG: attribute of Mutex::unlock: clang:release_capability at
// CHECK-DAG: attribute of lock_it: clang:acquire_capability:arg0 at
// CHECK-DAG: attribute of try_it: clang:try_acquire_capability:0:arg1 at
// CHECK-DAG: attribute of needs: clang:requires_capability:arg0 at
// CHECK-NOT: someone:else

void uses(Ops &o, Mutex &m) {
  on_function();
  foreign();
  on_redeclaration();
  on_parameter(1, on_function);
  takes_handler(nullptr);
  o.field();
  o.by_typedef(1);
  o.effect();
  o.method();
  fast();
  maybe();
  slow();
  m.lock();
  m.try_lock();
  m.unlock();
  lock_it(&m);
  try_it(1, m);
  needs(m);
}
