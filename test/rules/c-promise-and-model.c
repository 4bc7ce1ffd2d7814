// A promise on a declaration goes before what a model says of a function of that name: another library may have the name, too. Only what is
// promised: the rest of the model stays.
//
// RUN: %check-rule %s sleep-in-atomic,alloc-in-atomic,contract-mismatch --findings-only --
#include "../Inputs/cxx/atomic.h"

struct buffer;
struct device {
  struct spin_lock guard;
};

// Of one entry of the kernel's model; the first is a library's own, which has nothing to wait for.
FENCE_NONBLOCKING int drm_gem_object_init(struct device *device, struct buffer *buffer, unsigned long size);
int drm_gem_objects_lookup(struct device *device, void *handles, int count, struct buffer ***all);
// It takes a lock, and says only that it frees and allocates nothing.
FENCE_NONALLOCATING void mutex_lock(struct buffer *lock);

void ok_promised(struct device *device, struct buffer *buffer) {
  spin_lock(&device->guard);
  drm_gem_object_init(device, buffer, 4096);
  spin_unlock(&device->guard);
}
void bad_described(struct device *device, struct buffer ***all) {
  spin_lock(&device->guard);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}drm_gem_objects_lookup{{.*}}[sleep-in-atomic]
  drm_gem_objects_lookup(device, 0, 1, all);
  spin_unlock(&device->guard);
}
void bad_promised_something_else(struct device *device, struct buffer *lock) {
  spin_lock(&device->guard);
  // CHECK-DAG: :[[#@LINE+1]]:{{.*}}mutex_lock{{.*}}[sleep-in-atomic]
  mutex_lock(lock);
  spin_unlock(&device->guard);
}
