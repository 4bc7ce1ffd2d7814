// A camera fills a buffer that a display shows: the buffer goes from one driver to the other as a descriptor, and the display's device
// reads the camera's memory through its own IOMMU.
#include <cstdlib>
#include <cstring>
#include <fence/gem_access.hpp>
#include <fence/prime.hpp>

namespace {

struct camera {};
class frame final : public fence::gem_object<frame> {
public:
  using driver = camera;
  explicit frame(fence::gem_passkey key) noexcept : gem_object(key) {}
  ~frame() { std::free(memory_); }
  static fence::result<void> init(frame &made) noexcept {
    made.memory_ = std::aligned_alloc(FENCE_PAGE_SIZE, made.size());
    if (!made.memory_)
      return fence::error(ENOMEM);
    return {};
  }
  fence::result<void *> vmap() noexcept { return memory_; }
  /// Without this nobody else's device could see it.
  fence::result<::sg_table> get_sg_table() noexcept {
    ::sg_table table;
    if (int failed = sg_alloc_table_from_pages(&table, &memory_, 1, 0, FENCE_PAGE_SIZE, FENCE_GFP_KERNEL))
      return fence::error(failed);
    return table;
  }

private:
  void *memory_ = nullptr;
};

struct display {};
class plane final : public fence::gem_object<plane> {
public:
  using driver = display;
  plane(fence::gem_passkey key, dma_addr_t address) noexcept : gem_object(key), address(address) {}
  /// What the display makes of somebody else's buffer. It stays mapped until the plane goes.
  static fence::result<fence::unique_object_ref<plane>> import(fence::gem_device &device, ::dma_buf_attachment &from) noexcept {
    return create(device, from.dmabuf->size, sg_dma_address(from.sgt.sgl));
  }
  dma_addr_t address;
};

bool pass_on(fence::gem_device &from, fence::gem_device &to, fence::dma_device &scanout) {
  auto made = frame::create(from, FENCE_PAGE_SIZE);
  if (!made)
    return false;
  auto picture = (*std::move(made)).share();
  auto fd = fence::prime::export_object(picture);
  if (!fd)
    return false;
  auto shown = fence::prime::import_object<plane>(to, *fd), same = fence::prime::import_object<plane>(to, *fd);
  auto mine = fence::prime::import_object<frame>(from, *fd); // at home it is what it was
  if (!fence::prime::close(*fd) || !shown || !same || *shown != *same || !mine || *mine != picture)
    return false;

  auto seen = fence::gem_vmap::make(picture);
  if (!seen)
    return false;
  std::memset(seen->bytes().data(), 0x33, seen->bytes().size());
  std::byte pixel[1] = {};
  bool read = bool(scanout.read((*shown)->address + 99, pixel));
  return read && pixel[0] == std::byte{0x33} && &(*shown)->resv() == &picture->resv();
}

} // namespace

int main() {
  auto scanout = fence::dma_device::make("scanout");
  if (!scanout)
    return 1;
  fence::gem_device camera("camera"), display("display");
  display.import_as<plane>(*scanout);
  bool passed = pass_on(camera, display, **scanout);
  return passed && (*scanout)->mapping_count() == 0 && camera.object_count() + display.object_count() == 0 ? 0 : 1;
}
