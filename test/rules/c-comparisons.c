// One comparison is written in many ways, and one bound tells of another; `default:` is where no case is.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

void udelay(unsigned us);
static void wait_us(unsigned us) {
  if (us >= 10)
    msleep(us);
  else
    udelay(us);
}
void ok_short(spinlock_t *lock, unsigned us, unsigned more) {
  if (more > 9)
    return;
  spin_lock(lock);
  wait_us(5);
  wait_us(more);
  if (us < 10)
    wait_us(us);
  if (us <= 4)
    wait_us(us);
  spin_unlock(lock);
}
void bad_long(spinlock_t *lock, unsigned us) {
  spin_lock(lock);
  if (us < 11)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait_us' may sleep{{.*}}[sleep-in-atomic]
    wait_us(us);
  spin_unlock(lock);
}
void bad_maybe_long(spinlock_t *lock, unsigned us) {
  spin_lock(lock);
  if (us > 4)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait_us' may sleep{{.*}}[sleep-in-atomic]
    wait_us(us);
  spin_unlock(lock);
}
static void wait_ms(int ms) {
  if (ms > 0)
    msleep(ms);
}
void bad_without_a_sign_there_is_no_less(spinlock_t *lock, int ms) {
  spin_lock(lock);
  if ((unsigned)ms < 10)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'wait_ms' may sleep{{.*}}[sleep-in-atomic]
    wait_ms(ms);
  if (ms < 1)
    wait_ms(ms);
  spin_unlock(lock);
}
static void by_level(int level) {
  if (level >= 3)
    msleep(1);
}
void ok_few_levels(spinlock_t *lock, int level, int busy) {
  int mine = 0;
  if (busy)
    mine = 2;
  spin_lock(lock);
  by_level(mine);
  if (level == 1 || level == 2)
    by_level(level);
  spin_unlock(lock);
}
void bad_one_of_few_levels(spinlock_t *lock, int level) {
  spin_lock(lock);
  if (level == 1 || level == 4)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'by_level' may sleep{{.*}}[sleep-in-atomic]
    by_level(level);
  spin_unlock(lock);
}

static void trigger(int command) {
  switch (command) {
  case 1:
  case 3:
    udelay(1);
    break;
  case 2:
    msleep(1);
    break;
  default:
    return;
  }
}
void ok_default(spinlock_t *lock, int command) {
  spin_lock(lock);
  switch (command) {
  case 2:
    break;
  case 1:
  default:
    trigger(command);
  }
  spin_unlock(lock);
}
void bad_default(spinlock_t *lock, int command) {
  spin_lock(lock);
  switch (command) {
  case 1:
    break;
  default:
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'trigger' may sleep{{.*}}[sleep-in-atomic]
    trigger(command);
  }
  spin_unlock(lock);
}
static void either(int slow, int a, int b) {
  if (slow ? a & 1 : b & 1)
    msleep(1);
}
void ok_either(spinlock_t *lock) {
  spin_lock(lock);
  either(1, 2, 1);
  either(0, 1, 2);
  spin_unlock(lock);
}
void bad_either(spinlock_t *lock, int slow) {
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'either' may sleep{{.*}}[sleep-in-atomic]
  either(slow, 1, 2);
  spin_unlock(lock);
}
