// URBs are submitted in any context, and what usb-serial calls completes one; the last reference of an interface only frees.
//
// RUN: %check-rule %s sleep-in-atomic,blocking-drop,alloc-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct urb;
struct usb_hcd;
struct usb_interface;
struct hc_driver {
  int (*urb_enqueue)(struct usb_hcd *hcd, struct urb *urb, gfp_t flags);
  int (*bus_suspend)(struct usb_hcd *hcd);
};
struct usb_serial_driver {
  void (*process_read_urb)(struct urb *urb);
  int (*attach)(struct urb *urb);
};
void usb_put_intf(struct usb_interface *intf);
void usb_kill_urb(struct urb *urb);

static int bad_urb_enqueue(struct usb_hcd *hcd, struct urb *urb, gfp_t flags) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_urb_enqueue' is stored in 'hc_driver.urb_enqueue': URBs are submitted and unlinked in any context
  msleep(1);
  return __kmalloc_noprof(16, flags) ? 0 : -12;
}
static int ok_bus_suspend(struct usb_hcd *hcd) {
  msleep(1);
  return 0;
}
const struct hc_driver driver = {.urb_enqueue = bad_urb_enqueue, .bus_suspend = ok_bus_suspend};

static void bad_process_read_urb(struct urb *urb) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'usb_kill_urb' may sleep, but 'bad_process_read_urb' is stored in 'usb_serial_driver.process_read_urb'
  usb_kill_urb(urb);
}
static int ok_attach(struct urb *urb) {
  usb_kill_urb(urb);
  return 0;
}
const struct usb_serial_driver serial = {.process_read_urb = bad_process_read_urb, .attach = ok_attach};

void ok_put_under_lock(spinlock_t *lock, struct usb_interface *intf) {
  spin_lock(lock);
  usb_put_intf(intf);
  spin_unlock(lock);
}
