// EXPECT: writing variable 'used' requires holding spin_lock 'lock' exclusively
#include <fence/mutex.hpp>
#pragma clang diagnostic error "-Wthread-safety"
struct ring {
  fence::spin_lock lock{fence::class_of<struct ring_lock>};
  fence::mutex config_lock;
  int used FENCE_GUARDED_BY(lock) = 0;
  int config FENCE_GUARDED_BY(config_lock) = 0;
  void add() noexcept {
#ifndef WRONG
    fence::irqsave_guard hold(lock);
#endif
    ++used;
  }
  int size() noexcept {
    fence::guard hold(lock);
    return used;
  }
  bool try_configure(int to) noexcept {
    if (!config_lock.try_lock())
      return false;
    config = to;
    config_lock.unlock();
    return true;
  }
  bool configure(int to) noexcept {
    if (!config_lock.lock_interruptible())
      return false;
    config = to;
    config_lock.unlock();
    return true;
  }
};
bool f(ring &one) {
  one.add();
  return one.size() && one.configure(1) && one.try_configure(2);
}
