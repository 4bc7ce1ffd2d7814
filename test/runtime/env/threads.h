// Threads for tests of the environment: started together, joined at the end of the scope.
#ifndef TEST_ENV_THREADS_H
#define TEST_ENV_THREADS_H

#include <atomic>
#include <fence/context.h>
#include <thread>
#include <vector>

/// Runs body(0) ... body(count - 1), each on its own thread, and returns when all have ended.
template <class Body> void run_together(int count, Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&body, i] { body(i); });
  for (std::thread &thread : threads)
    thread.join();
}

/// Waits until another thread has made it true. Returns; a test that waits forever is ended by ctest.
template <class Condition> void until(Condition condition) {
  while (!condition())
    std::this_thread::yield();
}

/// A thread that can be interrupted: `body` runs there, and thread() is good from the constructor's end on.
class interruptible_thread {
public:
  template <class Body>
  explicit interruptible_thread(Body body)
      : thread([this, body] {
          self.store(fence_thread_get(fence_thread_self()));
          body();
        }) {
    until([this] { return self.load() != nullptr; });
  }
  ~interruptible_thread() {
    thread.join();
    fence_thread_put(self);
  }
  void interrupt() { fence_interrupt(self); }

private:
  std::atomic<fence_thread *> self = nullptr;
  std::thread thread;
};

#endif
