// What happens in some cases of a switch does not happen to who passes another.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=c11
#include "../Inputs/cxx/atomic.h"

enum event { START, STOP, KICK, WAKE, DONE, IDLE };
void note(int);

static int control(enum event event) {
  switch (event) {
  case START:
    wait_for_device();
    return 1;
  case STOP:
    wait_for_device();
    return 2;
  case KICK:
    wait_for_device();
    note(3);
    return 3;
  case WAKE:
    note(4);
    wait_for_device();
    return 4;
  case IDLE:
    note(5);
    wait_for_device();
    break;
  case DONE:
    note(6);
    break;
  }
  return 0;
}
static int forward(enum event event) { return control(event); }

void ok_other_case(struct spin_lock *lock) {
  spin_lock(lock);
  forward(DONE);
  spin_unlock(lock);
}
void bad_last_case(struct spin_lock *lock) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'forward' may sleep{{.*}}[sleep-in-atomic]
  forward(IDLE);
  spin_unlock(lock);
}
void ok_case_tested_before(struct spin_lock *lock, enum event event) {
  switch (event) {
  case START:
  case STOP:
    spin_lock(lock);
    if (event == DONE)
      wait_for_device();
    spin_unlock(lock);
    break;
  default:
    break;
  }
}

// A field of a register word, as the kernel's FIELD_GET takes it out, names the case on both sides of the call.
#define FIELD(mask, word) (((word) & (mask)) >> (__builtin_ffsll(mask) - 1))
struct message {
  unsigned size, words[4];
};
static int process(struct message *m) {
  const unsigned *header = &m->words[1];
  unsigned action = FIELD(0xff00, header[0]);
  switch (action) {
  case 0x10:
    wait_for_device();
    return 1;
  case 0x11:
    note(1);
    return 2;
  }
  return 0;
}
static int handle(struct message *m) {
  const unsigned *header = &m->words[1];
  if (FIELD(0xff00, header[0]) == 0x11)
    return process(m);
  return 0;
}
void ok_decided_by_a_field(struct spin_lock *lock, struct message *m) {
  spin_lock(lock);
  handle(m);
  spin_unlock(lock);
}
void bad_any_field(struct spin_lock *lock, struct message *m) {
  spin_lock(lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'process' may sleep{{.*}}[sleep-in-atomic]
  process(m);
  spin_unlock(lock);
}
