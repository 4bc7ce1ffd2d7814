// A spinlock, something that sleeps and something that allocates: all that the tests of C++ constructs need.
#ifndef TEST_ATOMIC_H
#define TEST_ATOMIC_H

#include "../../../runtime/include/fence/annotations.h"

#ifdef __cplusplus
class spin_lock {
public:
  FENCE_TAKES_SPINNING(this) void lock() noexcept;
  FENCE_TRY_TAKES_SPINNING(this) bool try_lock() noexcept;
  FENCE_RELEASES_SPINNING(this) void unlock() noexcept;
};

/// Holds the lock until its end.
class spin_guard {
public:
  explicit spin_guard(spin_lock &Lock) noexcept : Lock(Lock) { Lock.lock(); }
  ~spin_guard() { Lock.unlock(); }
  spin_guard(const spin_guard &) = delete;

private:
  spin_lock &Lock;
};

FENCE_MAY_SLEEP void wait_for_device();
FENCE_ALLOCATES void *grow_pool();

/// Waits for the device when it ends.
struct waiter {
  ~waiter() { wait_for_device(); }
};
#else
struct spin_lock {
  int taken;
};
FENCE_TAKES_SPINNING(arg0) void spin_lock(struct spin_lock *lock);
FENCE_RELEASES_SPINNING(arg0) void spin_unlock(struct spin_lock *lock);
FENCE_MAY_SLEEP void wait_for_device(void);
FENCE_ALLOCATES void *grow_pool(void);
#endif

#endif
