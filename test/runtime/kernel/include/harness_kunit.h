/* As much of KUnit as drm_exec's tests use: a suite is the program's module, each case is an execution, each expectation that fails an error. */
#ifndef HARNESS_KUNIT_H
#define HARNESS_KUNIT_H

#include "harness.h"

struct kunit {
  void *priv;
  void *memory[16]; /* lives as long as the case */
  unsigned blocks;
};
struct kunit_case {
  void (*run_case)(struct kunit *test);
  const char *name;
};
struct kunit_suite {
  const char name[256];
  int (*init)(struct kunit *test);
  struct kunit_case *test_cases;
};
#define KUNIT_CASE(function) {.run_case = function, .name = #function}

static inline void *kunit_kzalloc(struct kunit *test, size_t bytes, gfp_t flags) {
  if (test->blocks == ARRAY_SIZE(test->memory))
    abort();
  return test->memory[test->blocks++] = kzalloc(bytes, flags);
}

#define KUNIT_SUCCEED(test) ((void)(test))
#define KUNIT_EXPECT_EQ(test, left, right)                                                                             \
  WARN((left) != (right), "%s:%d: expected %s == %s\n", __FILE__, __LINE__, #left, #right)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pointer)                                                                    \
  do {                                                                                                                 \
    if (WARN(IS_ERR_OR_NULL(pointer), "%s:%d: expected %s\n", __FILE__, __LINE__, #pointer))                           \
      abort();                                                                                                         \
  } while (0)

static inline int harness_run_suite(const struct kunit_suite *suite) {
  for (const struct kunit_case *one = suite->test_cases; one->run_case; ++one) {
    struct kunit test = {0};
    pr_info("Running %s/%s\n", suite->name, one->name);
    int error = suite->init(&test);
    if (error)
      return error;
    one->run_case(&test);
    while (test.blocks)
      kfree(test.memory[--test.blocks]);
  }
  return 0;
}
#define kunit_test_suite(suite)                                                                                        \
  static int harness_suite(void) { return harness_run_suite(&suite); }                                                 \
  module_init(harness_suite)
#define MODULE_AUTHOR(text)

#endif
