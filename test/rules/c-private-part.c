// What a driver keeps in its own part of an object is a field of that object, whatever name a function has for the part.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct net_device {
  int mtu;
  unsigned char priv[];
};
static inline void *netdev_priv(const struct net_device *dev) { return (void *)dev->priv; }
struct board {
  spinlock_t lock;
  unsigned in_timeout : 1;
};
static void write_phy(struct net_device *dev, int value) {
  struct board *b = netdev_priv(dev);
  if (!b->in_timeout)
    msleep(value);
}
static void reset(struct net_device *dev) { write_phy(dev, 1); }
void ok_timeout(struct net_device *dev) {
  struct board *b = netdev_priv(dev);
  spin_lock(&b->lock);
  b->in_timeout = 1;
  reset(dev);
  b->in_timeout = 0;
  spin_unlock(&b->lock);
}
void bad_forgotten(struct net_device *dev) {
  struct board *b = netdev_priv(dev);
  spin_lock(&b->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'reset' may sleep{{.*}}[sleep-in-atomic]
  reset(dev);
  spin_unlock(&b->lock);
}
void bad_too_late(struct net_device *dev) {
  struct board *b = netdev_priv(dev);
  spin_lock(&b->lock);
  b->in_timeout = 0;
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'reset' may sleep{{.*}}[sleep-in-atomic]
  reset(dev);
  b->in_timeout = 1;
  spin_unlock(&b->lock);
}
void ok_other_name(struct net_device *dev) {
  struct board *b = netdev_priv(dev), *same = b;
  spin_lock(&b->lock);
  same->in_timeout = 1;
  if (!b->in_timeout)
    msleep(1);
  spin_unlock(&b->lock);
}
