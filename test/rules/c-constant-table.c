// What stands beside a function in a constant table says when it is that function which is called: a number, or another function of the table. Not where
// code writes the number, or puts the function into objects of its own.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only --min-confidence low -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

enum { MEMORY, USB };
struct device;
struct bus {
  int type;
  int (*read)(struct device *d, int reg);
};
struct device {
  const struct bus *bus;
  spinlock_t lock;
};
static int memory_read(struct device *d, int reg) { return reg; }
static int usb_read(struct device *d, int reg) {
  msleep(1);
  return reg;
}
const struct bus memory_bus = {.read = memory_read}; // zero: MEMORY
const struct bus usb_bus = {.type = USB, .read = usb_read};
static int device_read(struct device *d, int reg) { return d->bus->read(d, reg); }
void ok_memory(struct device *d) {
  if (d->bus->type != MEMORY)
    return;
  spin_lock(&d->lock);
  device_read(d, 1);
  d->bus->read(d, 2);
  spin_unlock(&d->lock);
}
void ok_not_usb(struct device *d) {
  spin_lock(&d->lock);
  if (d->bus->type != USB)
    device_read(d, 1);
  spin_unlock(&d->lock);
}
void bad_usb(struct device *d) {
  if (d->bus->type != USB)
    return;
  spin_lock(&d->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'device_read' may sleep{{.*}}[sleep-in-atomic]
  device_read(d, 1);
  spin_unlock(&d->lock);
}
void bad_any(struct device *d) {
  spin_lock(&d->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'device_read' may sleep{{.*}}[sleep-in-atomic]
  device_read(d, 1);
  spin_unlock(&d->lock);
}

struct chip;
struct chip_ops {
  void (*stop_now)(struct chip *c);
  void (*stop)(struct chip *c);
};
struct chip {
  const struct chip_ops *ops;
  spinlock_t lock;
};
static void slow_stop(struct chip *c) { msleep(1); }
static void slow_stop_now(struct chip *c) {}
static void quick_stop(struct chip *c) {}
const struct chip_ops slow_ops = {.stop_now = slow_stop_now, .stop = slow_stop};
const struct chip_ops quick_ops = {.stop = quick_stop};
void ok_whichever_does_not_wait(struct chip *c) {
  spin_lock(&c->lock);
  if (c->ops->stop_now)
    c->ops->stop_now(c);
  else
    c->ops->stop(c);
  spin_unlock(&c->lock);
}
void bad_the_other(struct chip *c) {
  spin_lock(&c->lock);
  if (c->ops->stop_now)
    // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'slow_stop' may sleep{{.*}}[sleep-in-atomic]
    c->ops->stop(c);
  spin_unlock(&c->lock);
}

struct port;
struct port_ops {
  int type;
  void (*drain)(struct port *p);
  void (*flush)(struct port *p);
};
struct port {
  struct port_ops *ops;
  int kind;
  spinlock_t lock;
};
static void port_drain(struct port *p) { msleep(1); }
static void port_flush(struct port *p) { msleep(1); }
struct port_ops port_table = {.type = USB, .drain = port_drain, .flush = port_flush};
void set_type(struct port *p, int type) { p->ops->type = type; }
void bad_number_is_written(struct port *p) {
  if (p->ops->type == USB)
    return;
  spin_lock(&p->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'port_drain' may sleep{{.*}}[sleep-in-atomic]
  p->ops->drain(p);
  spin_unlock(&p->lock);
}

struct line;
struct line_ops {
  int type;
  void (*drain)(struct line *l);
};
struct line {
  struct line_ops *ops;
  spinlock_t lock;
};
static void line_drain(struct line *l) { msleep(1); }
struct line_ops line_table = {.type = USB, .drain = line_drain};
void borrow(struct line *l) { l->ops->drain = line_drain; }
void bad_function_is_put_elsewhere(struct line *l) {
  if (l->ops->type == USB)
    return;
  spin_lock(&l->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'line_drain' may sleep{{.*}}[sleep-in-atomic]
  l->ops->drain(l);
  spin_unlock(&l->lock);
}
