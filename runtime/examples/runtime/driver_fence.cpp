// A driver's fences in C++: a class that is a fence, a struct that has one, a creation that can fail, and the way back from a fence of unknown type.
#include <cstdio>
#include <fence/dma_fence.hpp>

namespace {

/// Is a fence. What it says of itself is a member with the name of the operation; the compiler makes the table.
class copy_fence : public fence::dma_fence<copy_fence> {
public:
  explicit copy_fence(unsigned bytes) noexcept : bytes(bytes) {}
  static constexpr const char *driver_name = "example";
  bool signaled() noexcept { return reached >= seqno(); } // asks the device

  static inline std::atomic<std::uint64_t> reached{0}; // a register of the device
  unsigned bytes;
};

/// Has one.
struct render_job {
  unsigned slot = 0;
  fence::dma_fence<render_job> done;
  FENCE_EMBED(render_job, done)

  /// What may fail in a creation. Until it has succeeded there is no fence, and no number is taken for one.
  fence::result<void> init(unsigned wanted) noexcept {
    if (wanted >= 8)
      return fence::error(ENOSPC);
    slot = wanted;
    return {};
  }
};

unsigned bytes_of(fence::any_fence &fence) {
  if (auto *copy = fence.as<copy_fence>())
    return copy->bytes;
  return 0;
}

} // namespace

int main() {
  auto made = fence::fence_context::make("example", "ring 0");
  if (!made)
    return 1;
  fence::fence_context &context = **made;

  auto copy = context.make_fence<copy_fence>(4096u);
  auto render = context.make_fence<render_job>(3u);
  auto refused = context.make_fence<render_job>(9u);
  if (!copy || !render || refused || refused.error().code() != ENOSPC)
    return 1;
  bool good = (*copy)->seqno() == 1 && (*render)->done.seqno() == 2 && context.last_seqno() == 2;

  fence::aref<fence::any_fence> unknown = fence::to_any(*copy); // a reference of its own
  good = good && bytes_of(*unknown) == 4096 && bytes_of((*render)->done) == 0;

  good = good && !unknown->is_signaled();
  copy_fence::reached = 1;
  good = good && unknown->is_signaled() && unknown->timestamp(); // asking has signalled it

  char text[80];
  std::printf("%s\n", (*render)->done.describe(text).data());
  good = good && (*render)->done.signal(fence::error(EIO)) && (*render)->done.status() == fence::fence_status::failed;
  return good && !(*render)->done.signal() ? 0 : 1;
}
