// Every macro at every place the header says it may stand, as C and C++, with the compilers that know it and with those
// that do not; and the words that arrive in the syntax tree, which are those of the model files.
//
// RUN: gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I %S/../../runtime/include %s
// RUN: g++ -x c++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I %S/../../runtime/include %s
// RUN: clang-22 -std=c11 -Wall -Wextra -Wpedantic -Wfunction-effects -Werror -fsyntax-only -I %S/../../runtime/include %s
// RUN: clang-22 -std=c23 -Wall -Wextra -Wpedantic -Wfunction-effects -Werror -fsyntax-only -I %S/../../runtime/include %s
// RUN: clang++-22 -x c++ -std=c++20 -Wall -Wextra -Wpedantic -Wfunction-effects -Werror -fsyntax-only -I %S/../../runtime/include %s
// RUN: clang-22 -std=c11 -w -fsyntax-only -Xclang -ast-dump -I %S/../../runtime/include %s | FileCheck %s
#include <fence/annotations.h>
#include <stddef.h>

#define MAY_WAIT 0x400
#ifdef __cplusplus
#define NOEXCEPT noexcept
extern "C" {
#else
#define NOEXCEPT
#endif

struct object;

// CHECK: FunctionDecl {{.*}} wait_idle 'int (struct object *) __attribute__((blocking))'
// CHECK: AnnotateAttr {{.*}} "fence:does sleeps"
FENCE_MAY_SLEEP int wait_idle(struct object *o);
// CHECK: "fence:does sleeps when arg1 != 0"
FENCE_MAY_SLEEP_WHEN("arg1 != 0") int wait_for(struct object *o, long timeout);
// CHECK: 'void *(size_t) __attribute__((allocating))'
// CHECK: "fence:does allocates"
// CHECK: "fence:does reclaims"
FENCE_ALLOCATES void *grow(size_t bytes);
// CHECK: "fence:does allocates"
FENCE_ALLOCATES_WITHOUT_WAITING void *take_reserved(size_t bytes);
// CHECK: "fence:does allocates"
// CHECK: "fence:does reclaims when arg1 & 0x400"
FENCE_ALLOCATES_WITH(arg1, MAY_WAIT) void *allocate(size_t bytes, unsigned flags);
// CHECK: "fence:does frees"
FENCE_FREES void shrink(struct object *o);
// CHECK: "fence:does waits for work"
FENCE_WAITS_FOR("work") void flush(void);
// CHECK: "fence:does may block on last reference"
FENCE_BLOCKS_ON_LAST_REFERENCE void put(struct object *o);
// CHECK: "fence:does counts down when result != 0"
FENCE_COUNTS_DOWN_WHEN("result != 0") int drop(struct object *o);
// CHECK: "fence:does calls arg1"
FENCE_CALLS(arg1) void for_each(struct object *o, void (*visit)(struct object *));
// CHECK: "fence:does signals fence"
FENCE_DOES("signals fence") void complete(struct object *o);

// CHECK: "fence:does takes spinning arg0"
FENCE_TAKES_SPINNING(arg0) void spin(struct object *o);
// CHECK: "fence:does takes spinning arg0.lock when result != 0"
FENCE_TRY_TAKES_SPINNING(arg0.lock) int try_spin(struct object *o);
// CHECK: "fence:does releases spinning global big_lock"
FENCE_RELEASES_SPINNING(global big_lock) void unspin(void);
// CHECK: "fence:does sleeps"
// CHECK: "fence:does takes sleeping arg0"
FENCE_TAKES_SLEEPING(arg0) void lock(struct object *o);
// CHECK: "fence:does takes sleeping arg0 when result != 0"
FENCE_TRY_TAKES_SLEEPING(arg0) int try_lock(struct object *o);
// CHECK: "fence:does releases sleeping arg0"
FENCE_RELEASES_SLEEPING(arg0) void unlock(struct object *o);
// CHECK: "fence:does enters irqs-off"
FENCE_ENTERS("irqs-off") unsigned long irq_save(void);
// CHECK: "fence:does leaves irqs-off"
FENCE_LEAVES("irqs-off") void irq_restore(unsigned long flags);

// CHECK: FunctionDecl {{.*}} on_irq 'void (void *)'
// CHECK: "fence:runs-in interrupt"
// CHECK: "fence:requires preempt-off, irqs-off"
FENCE_RUNS_IN("interrupt") FENCE_REQUIRES("preempt-off, irqs-off") void on_irq(void *data);
// CHECK: TypedefDecl {{.*}} done_fn
// CHECK: "fence:runs-in atomic"
typedef FENCE_RUNS_IN("atomic") void (*done_fn)(void *data);
struct operations {
  // CHECK: FieldDecl {{.*}} begin
  // CHECK: "fence:runs-in task"
  FENCE_RUNS_IN("task") int (*begin)(void *data);
  // CHECK: FieldDecl {{.*}} poll 'int (*)(void *) __attribute__((nonblocking)){{.*}}'
  // CHECK: "fence:never-sleeps"
  // CHECK: "fence:never-allocates"
  FENCE_NONBLOCKING int (*poll)(void *data) NOEXCEPT;
  done_fn done;
};
// CHECK: ParmVarDecl {{.*}} handler
// CHECK: "fence:runs-in interrupt"
void register_irq(int line, FENCE_RUNS_IN("interrupt") void (*handler)(void *), void *data);

// CHECK: "fence:audited every caller holds the queue's lock"
FENCE_AUDITED("every caller holds the queue's lock") static inline void drain(struct object *o) { put(o); }
// CHECK: 'void (struct object *) __attribute__((nonallocating))'
// CHECK: "fence:never-allocates"
FENCE_NONALLOCATING void submit(struct object *o);
// CHECK: FunctionDecl {{.*}} 'int (const struct object *) __attribute__((nonblocking))'
FENCE_NONBLOCKING int is_done(const struct object *o) NOEXCEPT;

void uses_the_statement(struct object *o) {
  FENCE_HOLDS_ANOTHER_REFERENCE(o);
  drain(o);
}
#ifdef __cplusplus
}

struct callback {
  FENCE_RUNS_IN("interrupt") FENCE_NONBLOCKING virtual void called() noexcept = 0;
  FENCE_NONBLOCKING callback() noexcept {}
  FENCE_NONBLOCKING virtual ~callback() = default;
};
struct counting final : callback {
  void called() noexcept override { ++Count; }
  int Count = 0;
};
using done_type FENCE_RUNS_IN("atomic") = void (*)(void *);
template <typename T> FENCE_NONBLOCKING T twice(T Value) noexcept { return Value + Value; }
class spin_lock {
public:
  FENCE_TAKES_SPINNING(this) void lock() noexcept;
  FENCE_TRY_TAKES_SPINNING(this) bool try_lock() noexcept;
  FENCE_RELEASES_SPINNING(this) void unlock() noexcept;
};
int in_a_lambda(int Value) {
  auto Add = [Value](int Other) FENCE_NONBLOCKING noexcept { return twice(Value) + Other; };
  FENCE_HOLDS_ANOTHER_REFERENCE(&Value);
  return Add(1);
}
#endif
