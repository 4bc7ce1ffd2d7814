// The runtime loaded with dlopen() and closed again with its reclaimer running, threads that know it alive, and fork() after that.
#include <dlfcn.h>
#include <fence/dma-fence.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

struct library {
  void *handle;
  decltype(&dma_fence_init) init;
  decltype(&dma_fence_put) put;
  decltype(&dma_fence_signal) signal;
  decltype(&dma_fence_wait_timeout) wait;
  decltype(&fence_rcu_barrier) barrier;

  template <class F> void find(F &function, const char *name) {
    function = reinterpret_cast<F>(dlsym(handle, name));
    ASSERT_NE(function, nullptr) << name;
  }
  library() : handle(dlopen(FENCE_LIBRARY, RTLD_NOW | RTLD_LOCAL)) {
    if (!handle)
      ADD_FAILURE() << dlerror();
    find(init, "dma_fence_init");
    find(put, "dma_fence_put");
    find(signal, "dma_fence_signal");
    find(wait, "dma_fence_wait_timeout");
    find(barrier, "fence_rcu_barrier");
  }
  ~library() { dlclose(handle); }
};

const dma_fence_ops ops = [] {
  dma_fence_ops o = {};
  o.get_driver_name = o.get_timeline_name = [](dma_fence *) noexcept { return "loaded"; };
  return o;
}();
fence_spinlock fence_lock;

void use(const library &runtime) {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  runtime.init(fence, &ops, &fence_lock, 1, 1);
  EXPECT_EQ(runtime.wait(fence, false, 1), 0);
  EXPECT_EQ(runtime.signal(fence), 0);
  runtime.put(fence);
}

TEST(Loaded, ClosedWhileItsThreadsLive) {
  for (int i = 0; i < 3; ++i) {
    library runtime;
    use(runtime);
    runtime.barrier();
    use(runtime); // Its memory still waits for a grace period when the library is closed.
  }
  // The last handle has gone; the reclaimer may run now.
  for (int i = 0; i < 1000; ++i)
    std::this_thread::yield();
  pid_t child = fork();
  if (child == 0)
    _exit(0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the handlers of fork() were in the library";
}

TEST(Loaded, AThreadEndsAfterTheLibraryIsClosed) {
  bool used = false, closed = false;
  std::thread thread;
  {
    library runtime;
    thread = std::thread([&] {
      use(runtime);
      __atomic_store_n(&used, true, __ATOMIC_RELEASE);
      while (!__atomic_load_n(&closed, __ATOMIC_ACQUIRE))
        std::this_thread::yield();
    });
    while (!__atomic_load_n(&used, __ATOMIC_ACQUIRE))
      std::this_thread::yield();
  }
  __atomic_store_n(&closed, true, __ATOMIC_RELEASE);
  thread.join();
}

} // namespace
