// A coroutine: frame, promise, suspensions, both ends of the body, in the order of the language.
// RUN: %fencelint facts %s -- -std=c++20 | FileCheck %s
namespace std {
template <class R, class...> struct coroutine_traits { using promise_type = typename R::promise_type; };
template <class P = void> struct coroutine_handle { static coroutine_handle from_address(void *) noexcept; };
template <> struct coroutine_handle<void> {
  static coroutine_handle from_address(void *) noexcept;
  template <class P> coroutine_handle(coroutine_handle<P>) noexcept;
};
} // namespace std
struct Ready {
  bool await_ready() noexcept;
  void await_suspend(std::coroutine_handle<>) noexcept;
  int await_resume() noexcept;
};
struct Task {
  struct promise_type {
    Task get_return_object();
    Ready initial_suspend() noexcept;
    Ready final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
    ~promise_type();
  };
};
struct Owned { Owned(Owned &&); ~Owned(); };
Ready wait_for(int);
void sink(int);
Task run(int n, Owned o) {
  if (n)
    co_return;
  sink(co_await wait_for(3));
}
// CHECK-LABEL: function run(n, o) {{.*}} coroutine
// CHECK-NEXT:   block 0
// CHECK-NEXT:     #0 call operator new(
// CHECK-NEXT:     #{{[0-9]+}} call Owned::Owned(&P1)
// CHECK-NEXT:     #{{[0-9]+}} call Task::promise_type::get_return_object() on &__promise
// CHECK-NEXT:     #{{[0-9]+}} call Task::promise_type::initial_suspend() on &__promise
// CHECK:          call Ready::await_resume()
// CHECK-NOT:      call
// CHECK:          call Task::promise_type::return_void() on &__promise
// CHECK:          call wait_for(3)
// CHECK-NEXT:     #{{[0-9]+}} call Ready::await_ready()
// CHECK:          call Ready::await_suspend(
// CHECK-NEXT:     [[R:#[0-9]+]] call Ready::await_resume()
// CHECK-NEXT:     #{{[0-9]+}} call sink([[R]])
// CHECK-NEXT:     #{{[0-9]+}} call Task::promise_type::return_void() on &__promise
// CHECK:          call Task::promise_type::unhandled_exception() on &__promise
// CHECK:          call Task::promise_type::final_suspend() on &__promise
// CHECK:          destroy &__promise by Task::promise_type::~promise_type implicit
// CHECK-NEXT:     #{{[0-9]+}} destroy &P1 by Owned::~Owned implicit parameter
// CHECK-NEXT:     #{{[0-9]+}} call operator delete(
