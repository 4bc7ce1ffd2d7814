#include "naps.h"
void ok_nap(struct lock *l) {
  lock_it(l);
  unlock_it(l);
  nap();
}
