//--- first.h
struct spin_lock { int taken; };
__attribute__((annotate("fence:does takes spinning arg0"))) void spin_lock(struct spin_lock *lock);
__attribute__((annotate("fence:does releases spinning arg0"))) void spin_unlock(struct spin_lock *lock);
__attribute__((annotate("fence:does sleeps"))) void wait_for_device(void);
//--- driver.c
struct spin_lock *the_lock(void);
void NAME(struct spin_lock *lock) {
  spin_lock(lock);
  wait_for_device();
  spin_unlock(lock);
}
//--- broken.c
void NAME(
