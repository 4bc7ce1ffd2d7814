// Memory in pieces for a device: the type says whether it is mapped, mapping consumes the table, and the device loses sight of the
// memory before the memory goes.
#include <cstdlib>
#include <cstring>
#include <fence/sg_table.hpp>

namespace {

/// Every second page of a piece of memory, so that the pages are scattered.
class every_second_page {
public:
  explicit every_second_page(std::byte *memory) noexcept : memory_(memory) {
    for (std::size_t i = 0; i < count; ++i)
      pages_[i] = memory + 2 * i * FENCE_PAGE_SIZE;
  }
  every_second_page(every_second_page &&other) noexcept : memory_(std::exchange(other.memory_, nullptr)) {
    std::memcpy(pages_, other.pages_, sizeof pages_);
  }
  ~every_second_page() { std::free(memory_); }
  std::span<void *const> pages() const noexcept { return pages_; }
  std::size_t size() const noexcept { return count * FENCE_PAGE_SIZE; }
  std::byte *page(std::size_t index) const noexcept { return static_cast<std::byte *>(pages_[index]); }

  static constexpr std::size_t count = 3;

private:
  std::byte *memory_;
  void *pages_[count];
};

bool use(const fence::aref<fence::dma_device> &device) {
  auto *memory = static_cast<std::byte *>(std::aligned_alloc(FENCE_PAGE_SIZE, 2 * every_second_page::count * FENCE_PAGE_SIZE));
  if (!memory)
    return false;
  auto plain = fence::make_unmapped(every_second_page(memory));
  if (!plain || std::ranges::distance(plain->memory_ranges()) != 3)
    return false;
  // There are no device addresses yet: plain->dma_ranges() does not compile.
  auto mapped = (*std::move(plain)).map(device, fence::dma_direction::to_device);
  if (!mapped || std::ranges::distance(mapped->dma_ranges()) != 1) // The IOMMU has put the pieces together.
    return false;

  fence::dma_range range = *mapped->dma_ranges().begin();
  mapped->table().pages().page(1)[5] = std::byte{9};
  std::byte seen[1] = {};
  bool read = bool(device->read(range.address + FENCE_PAGE_SIZE + 5, seen)) && seen[0] == std::byte{9};
  bool refused = device->write(range.address, seen).error().code() == EACCES; // against the direction
  auto again = (*std::move(mapped)).unmap();
  return read && refused && device->read(range.address, seen).error().code() == EFAULT && again.size() == range.length;
}

} // namespace

int main() {
  auto device = fence::dma_device::make("engine");
  return device && use(*device) && (*device)->mapping_count() == 0 ? 0 : 1;
}
