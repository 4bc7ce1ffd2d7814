// A table that the compiler fills by running a constexpr function stores what the function puts into it.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c++20
#include "../Inputs/cxx/atomic.h"

struct ops {
  FENCE_RUNS_IN("runtime-atomic") void (*release)() noexcept;
  void (*open)() noexcept;
};
void use(const ops &);

template <class T> struct ops_of {
  static void release() noexcept {
    T ends;
    // CHECK: :[[#@LINE+1]]:{{.*}}[sleep-in-atomic]
  }
  static void open() noexcept { T ends; }
  static consteval ops make() {
    return {.release = release, .open = [] { return &ops_of::open; }()};
  }
};
template <class T> inline constexpr ops table_of = ops_of<T>::make();

struct sleepy {
  ~sleepy() { wait_for_device(); }
};
struct quiet {
  ~quiet() {}
};
struct opened_only {
  ~opened_only() { wait_for_device(); }
};

void bad_a_table_of_sleepy() { use(table_of<sleepy>); }
void ok_a_table_of_quiet() { use(table_of<quiet>); }

constexpr ops opens() { return {.release = nullptr, .open = ops_of<opened_only>::open}; }
void ok_a_slot_that_may_sleep() {
  static constexpr ops table = opens();
  use(table);
}
