// Waiting in C++: durations, any of several, all of them, and a stop token that ends the wait of a service that shuts down.
#include <fence/dma_fence.hpp>
#include <fence/wait.hpp>
#include <thread>

using namespace std::chrono_literals;

int main() {
  using job_fence = fence::fence_with<>;
  auto context = fence::fence_context::make("example", "ring 0");
  if (!context)
    return 1;
  auto first = (*context)->make_fence<job_fence>(), second = (*context)->make_fence<job_fence>();
  if (!first || !second)
    return 1;
  fence::any_fence *const both[] = {first->get(), second->get()};

  bool good = fence::wait_for(**first, 1ms).error().code() == ETIMEDOUT;
  good = good && fence::wait_all_for(both, 1ms).error().code() == ETIMEDOUT;

  // The service shuts down; the fence stays as it is. Cancelled before the wait or during it: the same.
  int ended_with = 0;
  std::jthread service([&](std::stop_token stop) { ended_with = fence::wait(**first, stop).error().code(); });
  service.request_stop();
  service.join();
  good = good && ended_with == ECANCELED && !(*first)->is_signaled();

  std::jthread engine([&] {
    static_cast<void>((*second)->signal());
    static_cast<void>((*first)->signal(fence::error(EIO)));
  });
  fence::result<std::size_t> which = fence::wait_any_for(both, 1min);
  good = good && which && (*both[*which]).is_signaled();
  good = good && fence::wait_all(both) && (*first)->error().code() == EIO; // waited well, worked badly
  return good && fence::wait_until(**first, fence::clock::now()) ? 0 : 1;
}
