// A driver's buffer: made unique, filled, shared, looked at by the program, and gone with its last reference.
#include <cstdlib>
#include <cstring>
#include <fence/gem_access.hpp>

namespace {

struct ring_driver {};

/// What can be done with it is what it has members for: the program can see it, and it can be kept in its place.
class ring_bo final : public fence::gem_object<ring_bo> {
public:
  using driver = ring_driver;
  ring_bo(fence::gem_passkey key, int fill) noexcept : gem_object(key), fill_(fill) {}
  ~ring_bo() { std::free(memory_); }
  /// What can fail comes after the constructor.
  static fence::result<void> init(ring_bo &made, int) noexcept {
    made.memory_ = std::aligned_alloc(FENCE_PAGE_SIZE, made.size());
    if (!made.memory_)
      return fence::error(ENOMEM);
    std::memset(made.memory_, made.fill_, made.size());
    return {};
  }
  fence::result<void *> vmap() noexcept { return memory_; }
  fence::result<void> pin() noexcept {
    ++pins;
    return {};
  }
  void unpin() noexcept { --pins; }

  int pins = 0;
  const char *label = "";

private:
  int fill_;
  void *memory_ = nullptr;
};

bool use(fence::gem_device &device) {
  auto made = ring_bo::create(device, 5000, 0x5a);
  if (!made)
    return false;
  (*made)->label = "ring 0"; // The only reference may change it.
  fence::object_ref<ring_bo> ring = (*std::move(made)).share(), another = ring;
  bool whole_pages = ring->size() == 8192 && ring->references() == 2;

  auto first = fence::gem_pin::make(ring), second = fence::gem_pin::make(another);
  auto seen = fence::gem_vmap::make(ring);
  if (!first || !second || !seen)
    return false;
  bool content = seen->bytes().size() == 8192 && seen->bytes()[8191] == std::byte{0x5a};
  return whole_pages && content && ring->pins == 1; // The driver sees the first of them only.
}

} // namespace

int main() {
  fence::gem_device device("ring");
  bool used = use(device);
  return used && device.object_count() == 0 ? 0 : 1;
}
