#include "naps.h"
void bad_nap(struct lock *l) {
  lock_it(l);
  nap();
  unlock_it(l);
}
