/* The kernel services that the selftests call and that are no part of a fence: threads, timers, slabs, printing, modules. Written from
 * the list of names the tests use; a test's view of them, not the kernel's. */
#ifndef HARNESS_H
#define HARNESS_H

#define _GNU_SOURCE
/* One second of the tests. Only the racing test's length is given in it, five of them; a fifth of that finds as much. */
#define HZ 200
#include <fence/kernel_names.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>

/*---- Printing: what is said counts --------------------------------------------------------------------------------*/

/* "Running suite/test" is one execution; an error is a failure. */
__attribute__((format(printf, 2, 3))) void harness_print(int level, const char *format, ...);
enum { harness_error, harness_notice, harness_info, harness_debug };
#define pr_err(...) harness_print(harness_error, __VA_ARGS__)
#define pr_notice(...) harness_print(harness_notice, __VA_ARGS__)
#define pr_info(...) harness_print(harness_info, __VA_ARGS__)
#define pr_debug(...) harness_print(harness_debug, __VA_ARGS__)
#define WARN(condition, ...)                                                                                           \
  ({                                                                                                                   \
    bool harness_warned = (condition);                                                                                 \
    if (harness_warned)                                                                                                \
      pr_err(__VA_ARGS__);                                                                                             \
    harness_warned;                                                                                                    \
  })

/*---- Modules: the program's main() is the loader ------------------------------------------------------------------*/

#define ___PASTE(a, b) a##b
#define __PASTE(a, b) ___PASTE(a, b)
#define __init
#define __exit
#define MODULE_LICENSE(text)
#define MODULE_DESCRIPTION(text)
void harness_parameter(const char *name, const char *type, void *variable);
#define module_param_named(name, variable, type, mode)                                                                 \
  __attribute__((constructor)) static void __PASTE(harness_parameter_, name)(void) {                                   \
    harness_parameter(#name, #type, &(variable));                                                                      \
  }
extern int (*harness_init)(void);
#define module_init(function) int (*harness_init)(void) = function;
#define module_exit(function) __attribute__((destructor)) static void harness_exit(void) { function(); }
static inline char *kstrdup(const char *text, gfp_t flags) {
  (void)flags;
  return text ? strdup(text) : NULL;
}

/*---- Threads ------------------------------------------------------------------------------------------------------*/

enum { TASK_RUNNING = 0, TASK_INTERRUPTIBLE = 1, TASK_UNINTERRUPTIBLE = 2 };
struct task_struct;
struct task_struct *harness_current(void);
#define current harness_current()
__attribute__((format(printf, 3, 4))) struct task_struct *kthread_run(int (*function)(void *), void *data, const char *name, ...);
bool kthread_should_stop(void);
/* Waits for the thread's end and returns its result. */
int kthread_stop_put(struct task_struct *task);
struct task_struct *get_task_struct(struct task_struct *task);
void put_task_struct(struct task_struct *task);
bool yield_to(struct task_struct *task, bool preempt);
int wake_up_process(struct task_struct *task);
void set_current_state(unsigned state);
#define __set_current_state set_current_state
/* Jiffies; sleeps until the state is TASK_RUNNING again or the time is over. Returns what is left. */
long schedule_timeout(long timeout);
void msleep(unsigned milliseconds);
void usleep_range(unsigned long least, unsigned long most);
void cond_resched(void);
static inline bool signal_pending(struct task_struct *task) {
  (void)task; /* only ever asked about the caller */
  return fence_interrupted();
}
static inline bool signal_pending_state(unsigned state, struct task_struct *task) {
  return (state & TASK_INTERRUPTIBLE) && signal_pending(task);
}
int num_online_cpus(void);

/* A condition elsewhere in memory, and whoever changes it says so. */
unsigned harness_var_changes(void);
bool harness_wait_var(unsigned changes, uint64_t deadline);
void wake_up_var(void *variable);
#define wait_var_event_timeout(variable, condition, timeout)                                                           \
  do {                                                                                                                 \
    uint64_t harness_deadline = fence_now() + (uint64_t)(timeout) * (1000000000u / FENCE_HZ);                          \
    for (unsigned harness_seen = harness_var_changes();                                                                \
         !(condition) && harness_wait_var(harness_seen, harness_deadline); harness_seen = harness_var_changes())       \
      ;                                                                                                                \
  } while (0)

/*---- Timers: one thread runs all of them in the order of their times ----------------------------------------------*/

struct timer_list {
  struct timer_list *next;
  unsigned long expires; /* jiffies */
  void (*function)(struct timer_list *timer);
};
void timer_setup_on_stack(struct timer_list *timer, void (*function)(struct timer_list *), unsigned flags);
int mod_timer(struct timer_list *timer, unsigned long expires);
int del_timer_sync(struct timer_list *timer);
bool timer_pending(const struct timer_list *timer);
void destroy_timer_on_stack(struct timer_list *timer);
#define from_timer(variable, timer, field) container_of(timer, typeof(*variable), field)

/*---- Slabs ----------------------------------------------------------------------------------------------------------*/

#define SLAB_HWCACHE_ALIGN 1u
#define SLAB_TYPESAFE_BY_RCU 2u
struct kmem_cache;
struct kmem_cache *kmem_cache_create(const char *name, size_t bytes, unsigned flags);
#define KMEM_CACHE(type, flags) kmem_cache_create(#type, sizeof(struct type), flags)
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void kmem_cache_free(struct kmem_cache *cache, void *object);
/* An error if an object is still out. */
void kmem_cache_destroy(struct kmem_cache *cache);

/*---- The rest -------------------------------------------------------------------------------------------------------*/

u32 get_random_u32_below(u32 ceiling);
u32 get_random_u32_inclusive(u32 floor, u32 ceiling);
#define swap(a, b)                                                                                                     \
  do {                                                                                                                 \
    typeof(a) harness_first = (a);                                                                                     \
    (a) = (b);                                                                                                         \
    (b) = harness_first;                                                                                               \
  } while (0)

#endif
