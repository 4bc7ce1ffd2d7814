/* Threads of the harness: a task's state is the word it sleeps on, a wake-up goes through the runtime so that one under a fence's lock is
 * deferred like any other. */
#include "harness.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

struct task_struct {
  struct fence_thread *thread; /* null until it runs */
  unsigned state, references;
  bool should_stop;
  int (*function)(void *);
  void *data;
  int result;
  pthread_t handle;
};

static __thread struct task_struct *here;

static struct task_struct *make_task(int (*function)(void *), void *data) {
  struct task_struct *task = calloc(1, sizeof *task);
  if (!task)
    abort();
  task->function = function;
  task->data = data;
  task->references = 1;
  return task;
}

static void begin_task(struct task_struct *task) {
  here = task;
  __atomic_store_n(&task->thread, fence_thread_get(fence_thread_self()), __ATOMIC_SEQ_CST);
}

struct task_struct *harness_current(void) {
  if (!here)
    begin_task(make_task(NULL, NULL)); /* main(), for the program's life */
  return here;
}

struct task_struct *get_task_struct(struct task_struct *task) {
  __atomic_fetch_add(&task->references, 1, __ATOMIC_RELAXED);
  return task;
}
void put_task_struct(struct task_struct *task) {
  if (__atomic_sub_fetch(&task->references, 1, __ATOMIC_ACQ_REL))
    return;
  if (task->thread)
    fence_thread_put(task->thread);
  free(task);
}

static void *run_task(void *given) {
  struct task_struct *task = given;
  begin_task(task);
  task->result = task->function(task->data);
  return NULL;
}

struct task_struct *kthread_run(int (*function)(void *), void *data, const char *name, ...) {
  (void)name;
  struct task_struct *task = make_task(function, data);
  int error = pthread_create(&task->handle, NULL, run_task, task);
  if (!error)
    return task;
  put_task_struct(task);
  return ERR_PTR(-error);
}

bool kthread_should_stop(void) { return __atomic_load_n(&harness_current()->should_stop, __ATOMIC_SEQ_CST); }

int kthread_stop_put(struct task_struct *task) {
  __atomic_store_n(&task->should_stop, true, __ATOMIC_SEQ_CST);
  wake_up_process(task);
  pthread_join(task->handle, NULL);
  int result = task->result;
  put_task_struct(task); /* the thread's own */
  put_task_struct(task);
  return result;
}

bool yield_to(struct task_struct *task, bool preempt) {
  (void)task, (void)preempt;
  return sched_yield() == 0;
}
void cond_resched(void) { sched_yield(); }
int num_online_cpus(void) { return 4; /* as many racing threads on every machine */ }

void set_current_state(unsigned state) { __atomic_store_n(&harness_current()->state, state, __ATOMIC_SEQ_CST); }

int wake_up_process(struct task_struct *task) {
  unsigned before = __atomic_exchange_n(&task->state, TASK_RUNNING, __ATOMIC_SEQ_CST);
  struct fence_thread *thread = __atomic_load_n(&task->thread, __ATOMIC_SEQ_CST);
  if (thread)
    fence_unpark(thread);
  return before != TASK_RUNNING;
}

/* The end of a timeout is a timer, so what was due before it has happened before it. */
struct timeout {
  struct timer_list timer;
  struct task_struct *task;
};
static void time_is_over(struct timer_list *timer) { wake_up_process(container_of(timer, struct timeout, timer)->task); }

long schedule_timeout(long timeout) {
  struct task_struct *self = harness_current();
  struct timeout end = {.task = self};
  unsigned long until = 0;
  fence_might_sleep();
  if (timeout != MAX_SCHEDULE_TIMEOUT) {
    timer_setup_on_stack(&end.timer, time_is_over, 0);
    until = jiffies + (unsigned long)timeout;
    mod_timer(&end.timer, until);
  }
  while (__atomic_load_n(&self->state, __ATOMIC_SEQ_CST) != TASK_RUNNING)
    fence_park(FENCE_FOREVER);
  if (timeout == MAX_SCHEDULE_TIMEOUT)
    return timeout;
  del_timer_sync(&end.timer);
  long left = (long)(until - jiffies);
  return left > 0 ? left : 0;
}

void msleep(unsigned milliseconds) {
  fence_might_sleep();
  usleep(milliseconds * 1000);
}
void usleep_range(unsigned long least, unsigned long most) {
  (void)most;
  fence_might_sleep();
  usleep((useconds_t)least);
}

/*---- Conditions ------------------------------------------------------------------------------------------------*/

static pthread_mutex_t var_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t var_changed = PTHREAD_COND_INITIALIZER;
static unsigned var_changes;

unsigned harness_var_changes(void) {
  pthread_mutex_lock(&var_mutex);
  unsigned changes = var_changes;
  pthread_mutex_unlock(&var_mutex);
  return changes;
}
void wake_up_var(void *variable) {
  (void)variable;
  pthread_mutex_lock(&var_mutex);
  ++var_changes;
  pthread_cond_broadcast(&var_changed);
  pthread_mutex_unlock(&var_mutex);
}
bool harness_wait_var(unsigned changes, uint64_t deadline) {
  struct timespec until = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
  int error = 0;
  pthread_mutex_lock(&var_mutex);
  while (var_changes == changes && !error)
    error = pthread_cond_clockwait(&var_changed, &var_mutex, CLOCK_MONOTONIC, &until);
  pthread_mutex_unlock(&var_mutex);
  return !error;
}
