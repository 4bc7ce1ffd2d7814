// The tty layer takes characters, wake-ups and hangups in any context; write() and half of uart_ops may not sleep, opening may. On PREEMPT_RT
// port->lock is a lock that sleeps, so that what is called under it may take another one.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
// RUN: %check-rule %s sleep-in-atomic --findings-only --rt -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct tty_port;
struct tty_struct;
struct uart_port;
struct tty_operations {
  int (*open)(struct tty_struct *tty, void *file);
  long (*write)(struct tty_struct *tty, const unsigned char *buf, unsigned long count);
};
struct uart_ops {
  void (*start_tx)(struct uart_port *port);
  void (*stop_tx)(struct uart_port *port);
  int (*startup)(struct uart_port *port);
};
void tty_flip_buffer_push(struct tty_port *port);
void tty_port_tty_hangup(struct tty_port *port, bool check);
void tty_port_tty_vhangup(struct tty_port *port);
static struct mutex mutex;
static spinlock_t lock;

static int ok_open(struct tty_struct *tty, void *file) {
  mutex_lock(&mutex);
  mutex_unlock(&mutex);
  return 0;
}
static long bad_write(struct tty_struct *tty, const unsigned char *buf, unsigned long count) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'mutex_lock' may sleep, but 'bad_write' is stored in 'tty_operations.write': a tty's write() may not sleep
  mutex_lock(&mutex);
  mutex_unlock(&mutex);
  return 0;
}
const struct tty_operations tty_ops = {.open = ok_open, .write = bad_write};

static void ok_start_tx(struct uart_port *port) {
  spin_lock(&lock);
  spin_unlock(&lock);
}
static void bad_stop_tx(struct uart_port *port) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_stop_tx' is stored in 'uart_ops.stop_tx': the serial core calls it under port->lock
  msleep(1);
}
static int ok_startup(struct uart_port *port) {
  msleep(1);
  return 0;
}
const struct uart_ops uart_ops = {.start_tx = ok_start_tx, .stop_tx = bad_stop_tx, .startup = ok_startup};

void ok_push(struct tty_port *port) {
  spin_lock(&lock);
  tty_flip_buffer_push(port);
  tty_port_tty_hangup(port, 1);
  spin_unlock(&lock);
}
void bad_hangup(struct tty_port *port) {
  spin_lock(&lock);
  // CHECK: :[[#@LINE+1]]:{{.*}}'tty_port_tty_vhangup' may sleep while holding spinlock 'lock'
  tty_port_tty_vhangup(port);
  spin_unlock(&lock);
}
