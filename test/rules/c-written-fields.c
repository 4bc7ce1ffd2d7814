// What a callee may have written in what it was given is not what the caller tested before the call; what it has not written is. And what a function wrote
// before it tests is not what its callers know.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct dev {
  spinlock_t lock;
  unsigned flags;
  int count, state, other;
  struct dev *next;
};
int read_register(struct dev *d);

static void clear_flag(struct dev *d) { d->flags &= ~4u; }
void bad_flag_cleared(struct dev *d) {
  spin_lock(&d->lock);
  if (d->flags & 4) {
    clear_flag(d);
    if (!(d->flags & 4))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
static void update(struct dev *d) { d->count = read_register(d); }
void bad_read_again(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count) {
    update(d);
    if (d->count)
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void ok_another_field(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state) {
    update(d);
    if (d->state)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
void ok_another_device(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count) {
    update(d->next);
    if (d->count)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
// Through two calls, and only perhaps.
static void sometimes(struct dev *d) {
  if (read_register(d))
    d->flags &= ~4u;
}
static void deeper(struct dev *d) { sometimes(d->next); }
void bad_two_calls(struct dev *d) {
  spin_lock(&d->lock);
  if (d->next->flags & 4) {
    deeper(d);
    if (!(d->next->flags & 4))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
void ok_not_that_deep(struct dev *d) {
  spin_lock(&d->lock);
  if (d->flags & 4) {
    deeper(d);
    if (!(d->flags & 4))
      msleep(1);
  }
  spin_unlock(&d->lock);
}
// The same locks are given back as were taken: nobody has written what decides it.
void ok_paired(struct dev *d) {
  if (d->state)
    spin_lock(&d->lock);
  update(d);
  if (d->state)
    spin_unlock(&d->lock);
  msleep(1);
}
// Written on one way, and known on both.
static void start_once(struct dev *d) {
  if (d->state)
    return;
  d->state = 1;
}
void ok_started(struct dev *d) {
  start_once(d);
  spin_lock(&d->lock);
  if (!d->state)
    msleep(1);
  spin_unlock(&d->lock);
}
static void stop_once(struct dev *d) {
  if (d->other)
    d->state = 0;
}
void bad_perhaps_stopped(struct dev *d) {
  start_once(d);
  stop_once(d);
  spin_lock(&d->lock);
  if (!d->state)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// What was tested behind the writing is no condition on what callers passed.
static void wait_if_set(struct dev *d, int now) {
  if (now)
    d->state = 1;
  if (d->state)
    msleep(1);
}
void bad_set_first(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state)
    wait_if_set(d, 1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void refresh_and_wait(struct dev *d) {
  update(d);
  if (d->count)
    msleep(1);
}
void bad_refreshed(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count)
    refresh_and_wait(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void wait_if_busy(struct dev *d) {
  update(d);
  if (d->state)
    msleep(1);
}
void ok_not_refreshed(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state)
    wait_if_busy(d);
  spin_unlock(&d->lock);
}

// One bit is set: the others are what they were.
enum { BUSY = 1, CAN_SLEEP = 4, SHARED = 8 };
static void mark(struct dev *d) { d->flags |= BUSY; }
void ok_paired_by_another_bit(struct dev *d) {
  if (d->flags & SHARED)
    spin_lock(&d->lock);
  mark(d);
  if (d->flags & SHARED)
    spin_unlock(&d->lock);
  msleep(1);
}
void ok_another_bit(struct dev *d) {
  spin_lock(&d->lock);
  if (!(d->flags & CAN_SLEEP)) {
    mark(d);
    if (d->flags & CAN_SLEEP)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
void bad_that_bit(struct dev *d) {
  spin_lock(&d->lock);
  if (!(d->flags & BUSY)) {
    mark(d);
    if (d->flags & BUSY)
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
// The test comes before the writing, or asks for another bit behind it: callers can decide it.
static void wait_marked(struct dev *d) {
  if (d->flags & CAN_SLEEP) {
    mark(d);
    msleep(1);
  }
}
static void mark_and_wait(struct dev *d) {
  mark(d);
  if (d->flags & CAN_SLEEP)
    msleep(1);
}
void ok_may_not_sleep(struct dev *d) {
  spin_lock(&d->lock);
  if (!(d->flags & CAN_SLEEP)) {
    wait_marked(d);
    mark_and_wait(d);
  }
  spin_unlock(&d->lock);
}
void bad_may_sleep(struct dev *d) {
  spin_lock(&d->lock);
  if (d->flags & CAN_SLEEP)
    wait_marked(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// A lock that hangs on a bit beside the one that is set.
static void mark_and_lock(struct dev *d) {
  mark(d);
  if (d->flags & SHARED)
    spin_lock(&d->lock);
}
void bad_locked_by_another_bit(struct dev *d) {
  if (!(d->flags & SHARED))
    return;
  mark_and_lock(d);
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_not_locked(struct dev *d) {
  if (d->flags & SHARED)
    return;
  mark_and_lock(d);
  msleep(1);
}
// Another way forbids sleeping; this one leaves it as it was.
static void wait_unless_failed(struct dev *d, int failed) {
  if (failed)
    d->other = 1;
  if (!d->other)
    msleep(1);
}
void ok_forbidden_before(struct dev *d, int failed) {
  spin_lock(&d->lock);
  if (d->other)
    wait_unless_failed(d, failed);
  spin_unlock(&d->lock);
}
static void set_error(struct dev *d, int error) {
  if (!d->other)
    d->other = error;
}
void ok_error_stays(struct dev *d) {
  spin_lock(&d->lock);
  if (d->other) {
    set_error(d, -5);
    if (!d->other)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
// Given back what it held.
static void without_sleeping(struct dev *d) {
  int before = d->state;
  d->state = 0;
  read_register(d);
  d->state = before;
}
void ok_restored(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state) {
    without_sleeping(d);
    if (d->state)
      msleep(1);
  }
  spin_unlock(&d->lock);
}
// A loop that does not wait for it does not change it.
void use(int i);
void ok_loop_in_between(struct dev *d) {
  int i;
  update(d);
  if (d->count)
    spin_lock(&d->lock);
  for (i = 0; i < 10; i++)
    use(i);
  if (d->count)
    spin_unlock(&d->lock);
  msleep(1);
}
void ok_loop_beside_a_bit(struct dev *d) {
  int i;
  d->flags |= BUSY;
  if (d->flags & SHARED)
    spin_lock(&d->lock);
  for (i = 0; i < 10; i++)
    use(i);
  if (d->flags & SHARED)
    spin_unlock(&d->lock);
  msleep(1);
}
void bad_loop_that_waits(struct dev *d) {
  update(d);
  spin_lock(&d->lock);
  if (!d->count) {
    while (!d->count)
      use(1);
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  }
  spin_unlock(&d->lock);
}
// The old value is passed on after another was written.
static void free_if(struct dev *q) {
  if (q)
    msleep(1);
}
void bad_detached(struct dev *d) {
  struct dev *q;
  spin_lock(&d->lock);
  q = d->next;
  d->next = 0;
  free_if(q); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_was_not_there(struct dev *d) {
  struct dev *q;
  spin_lock(&d->lock);
  q = d->next;
  if (!q) {
    d->next = d;
    free_if(q);
  }
  spin_unlock(&d->lock);
}
static void wait_in_state(struct dev *d) {
  if (d->state)
    msleep(1);
}
void ok_advanced(struct dev *d) {
  struct dev *n;
  spin_lock(&d->lock);
  n = d->next;
  d->next = n->next;
  if (!n->state)
    wait_in_state(n);
  spin_unlock(&d->lock);
}
static void unlock_if(struct dev *d, int locked) {
  if (locked)
    spin_unlock(&d->lock);
}
void ok_unlocked_by_the_old(struct dev *d) {
  int was = d->state;
  if (was)
    spin_lock(&d->lock);
  d->state = 0;
  unlock_if(d, was);
  msleep(1);
}
// What it returns is what was there when it was called, or what it has written.
static int exchange(struct dev *d, int to, int again) {
  int was = 0;
  if (again)
    was = d->state;
  else
    was = d->state;
  d->state = to;
  return was;
}
void bad_exchanged(struct dev *d) {
  spin_lock(&d->lock);
  if (d->state)
    if (exchange(d, 0, d->other))
      msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_exchanged(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->state)
    if (exchange(d, 1, d->other))
      msleep(1);
  spin_unlock(&d->lock);
}
// A struct of this function's own is not what callers passed.
void ok_own_struct(struct dev *d) {
  struct dev own = {.count = 0};
  update(d);
  spin_lock(&d->lock);
  if (own.count)
    msleep(1);
  spin_unlock(&d->lock);
}
// Going round a loop does not bring back what was there at entry.
static void poll_and_wait(struct dev *d) {
  int i;
  for (i = 0; i < 10; i++)
    d->count = read_register(d);
  if (d->count)
    msleep(1);
}
void bad_polled(struct dev *d) {
  spin_lock(&d->lock);
  if (!d->count)
    poll_and_wait(d); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// An error on one way: otherwise there is what was there at entry.
void bad_error_on_one_way(struct dev *d, int fails) {
  if (fails)
    d->next = (struct dev *)-5;
  spin_lock(&d->lock);
  if (d->next->state)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
