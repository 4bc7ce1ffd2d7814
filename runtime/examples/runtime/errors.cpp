// Errors: a call that fails gives a result that cannot be overlooked; work that fails gives its fence an error, which containers pass on.
#include <cstdio>
#include <fence/dma_fence.hpp>
#include <fence/fence_array.hpp>
#include <fence/wait.hpp>

namespace {

using job_fence = fence::fence_with<>;

fence::result<unsigned> parse_slot(const char *text) {
  if (text[0] < '0' || text[0] > '7' || text[1] != 0)
    return fence::error(EINVAL);
  return static_cast<unsigned>(text[0] - '0');
}

/// An error goes up through results of other types.
fence::result<fence::aref<job_fence>> submit(fence::fence_context &ring, const char *text) {
  fence::result<unsigned> slot = parse_slot(text);
  if (!slot)
    return slot.error();
  return ring.make_fence<job_fence>();
}

} // namespace

int main() {
  auto ring = fence::fence_context::make("example", "ring 0");
  if (!ring)
    return 1;
  if (auto refused = submit(**ring, "12"); refused || refused.error().negative() != -EINVAL)
    return 1;
  auto first = submit(**ring, "1"), second = submit(**ring, "2");
  if (!first || !second)
    return 1;
  auto both = fence::all_of(*first, *second);
  if (!both)
    return 1;

  // The work fails, the calls do not.
  bool good = (*first)->signal(fence::error(EIO)) && (*second)->signal() && fence::wait_for(**both, std::chrono::minutes(1));
  good = good && (*both)->status() == fence::fence_status::failed && (*both)->error() == fence::error(EIO);
  good = good && (*second)->error() == fence::error();

  // And a call that fails leaves the work as it was.
  fence::result<void> again = (*first)->signal();
  if (!again)
    std::printf("a second signal: %d\n", again.error().negative());
  return good && again.error().code() == EINVAL && (*first)->error().code() == EIO ? 0 : 1;
}
