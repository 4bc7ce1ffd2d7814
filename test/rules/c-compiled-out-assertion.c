// An assertion that leaves no code is what its author relies on. Its condition is not computed: a call in it does not happen. What the compiler refuses to call
// is not called: what comes behind the question for it runs.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

#define BUILD_BUG_ON_INVALID(e) ((void)(sizeof((long)(e))))
#define VM_BUG_ON(condition) BUILD_BUG_ON_INVALID(condition)
#define VM_WARN_ON(condition) BUILD_BUG_ON_INVALID(condition)

struct pool {
  int reserved;
  spinlock_t lock;
};
static void refill(struct pool *p) {
  if (!p->reserved)
    msleep(1);
}
static int slow_check(struct pool *p) {
  msleep(1);
  return p->reserved;
}
void ok_asserted(struct pool *p) {
  spin_lock(&p->lock);
  VM_BUG_ON(!p->reserved);
  refill(p);
  spin_unlock(&p->lock);
}
void ok_not_computed(struct pool *p) {
  spin_lock(&p->lock);
  VM_BUG_ON(slow_check(p));
  spin_unlock(&p->lock);
}
void bad_asserted_otherwise(struct pool *p) {
  spin_lock(&p->lock);
  VM_BUG_ON(p->reserved);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'refill' may sleep{{.*}}[sleep-in-atomic]
  refill(p);
  spin_unlock(&p->lock);
}
void bad_only_warned(struct pool *p) {
  spin_lock(&p->lock);
  VM_WARN_ON(!p->reserved);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'refill' may sleep{{.*}}[sleep-in-atomic]
  refill(p);
  spin_unlock(&p->lock);
}
void bad_asserted_of_another(struct pool *p, struct pool *other) {
  spin_lock(&p->lock);
  VM_BUG_ON(!other->reserved);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'refill' may sleep{{.*}}[sleep-in-atomic]
  refill(p);
  spin_unlock(&p->lock);
}

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
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
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
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
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
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
  msleep(1);
  spin_unlock(&p->lock);
}
