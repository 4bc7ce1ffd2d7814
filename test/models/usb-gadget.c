// A gadget's requests complete with interrupts off, its functions are called under cdev->lock, its endpoints are used in interrupt handlers; the
// pullup is process context. What an endpoint allocates with the caller's flags is the caller's business.
//
// RUN: %check-rule %s sleep-in-atomic,alloc-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct usb_ep;
struct usb_function;
struct usb_gadget;
struct usb_request {
  void *buf;
  void (*complete)(struct usb_ep *ep, struct usb_request *req);
};
struct usb_ep_ops {
  int (*enable)(struct usb_ep *ep);
  int (*queue)(struct usb_ep *ep, struct usb_request *req, gfp_t flags);
};
struct usb_function {
  int (*bind)(struct usb_function *f);
  int (*set_alt)(struct usb_function *f, unsigned intf, unsigned alt);
};
struct usb_gadget_ops {
  int (*vbus_draw)(struct usb_gadget *g, unsigned mA);
  int (*pullup)(struct usb_gadget *g, int on);
};
int usb_ep_queue(struct usb_ep *ep, struct usb_request *req, gfp_t flags);

static struct mutex lock;
static spinlock_t slock;
static void bad_complete(struct usb_ep *ep, struct usb_request *req) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'mutex_lock' may sleep, but 'bad_complete' is stored in 'usb_request.complete': a gadget's requests complete with interrupts off
  mutex_lock(&lock);
  mutex_unlock(&lock);
}
static void ok_complete(struct usb_ep *ep, struct usb_request *req) { usb_ep_queue(ep, req, GFP_ATOMIC); }
static void bad_complete_again(struct usb_ep *ep, struct usb_request *req) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'usb_ep_queue' may allocate with reclaim, but 'bad_complete_again'
  usb_ep_queue(ep, req, GFP_KERNEL);
}
void fill(struct usb_request *a, struct usb_request *b, struct usb_request *c) {
  a->complete = bad_complete;
  b->complete = ok_complete;
  c->complete = bad_complete_again;
}

static int bad_enable(struct usb_ep *ep) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_enable' is stored in 'usb_ep_ops.enable'
  msleep(1);
  return 0;
}
static int ok_queue(struct usb_ep *ep, struct usb_request *req, gfp_t flags) {
  req->buf = __kmalloc_noprof(512, flags);
  return 0;
}
const struct usb_ep_ops ep_ops = {.enable = bad_enable, .queue = ok_queue};
void ok_queues_under_lock(struct usb_ep *ep, struct usb_request *req) {
  spin_lock(&slock);
  ep_ops.queue(ep, req, GFP_ATOMIC);
  spin_unlock(&slock);
}

static int ok_bind(struct usb_function *f) {
  msleep(1);
  return 0;
}
static int bad_set_alt(struct usb_function *f, unsigned intf, unsigned alt) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_set_alt' is stored in 'usb_function.set_alt'
  msleep(1);
  return 0;
}
const struct usb_function function = {.bind = ok_bind, .set_alt = bad_set_alt};

static int bad_vbus_draw(struct usb_gadget *g, unsigned mA) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_vbus_draw' is stored in 'usb_gadget_ops.vbus_draw'
  msleep(1);
  return 0;
}
static int ok_pullup(struct usb_gadget *g, int on) {
  msleep(1);
  return 0;
}
const struct usb_gadget_ops gadget_ops = {.vbus_draw = bad_vbus_draw, .pullup = ok_pullup};
