// Where the network calls a driver from: transmission, filters, statistics, the watchdog, NAPI and netpoll may not sleep; opening may.
//
// RUN: %check-rule %s sleep-in-atomic,alloc-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct sk_buff;
struct mii_bus;
struct napi_struct;
struct net_device {
  spinlock_t tx_global_lock;
};
struct net_device_ops {
  int (*ndo_open)(struct net_device *dev);
  int (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
  void (*ndo_set_rx_mode)(struct net_device *dev);
  void (*ndo_get_stats64)(struct net_device *dev, void *stats);
  void (*ndo_tx_timeout)(struct net_device *dev, unsigned queue);
  void (*ndo_poll_controller)(struct net_device *dev);
};
int mdiobus_read(struct mii_bus *bus, int addr, unsigned regnum);
void netif_napi_add_weight(struct net_device *dev, struct napi_struct *napi, int (*poll)(struct napi_struct *, int), int weight);
void napi_disable(struct napi_struct *napi);
void netif_carrier_on(struct net_device *dev);
void netif_tx_lock(struct net_device *dev);
void netif_tx_unlock(struct net_device *dev);
int __hw_addr_sync_dev(void *list, struct net_device *dev, int (*sync)(struct net_device *, const unsigned char *),
                       int (*unsync)(struct net_device *, const unsigned char *));
void disable_irq(unsigned irq);
struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned len, gfp_t flags);
void rtnl_lock(void);
void rtnl_unlock(void);

static struct mii_bus *bus;
static struct napi_struct *napi;

static int ok_open(struct net_device *dev) {
  napi_disable(napi);
  return mdiobus_read(bus, 1, 1);
}
static int bad_start_xmit(struct sk_buff *skb, struct net_device *dev) {
  __netdev_alloc_skb(dev, 60, GFP_ATOMIC);
  // CHECK: :[[#@LINE+1]]:{{.*}}'__netdev_alloc_skb' may allocate with reclaim, but 'bad_start_xmit' is stored in 'net_device_ops.ndo_start_xmit': packets are transmitted with bottom halves off
  __netdev_alloc_skb(dev, 60, GFP_KERNEL);
  return 0;
}
static int add_filter(struct net_device *dev, const unsigned char *address) {
  return mdiobus_read(bus, 1, 1);
}
static void bad_set_rx_mode(struct net_device *dev) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'__hw_addr_sync_dev' may sleep (in 'mdiobus_read'), but 'bad_set_rx_mode'
  __hw_addr_sync_dev(0, dev, add_filter, add_filter);
}
static void bad_get_stats64(struct net_device *dev, void *stats) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'rtnl_lock' may sleep, but 'bad_get_stats64'
  rtnl_lock();
  rtnl_unlock();
}
static void bad_tx_timeout(struct net_device *dev, unsigned queue) {
  netif_carrier_on(dev);
  // CHECK: :[[#@LINE+1]]:{{.*}}'napi_disable' may sleep, but 'bad_tx_timeout' is stored in 'net_device_ops.ndo_tx_timeout': the transmit watchdog is a timer
  napi_disable(napi);
}
static void bad_poll_controller(struct net_device *dev) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'disable_irq' may wait for an interrupt handler, but 'bad_poll_controller'
  disable_irq(1);
}
const struct net_device_ops ops = {
    .ndo_open = ok_open,
    .ndo_start_xmit = bad_start_xmit,
    .ndo_set_rx_mode = bad_set_rx_mode,
    .ndo_get_stats64 = bad_get_stats64,
    .ndo_tx_timeout = bad_tx_timeout,
    .ndo_poll_controller = bad_poll_controller,
};

static int bad_poll(struct napi_struct *n, int budget) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_poll' is stored in 'netif_napi_add_weight': NAPI polls in a softirq
  msleep(1);
  return 0;
}
void add(struct net_device *dev) { netif_napi_add_weight(dev, napi, bad_poll, 64); }

void bad_with_queues_locked(struct net_device *dev) {
  netif_tx_lock(dev);
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep while holding spinlock 'dev
  msleep(1);
  netif_tx_unlock(dev);
  msleep(1);
}
