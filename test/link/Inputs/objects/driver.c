#include "kernel.h"
void bad_driver(spinlock_t *l) {
  spin_lock(l);
  helper();
  spin_unlock(l);
}
