// co_await a fence: three jobs, one after the other, without a thread that waits for them.
#include <cstdlib>
#include <fence/coroutine.hpp>
#include <fence/dma_fence.hpp>

namespace {

using job_fence = fence::fence_with<>;

/// The least a coroutine needs: it starts at once and goes when it has ended.
struct detached_task {
  struct promise_type {
    detached_task get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::abort(); }
  };
};

struct frame {
  int done = 0, failed = 0;
  bool under_a_lock = false;
};

detached_task draw(fence::aref<job_fence> jobs[3], frame &frame) {
  for (int i = 0; i < 3; ++i) {
    fence::aref<job_fence> job = jobs[i];
    fence::result<void> ended = co_await fence::signalled(job);
    // Resumed by the thread that signals, after its locks: so short steps may be taken here, and locks.
    frame.under_a_lock |= fence_in_atomic();
    ++(ended ? frame.done : frame.failed);
  }
}

} // namespace

int main() {
  auto context = fence::fence_context::make("example", "ring 0");
  if (!context)
    return 1;
  fence::aref<job_fence> jobs[3];
  for (auto &job : jobs) {
    auto made = (*context)->make_fence<job_fence>();
    if (!made)
      return 1;
    job = *std::move(made);
  }
  frame frame;
  draw(jobs, frame);
  bool good = frame.done == 0 && jobs[1]->signal(fence::error(EIO)) && frame.failed == 0; // the first is awaited first
  good = good && jobs[0]->signal() && frame.done == 1 && frame.failed == 1;
  good = good && jobs[2]->signal() && frame.done == 2 && !frame.under_a_lock;
  return good ? 0 : 1;
}
