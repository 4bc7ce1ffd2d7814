#include "kernel.h"
void ok_marked(spinlock_t *l) {
  spin_lock(l);
  helper(); // NOLINT(fence-sleep-in-atomic): never on this board
  spin_unlock(l);
}
