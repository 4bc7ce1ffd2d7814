// The library's ways to wait.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

void locks(std::mutex &Mutex) noexcept [[clang::nonblocking]] { Mutex.lock(); }
void guards(std::mutex &Mutex) noexcept [[clang::nonblocking]] { std::lock_guard Guard(Mutex); }
void scopes(std::mutex &One, std::mutex &Two) noexcept [[clang::nonblocking]] { std::scoped_lock Guard(One, Two); }
void shares(std::shared_mutex &Mutex) noexcept [[clang::nonblocking]] { std::shared_lock Guard(Mutex); }
void waits(std::condition_variable &Condition, std::unique_lock<std::mutex> &Lock) noexcept [[clang::nonblocking]] {
  Condition.wait(Lock);
}
void atomic_wait(std::atomic<int> &Value) noexcept [[clang::nonblocking]] { Value.wait(0); }
void atomic_flag_wait(std::atomic_flag &Flag) noexcept [[clang::nonblocking]] { Flag.wait(false); }
void sleeps() noexcept [[clang::nonblocking]] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }
void joins(std::thread &Thread) noexcept [[clang::nonblocking]] { Thread.join(); }
int gets(std::future<int> &Future) noexcept [[clang::nonblocking]] { return Future.get(); }
void latches(std::latch &Latch) noexcept [[clang::nonblocking]] { Latch.wait(); }
void acquires(std::binary_semaphore &Semaphore) noexcept [[clang::nonblocking]] { Semaphore.acquire(); }
int ok_atomic(std::atomic<int> &Value) noexcept [[clang::nonblocking]] { return Value.fetch_add(1); }
bool ok_flag(std::atomic_flag &Flag) noexcept [[clang::nonblocking]] { return Flag.test_and_set(); }
