// What a callee stores through a pointer to a number, and what memset() leaves in a struct.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

void *memset(void *p, int c, unsigned long n);
struct dev {
  spinlock_t lock;
  int count;
};
struct command {
  bool wait, late;
  int number;
};
static void get_mode(struct dev *d, int *mode, int given) {
  d->count++;
  *mode = given;
}
void ok_mode(struct dev *d) {
  int mode;
  get_mode(d, &mode, 1);
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1);
  spin_unlock(&d->lock);
}
void bad_mode(struct dev *d) {
  int mode;
  get_mode(d, &mode, 2);
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// The pointer is handed on: who gets it writes last.
int read_register(struct dev *d, int *value);
static int read_mode(struct dev *d, int *mode) {
  *mode = 0;
  return read_register(d, mode);
}
void bad_handed_on(struct dev *d) {
  int mode;
  read_mode(d, &mode);
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
static void get_two(struct dev *d, int *first, int *second) {
  *first = 0;
  *second = d->count;
}
void bad_two_names(struct dev *d) {
  int mode;
  get_two(d, &mode, &mode);
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_mode_of_before(struct dev *d, int given) {
  int mode = 1;
  get_mode(d, &mode, given);
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_zeroed(struct dev *d) {
  struct command c;
  memset(&c, 0, sizeof(c));
  c.number = 7;
  spin_lock(&d->lock);
  if (c.wait)
    msleep(1);
  spin_unlock(&d->lock);
}
void bad_set_after_that(struct dev *d) {
  struct command c;
  memset(&c, 0, sizeof(c));
  c.wait = 1;
  spin_lock(&d->lock);
  if (c.wait)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_set_before_that(struct dev *d, struct command *c) {
  c->wait = 0;
  memset(c, 0xff, sizeof(*c));
  spin_lock(&d->lock);
  if (c->wait)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_a_part_of_it(struct dev *d) {
  struct command c;
  c.wait = 1;
  memset(&c.late, 0, sizeof(c.late));
  spin_lock(&d->lock);
  if (c.wait)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void bad_first_bytes_of_it(struct dev *d) {
  struct command c;
  c.wait = 1;
  memset(&c, 0, 0);
  spin_lock(&d->lock);
  if (c.wait)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
union word {
  int first, second;
};
void bad_member_of_a_union(struct dev *d) {
  union word w;
  memset(&w, 0, sizeof(w));
  w.second = 1;
  spin_lock(&d->lock);
  if (w.first)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
void ok_same_pointer(struct dev *d, int *buffer) {
  if (buffer)
    spin_lock(&d->lock);
  if (buffer)
    memset(buffer, 0, 4);
  if (buffer)
    spin_unlock(&d->lock);
  msleep(1);
}
void fill(struct command *c);
void bad_filled_after_that(struct dev *d) {
  struct command c;
  memset(&c, 0, sizeof(c));
  fill(&c);
  spin_lock(&d->lock);
  if (c.wait)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// What is stored tells with which lock the callee returned, or after which result.
static void lock_if_counted(struct dev *d, bool *locked) {
  *locked = 0;
  if (!d->count)
    return;
  spin_lock(&d->lock);
  *locked = 1;
}
void ok_told_by_pointer(struct dev *d) {
  bool locked;
  lock_if_counted(d, &locked);
  if (locked)
    spin_unlock(&d->lock);
  else
    msleep(1);
  msleep(1);
}
void bad_told_by_pointer(struct dev *d) {
  bool locked;
  lock_if_counted(d, &locked);
  if (locked) {
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
    spin_unlock(&d->lock);
  }
}
static int try_mode(struct dev *d, int *mode) {
  if (!d->count)
    return -5;
  *mode = 1;
  return 0;
}
void ok_mode_if_no_error(struct dev *d) {
  int mode;
  if (try_mode(d, &mode))
    return;
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1);
  spin_unlock(&d->lock);
}
void bad_mode_after_an_error(struct dev *d) {
  int mode = d->count;
  try_mode(d, &mode);
  spin_lock(&d->lock);
  if (mode == 2)
    msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(&d->lock);
}
// As a guard that tries: a struct whose pointer is NULL where the lock is not held.
struct guard {
  spinlock_t *lock;
};
static inline struct guard try_guard(spinlock_t *lock) {
  struct guard g = {.lock = lock};
  if (!(lock && spin_trylock(lock)))
    g.lock = 0;
  return g;
}
int bad_under_a_guard(struct dev *d) {
  struct guard g = try_guard(&d->lock);
  if (!g.lock)
    return -16;
  msleep(1); // CHECK-DAG: :[[#@LINE]]:{{.*}}[sleep-in-atomic]
  spin_unlock(g.lock);
  return 0;
}
int ok_without_the_guard(struct dev *d) {
  struct guard g = try_guard(&d->lock);
  if (!g.lock) {
    msleep(1);
    return -16;
  }
  spin_unlock(g.lock);
  return 0;
}
