// A struct on the stack carries a function to whoever is given it: each caller's own counts, not all that exist.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

struct printer {
  void (*print)(struct printer *p, const char *text);
  void *to;
};
static void print_to_log(struct printer *p, const char *text) {}
static void print_to_device(struct printer *p, const char *text) { wait_for_device(); }

static struct printer log_printer(void) {
  struct printer p = {.print = print_to_log};
  return p;
}
static struct printer device_printer(void *to) {
  struct printer p = {.print = print_to_device, .to = to};
  return p;
}
static void say(struct printer *p, const char *text) { p->print(p, text); }
static void dump_locked(struct spin_lock *lock, struct printer *p, int lines) {
  spin_lock(lock);
  for (int i = 0; i < lines; ++i)
    // CHECK: :[[#@LINE+1]]:{{.*}}'say' may sleep (in 'wait_for_device') while holding spinlock 'lock' [sleep-in-atomic]
    say(p, "line");
  spin_unlock(lock);
}

void ok_harmless_printer(struct spin_lock *lock) {
  struct printer p = log_printer();
  dump_locked(lock, &p, 3);
}
void bad_printer_that_waits(struct spin_lock *lock) {
  struct printer p = device_printer(lock);
  // CHECK: note: calls 'dump_locked'
  dump_locked(lock, &p, 3);
}
void ok_in_a_loop(struct spin_lock *lock, int n) {
  struct printer p = log_printer();
  while (n--) {
    spin_lock(lock);
    say(&p, "line");
    spin_unlock(lock);
  }
}
void bad_in_a_loop(struct spin_lock *lock, int n) {
  struct printer p = device_printer(lock);
  while (n--) {
    spin_lock(lock);
    // CHECK: :[[#@LINE+1]]:{{.*}}'say' may sleep{{.*}}[sleep-in-atomic]
    say(&p, "line");
    spin_unlock(lock);
  }
}
void ok_made_here(struct spin_lock *lock) {
  struct printer p = {.print = print_to_log};
  spin_lock(lock);
  say(&p, "line");
  spin_unlock(lock);
}
void bad_unknown_which(struct spin_lock *lock, int device) {
  struct printer p = device ? device_printer(lock) : log_printer();
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'say' may sleep{{.*}}[sleep-in-atomic]
  say(&p, "line");
  spin_unlock(lock);
}
