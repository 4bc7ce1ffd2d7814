static void under(spinlock_t *l) {
  spin_lock(l);
  msleep(1);
  spin_unlock(l);
}
