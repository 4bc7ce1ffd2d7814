// A flag that a function may clear before it looks at it: where it is set there, the caller had set it. And a flag that travels in a struct of the
// caller's own, past a loop.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

static void wait(int times, bool may_sleep) {
  if (times < 0) {
    may_sleep = 0;
    times = -times;
  }
  for (int i = 0; i < times; i++) {
    if (may_sleep)
      msleep(10);
  }
}
static void wait_twice(int times, bool may_sleep) {
  if (times > 100)
    may_sleep = 0;
  else if (times > 50)
    may_sleep = 0;
  wait(times, may_sleep);
  wait(times, may_sleep);
}
void ok_cleared_by_the_caller(spinlock_t *lock, int times) {
  spin_lock(lock);
  wait(times, 0);
  wait_twice(times, 0);
  spin_unlock(lock);
}
void bad_set_by_the_caller(spinlock_t *lock, int times) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait' may sleep{{.*}}[sleep-in-atomic]
  wait(times, 1);
  spin_unlock(lock);
}
static void wait_or_not(int times, bool may_sleep) {
  if (times < 0)
    may_sleep = !may_sleep; // may be either now
  if (may_sleep)
    msleep(10);
}
void bad_turned_around(spinlock_t *lock, int times) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait_or_not' may sleep{{.*}}[sleep-in-atomic]
  wait_or_not(times, 0);
  spin_unlock(lock);
}

struct message {
  bool asynchronous;
  int words[4];
};
static void send(struct message *m) {
  if (m->asynchronous)
    return;
  msleep(10);
}
static void send_all(const int *words, int count, bool asynchronous) {
  struct message m = {0};
  m.asynchronous = asynchronous;
  for (int i = 0; i < count; i++) {
    m.words[0] = words[i];
    send(&m);
  }
}
static void send_last_synchronously(const int *words, int count, bool asynchronous) {
  struct message m = {0};
  m.asynchronous = asynchronous;
  for (int i = 0; i < count; i++) {
    m.words[0] = words[i];
    send(&m);
    m.asynchronous = 0;
  }
}
void ok_asynchronous(spinlock_t *lock, const int *words) {
  spin_lock(lock);
  send_all(words, 8, 1);
  spin_unlock(lock);
}
void bad_synchronous(spinlock_t *lock, const int *words) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'send_all' may sleep{{.*}}[sleep-in-atomic]
  send_all(words, 8, 0);
  spin_unlock(lock);
}
void bad_synchronous_from_the_second_on(spinlock_t *lock, const int *words) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'send_last_synchronously' may sleep{{.*}}[sleep-in-atomic]
  send_last_synchronously(words, 8, 1);
  spin_unlock(lock);
}
