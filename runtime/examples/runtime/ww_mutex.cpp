// Two accounts, locked in whatever order a transfer names them. One of two transfers that block each other is told to begin again.
#include <fence/ww_mutex.hpp>
#include <thread>

namespace {

struct account {
  fence::ww_mutex lock{fence::ww_class_of<account>};
  int balance = 1000;
};

/// May sleep. Which of the two is locked is no matter of scopes, so clang's analysis is left out.
FENCE_NO_THREAD_SAFETY void transfer(account &from, account &to, int amount) noexcept {
  fence::ww_acquire acquire(fence::ww_class_of<account>);
  account *held = &from, *wanted = &to;
  if (!held->lock.lock(acquire)) // Never refused while nothing is held.
    return;
  while (!wanted->lock.lock(acquire)) {
    held->lock.unlock();
    wanted->lock.lock_slow(acquire); // The one that was refused comes first now.
    account *other = held;
    held = wanted;
    wanted = other;
  }
  acquire.done();
  from.balance -= amount;
  to.balance += amount;
  from.lock.unlock();
  to.lock.unlock();
}

} // namespace

int main() {
  account a, b;
  std::thread there([&] {
    for (int i = 0; i < 300; ++i)
      transfer(a, b, 2);
  });
  for (int i = 0; i < 300; ++i)
    transfer(b, a, 1);
  there.join();
  return a.balance == 700 && b.balance == 1300 ? 0 : 1;
}
