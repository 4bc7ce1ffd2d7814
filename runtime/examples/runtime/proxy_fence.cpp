// A submission hands out its fence before the hardware has one: a proxy, which is told later whom to follow. It passes on the signal, the error and the
// deadline, and a chain of proxies neither nests locks nor calls.
#include <fence/proxy_fence.hpp>
#include <fence/wait.hpp>
#include <thread>

namespace {

struct hardware_fence : fence::dma_fence<hardware_fence> {
  hardware_fence() noexcept = default;
  void set_deadline(fence::time_point when) noexcept { wanted_by = when; }
  fence::time_point wanted_by{};
};

} // namespace

int main() {
  auto queue = fence::fence_context::make("example", "queue"), hardware = fence::fence_context::make("example", "engine 0");
  if (!queue || !hardware)
    return 1;
  auto submitted = (*queue)->make_fence<fence::proxy_fence>(), relayed = (*queue)->make_fence<fence::proxy_fence>();
  auto job = (*hardware)->make_fence<hardware_fence>();
  if (!submitted || !relayed || !job)
    return 1;

  // User space waits already, for a fence that nobody has begun to work on.
  std::thread engine([&] {
    static_cast<void>((*submitted)->follow(*relayed));
    static_cast<void>((*relayed)->follow(*job));
    (*submitted)->hint_deadline(fence::clock::now());
    static_cast<void>((*job)->signal(fence::error(EIO)));
  });
  fence::wait(**submitted);
  engine.join();

  bool good = (*submitted)->error() == fence::error(EIO) && (*job)->wanted_by != fence::time_point{};
  good = good && (*submitted)->following() == relayed->get() && (*submitted)->follow(*job).error().code() == EBUSY;
  return good ? 0 : 1;
}
