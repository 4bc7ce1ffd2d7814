// A timeline in C++: a producer submits jobs as points, a consumer waits for a point that nobody has submitted yet, and a third merges
// what is still to come into one dependency.
#include <fence/dma_fence.hpp>
#include <fence/fence_array.hpp>
#include <fence/fence_unwrap.hpp>
#include <fence/syncobj.hpp>
#include <thread>

using namespace std::chrono_literals;

namespace {

struct job : fence::dma_fence<job> {
  explicit job(int number) noexcept : number(number) {}
  int number;
};

bool produce(fence::fence_context &engine, fence::syncobj &timeline) {
  for (int number = 1; number <= 3; ++number) {
    auto work = engine.make_fence<job>(number);
    auto link = fence::chain_link::allocate(); // What may fail comes before the submission.
    if (!work || !link)
      return false;
    timeline.add_point(std::move(*link), fence::to_any(*work), static_cast<std::uint64_t>(number));
    if (!(*work)->signal())
      return false;
  }
  return true;
}

bool consume(fence::syncobj &timeline) {
  return timeline.wait(3, 1min, fence::submission::awaited) && timeline.last_reached() == 3;
}

/// Two engines, one dependency: of each engine the latest job.
bool merge(fence::fence_context &copy, fence::fence_context &render) {
  auto first = copy.make_fence<job>(1), second = copy.make_fence<job>(2), other = render.make_fence<job>(1);
  if (!first || !second || !other)
    return false;
  auto both = fence::all_of(*first, *other);
  if (!both)
    return false;
  auto merged = fence::merge(*both, *second);
  if (!merged)
    return false;
  int inside = 0;
  for (fence::any_fence &each : fence::unwrap(**merged))
    inside += each.is_signaled() ? 100 : 1;
  bool done = (*other)->signal() && (*second)->signal(fence::error(EIO)) && (*first)->signal();
  return done && inside == 2 && (*merged)->error() == fence::error(EIO) && (*both)->status() == fence::fence_status::done;
}

} // namespace

int main() {
  auto copy = fence::fence_context::make("engine", "copy"), render = fence::fence_context::make("engine", "render");
  auto timeline = fence::syncobj::make();
  if (!copy || !render || !timeline)
    return 1;
  bool produced = false;
  std::thread producer([&] { produced = produce(**copy, **timeline); });
  bool consumed = consume(**timeline);
  producer.join();
  return produced && consumed && merge(**copy, **render) ? 0 : 1;
}
