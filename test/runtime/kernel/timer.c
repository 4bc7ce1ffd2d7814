/* Timers of the harness: a sorted list and one thread, so that of two timers the earlier always runs first. */
#include "harness.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER; /* the list, or what runs */
static pthread_once_t started = PTHREAD_ONCE_INIT;
static struct timer_list *first, *running;

static struct timer_list not_pending; /* a timer's `next` if it is not in the list */

static void *run_timers(void *unused) {
  pthread_mutex_lock(&mutex);
  for (;;) {
    if (!first) {
      pthread_cond_wait(&changed, &mutex);
    } else if (first->expires > jiffies) {
      uint64_t at = (uint64_t)first->expires * (1000000000u / FENCE_HZ);
      struct timespec until = {(time_t)(at / 1000000000u), (long)(at % 1000000000u)};
      pthread_cond_clockwait(&changed, &mutex, CLOCK_MONOTONIC, &until);
    } else {
      struct timer_list *due = running = first;
      first = due->next;
      due->next = &not_pending;
      pthread_mutex_unlock(&mutex);
      fence_softirq_enter();
      due->function(due);
      fence_softirq_exit();
      pthread_mutex_lock(&mutex);
      running = NULL;
      pthread_cond_broadcast(&changed);
    }
  }
  return unused;
}
static void start(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run_timers, NULL) != 0)
    abort();
  pthread_detach(thread);
}

static bool unlink_locked(struct timer_list *timer) {
  if (timer->next == &not_pending)
    return false;
  struct timer_list **at = &first;
  while (*at != timer)
    at = &(*at)->next;
  *at = timer->next;
  timer->next = &not_pending;
  return true;
}

void timer_setup_on_stack(struct timer_list *timer, void (*function)(struct timer_list *), unsigned flags) {
  (void)flags;
  timer->next = &not_pending;
  timer->function = function;
}

int mod_timer(struct timer_list *timer, unsigned long expires) {
  pthread_once(&started, start);
  pthread_mutex_lock(&mutex);
  bool was_pending = unlink_locked(timer);
  timer->expires = expires;
  struct timer_list **at = &first;
  while (*at && (*at)->expires <= expires)
    at = &(*at)->next;
  timer->next = *at;
  *at = timer;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  return was_pending;
}

int del_timer_sync(struct timer_list *timer) {
  pthread_mutex_lock(&mutex);
  bool was_pending = unlink_locked(timer);
  while (running == timer)
    pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  return was_pending;
}

bool timer_pending(const struct timer_list *timer) {
  pthread_mutex_lock(&mutex);
  bool pending = timer->next != &not_pending;
  pthread_mutex_unlock(&mutex);
  return pending;
}

void destroy_timer_on_stack(struct timer_list *timer) {
  if (timer_pending(timer))
    pr_err("a timer's memory goes while it is pending\n");
}
