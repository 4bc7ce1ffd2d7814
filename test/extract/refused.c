// What the compiler refuses to call is called in no program that was compiled: what comes behind the question for it runs, whatever the answer seems to be. Not among
// the rules' tests, because without optimization the compiler does refuse it.
//
// RUN: not %fencelint check --quiet --rules sleep-in-atomic %s -- -std=gnu11 | FileCheck %s --implicit-check-not=warning:
#include "../Inputs/kernel/kernel.h"

struct pool {
  int reserved;
  spinlock_t lock;
};
// The question is answered behind inlining: `i` is a constant in the program that was accepted.
#define BUILD_BUG_ON(condition) \
  do { \
    __attribute__((noreturn, error("not so"))) extern void refused(void); \
    if (!(!(condition))) \
      refused(); \
  } while (0)
static inline __attribute__((always_inline)) int has(struct pool *p, int i) {
  BUILD_BUG_ON(!__builtin_constant_p(i));
  return p->reserved & (1 << i);
}
void bad_behind_a_question_to_the_compiler(struct pool *p) {
  spin_lock(&p->lock);
  if (has(p, 3))
    // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}sleep-in-atomic]
    msleep(1);
  spin_unlock(&p->lock);
}
void wrong_size(void) __attribute__((error("no such size")));
#define read_once(x) \
  ({ \
    if (sizeof(x) == 4 || sizeof(x) == 8) \
      ; \
    else \
      wrong_size(); \
    x; \
  })
void bad_refused_but_returning(struct pool *p) {
  spin_lock(&p->lock);
  if (read_once(p->reserved))
    // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}sleep-in-atomic]
    msleep(1);
  spin_unlock(&p->lock);
}
// A program with this body was refused, or nobody calls it.
static inline void only_refused(struct pool *p) {
  BUILD_BUG_ON(1);
  msleep(1);
}
void ok_what_nobody_may_call(struct pool *p) {
  spin_lock(&p->lock);
  if (sizeof(*p) == 1)
    only_refused(p);
  spin_unlock(&p->lock);
}
void warned(void) __attribute__((warning("think of it")));
void bad_only_a_warning(struct pool *p) {
  spin_lock(&p->lock);
  if (p->reserved)
    warned();
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}sleep-in-atomic]
  msleep(1);
  spin_unlock(&p->lock);
}
