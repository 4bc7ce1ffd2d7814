/* What the tests of ww mutexes call beside the mutexes: random numbers, the kernel's lists, work on the stack. */
#ifndef HARNESS_WW_H
#define HARNESS_WW_H

#include "harness.h"

#define WQ_UNBOUND 0u
#define alloc_workqueue fence_workqueue_alloc
#define flush_workqueue fence_flush_workqueue
#define INIT_WORK_ONSTACK INIT_WORK
#define destroy_work_on_stack(work) ((void)(work))

#define KERN_INFO ""
#define printk(...) harness_print(harness_info, __VA_ARGS__)
#define WARN_ON(condition) WARN(condition, "%s: %s\n", __func__, #condition)
/* A thread whose time is over just when it has to give way says so as an error and has not failed. */
#define pr_err_once(format, function, error)                                                                           \
  harness_print((error) == -EDEADLK ? harness_notice : harness_error, format, function, error)
#define MODULE_AUTHOR(text)

#define BIT(number) (1u << (number))
#define hweight32(bits) ((unsigned)__builtin_popcount(bits))
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define DEFINE_SPINLOCK(name) struct fence_spinlock name

/* prandom_u32_state() is called under the test's own lock. */
struct rnd_state {
  u64 state;
};
static inline u64 get_random_u64(void) {
  return (u64)get_random_u32_below(UINT_MAX) << 32 | get_random_u32_below(UINT_MAX);
}
static inline void prandom_seed_state(struct rnd_state *random, u64 seed) { random->state = seed; }
static inline u32 prandom_u32_state(struct rnd_state *random) {
  random->state = random->state * 6364136223846793005u + 1442695040888963407u;
  return (u32)(random->state >> 32);
}

#define list_head fence_list
#define LIST_HEAD(name) struct fence_list name = {&name, &name}
static inline void list_add(struct fence_list *node, struct fence_list *head) { fence_list_append(head->next, node); }
static inline void list_move(struct fence_list *node, struct fence_list *head) {
  fence_list_unlink(node);
  list_add(node, head);
}
#define HARNESS_ENTRY(node, variable, member) container_of(node, typeof(*(variable)), member)
#define list_for_each_entry(variable, head, member)                                                                    \
  for ((variable) = HARNESS_ENTRY((head)->next, variable, member); &(variable)->member != (head);                      \
       (variable) = HARNESS_ENTRY((variable)->member.next, variable, member))
#define list_for_each_entry_safe(variable, following, head, member)                                                    \
  for ((variable) = HARNESS_ENTRY((head)->next, variable, member),                                                     \
      (following) = HARNESS_ENTRY((variable)->member.next, variable, member);                                          \
       &(variable)->member != (head);                                                                                  \
       (variable) = (following), (following) = HARNESS_ENTRY((following)->member.next, following, member))
#define list_for_each_entry_continue_reverse(variable, head, member)                                                   \
  for ((variable) = HARNESS_ENTRY((variable)->member.prev, variable, member); &(variable)->member != (head);           \
       (variable) = HARNESS_ENTRY((variable)->member.prev, variable, member))

#endif
