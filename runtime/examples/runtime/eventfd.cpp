// A fence in an event loop: a descriptor that becomes readable when the fence signals.
#include <fence/dma_fence.hpp>
#include <fence/eventfd.hpp>
#include <poll.h>
#include <thread>

namespace {

bool readable(int fd, int milliseconds) {
  pollfd asked{fd, POLLIN, 0};
  return ::poll(&asked, 1, milliseconds) == 1 && (asked.revents & POLLIN) != 0;
}

} // namespace

int main() {
  auto context = fence::fence_context::make("example", "ring 0");
  if (!context)
    return 1;
  auto job = (*context)->make_fence<fence::fence_with<>>();
  if (!job)
    return 1;
  fence::fence_eventfd event;
  if (!event.open(**job))
    return 1;
  bool good = !readable(event.fd(), 0);
  std::thread engine([&] { static_cast<void>((*job)->signal()); });
  good = good && readable(event.fd(), 60'000);
  engine.join();

  event.close(); // ours, not the loop's; open() again is for another fence
  good = good && event.fd() == -1 && event.open(**job) && readable(event.fd(), 0);
  return good ? 0 : 1;
}
