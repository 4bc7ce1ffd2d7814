// A member that the initialiser of a function's own struct leaves out is zero for who is given that struct. Unless somebody may fill it in: through a
// pointer, as memory without a type, or out of sight.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct options {
  int timeout;
  bool wait;
  gfp_t gfp;
};
static int submit(spinlock_t *lock, struct options *o) {
  if (o->wait)
    msleep(o->timeout);
  return 0;
}
static int submit_copy(spinlock_t *lock, struct options o) {
  if (o.wait)
    msleep(o.timeout);
  return 0;
}
void ok_left_out(spinlock_t *lock) {
  struct options o = {.timeout = 3};
  spin_lock(lock);
  submit(lock, &o);
  submit(lock, &o);
  spin_unlock(lock);
}
void ok_copied(spinlock_t *lock) {
  struct options o = {0};
  o.gfp = GFP_ATOMIC;
  spin_lock(lock);
  submit_copy(lock, o);
  spin_unlock(lock);
}
void bad_set_since(spinlock_t *lock, bool wait) {
  struct options o = {.timeout = 3};
  o.wait = wait;
  spin_lock(lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'submit' may sleep{{.*}}[sleep-in-atomic]
  submit(lock, &o);
  spin_unlock(lock);
}

struct answer {
  int value, slow;
};
static void ask(struct answer *a) { a->slow = 1; }
void bad_filled_in(spinlock_t *lock) {
  struct answer a = {};
  ask(&a);
  spin_lock(lock);
  if (a.slow)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  spin_unlock(lock);
}

struct message {
  int value, slow;
};
void read_message(struct message *m);
void bad_filled_in_out_of_sight(spinlock_t *lock) {
  struct message m = {};
  read_message(&m);
  spin_lock(lock);
  if (m.slow)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  spin_unlock(lock);
}

static void send(spinlock_t *lock, struct message *m) {
  spin_lock(lock);
  if (m->slow)
    msleep(1);
  spin_unlock(lock);
}
void ok_spelled_later() {
  spinlock_t lock;
  struct message m = {};
  m.slow = 0;
  read_message(&m);
  send(&lock, &m);
}

struct packet {
  int value, slow;
};
void copy_bytes(void *to, unsigned long size);
static void receive(struct packet *p) { copy_bytes(p, sizeof *p); }
void bad_filled_in_as_bytes(spinlock_t *lock) {
  struct packet p = {};
  receive(&p);
  spin_lock(lock);
  if (p.slow)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'msleep' may sleep{{.*}}[sleep-in-atomic]
    msleep(1);
  spin_unlock(lock);
}
