// Commands are queued in an RCU reader or under the host's lock, DMA transfers are prepared in any context; errors are handled in a thread.
//
// RUN: %check-rule %s sleep-in-atomic,alloc-in-atomic --findings-only -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct Scsi_Host;
struct scsi_cmnd;
struct ata_queued_cmd;
struct dma_chan;
struct led_classdev {
  void (*brightness_set)(struct led_classdev *led, int value);
  int (*brightness_set_blocking)(struct led_classdev *led, int value);
};
struct scsi_host_template {
  int (*queuecommand)(struct Scsi_Host *host, struct scsi_cmnd *cmd);
  int (*eh_abort_handler)(struct scsi_cmnd *cmd);
};
struct ata_port_operations {
  unsigned (*qc_issue)(struct ata_queued_cmd *qc);
};
struct dma_device {
  void *(*device_prep_slave_sg)(struct dma_chan *chan);
  void (*device_synchronize)(struct dma_chan *chan);
};
void scsi_done(struct scsi_cmnd *cmd);

static int bad_queuecommand(struct Scsi_Host *host, struct scsi_cmnd *cmd) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_queuecommand' is stored in 'scsi_host_template.queuecommand': the block layer queues commands in an RCU reader
  msleep(1);
  scsi_done(cmd);
  return 0;
}
static int ok_abort(struct scsi_cmnd *cmd) {
  msleep(1);
  return 0;
}
const struct scsi_host_template host = {.queuecommand = bad_queuecommand, .eh_abort_handler = ok_abort};

static unsigned bad_issue(struct ata_queued_cmd *qc) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_issue' is stored in 'ata_port_operations.qc_issue'
  msleep(1);
  return 0;
}
const struct ata_port_operations port = {.qc_issue = bad_issue};

static void *bad_prep(struct dma_chan *chan) {
  __kmalloc_noprof(16, GFP_NOWAIT);
  // CHECK: :[[#@LINE+1]]:{{.*}}'__kmalloc_noprof' may allocate with reclaim, but 'bad_prep' is stored in 'dma_device.device_prep_slave_sg'
  return __kmalloc_noprof(16, GFP_KERNEL);
}
static void ok_synchronize(struct dma_chan *chan) { msleep(1); }
const struct dma_device dma = {.device_prep_slave_sg = bad_prep, .device_synchronize = ok_synchronize};

static void bad_brightness(struct led_classdev *led, int value) {
  // CHECK: :[[#@LINE+1]]:{{.*}}'msleep' may sleep, but 'bad_brightness' is stored in 'led_classdev.brightness_set'
  msleep(1);
}
static int ok_brightness(struct led_classdev *led, int value) {
  msleep(1);
  return 0;
}
const struct led_classdev led = {.brightness_set = bad_brightness, .brightness_set_blocking = ok_brightness};
