// Waking a device up sleeps only when it is asleep. It is awake where the function took a reference of it (and did not give that back so that it may
// fall asleep at once), and where a contract says so.
//
// RUN: %check-rule %s sleep-in-atomic --findings-only --model %S/../Inputs/kernel/active.yaml -- -std=gnu11
#include "../Inputs/kernel/kernel.h"

struct engine {
  struct device *dev, *parent;
  spinlock_t lock;
};
static void start(struct engine *e) {
  pm_runtime_get_sync(e->dev);
}
static int get(struct engine *e) { return pm_runtime_get_sync(e->dev); }
static void put(struct engine *e) { pm_runtime_put(e->dev); }

void bad_asleep(struct engine *e) {
  spin_lock(&e->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'start' may sleep{{.*}}[sleep-in-atomic]
  start(e);
  spin_unlock(&e->lock);
}
void ok_awake(struct engine *e) {
  pm_runtime_get_sync(e->dev);
  spin_lock(&e->lock);
  start(e);
  spin_unlock(&e->lock);
}
int ok_awake_when_that_worked(struct engine *e) {
  int failed = get(e);
  if (failed < 0)
    return failed;
  spin_lock(&e->lock);
  start(e);
  spin_unlock(&e->lock);
  put(e);
  return 0;
}
// Another one of the same driver: which field holds it is what tells devices apart.
void bad_another_device(struct engine *e) {
  pm_runtime_get_sync(e->parent);
  spin_lock(&e->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'start' may sleep{{.*}}[sleep-in-atomic]
  start(e);
  spin_unlock(&e->lock);
}
void bad_given_back(struct engine *e) {
  get(e);
  put(e);
  spin_lock(&e->lock);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'start' may sleep{{.*}}[sleep-in-atomic]
  start(e);
  spin_unlock(&e->lock);
}
void ok_one_of_two_given_back(struct engine *e) {
  get(e);
  get(e);
  put(e);
  spin_lock(&e->lock);
  start(e);
  spin_unlock(&e->lock);
}
static irqreturn_t ok_done(int irq, void *data) { // it stays awake for its delay, and starts the next job before
  struct engine *e = data;
  pm_runtime_put_autosuspend(e->dev);
  start(e);
  return 1;
}
static irqreturn_t bad_start(int irq, void *data) {
  struct engine *e = data;
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'start' may sleep{{.*}}[sleep-in-atomic]
  start(e);
  return 1;
}
int probe(struct engine *e) {
  return request_threaded_irq(1, ok_done, 0, 0, "done", e) || request_threaded_irq(2, bad_start, 0, 0, "start", e);
}
struct crtc_ops {
  int (*enable_vblank)(struct engine *e);
  int (*poll)(struct engine *e);
};
static int ok_enable_vblank(struct engine *e) {
  start(e);
  return 0;
}
static int bad_poll(struct engine *e) {
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}'start' may sleep{{.*}}[sleep-in-atomic]
  start(e);
  return 0;
}
const struct crtc_ops ops = {.enable_vblank = ok_enable_vblank, .poll = bad_poll};
