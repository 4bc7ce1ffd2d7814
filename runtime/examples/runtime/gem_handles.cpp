// Two clients of one device: each knows buffers by its own handles, which run out, and maps them through the device file.
#include <fence/gem_access.hpp>
#include <sys/mman.h>
#include <unistd.h>

namespace {

struct paged_driver {};

class paged_bo final : public fence::gem_object<paged_bo> {
public:
  using driver = paged_driver;
  explicit paged_bo(fence::gem_passkey key) noexcept : gem_object(key) {}
  ~paged_bo() {
    if (file_ >= 0)
      ::close(file_);
  }
  static fence::result<void> init(paged_bo &made) noexcept {
    made.file_ = memfd_create("bo", MFD_CLOEXEC);
    if (made.file_ < 0 || ftruncate(made.file_, static_cast<off_t>(made.size())) != 0)
      return fence::error(errno);
    return {};
  }
  fence::result<void> open(fence::drm_file &) noexcept {
    ++clients;
    return {};
  }
  void close(fence::drm_file &) noexcept { --clients; }
  fence::result<void *> mmap(std::size_t size, int prot) noexcept {
    void *at = ::mmap(nullptr, size, prot, MAP_SHARED, file_, 0);
    if (at == MAP_FAILED)
      return fence::error(errno);
    return at;
  }
  void munmap(void *at, std::size_t size) noexcept { ::munmap(at, size); }

  int clients = 0;

private:
  int file_ = -1;
};

bool use(fence::gem_device &device) {
  fence::drm_file one(2), other;
  auto made = paged_bo::create(device, 4096), second = paged_bo::create(device, 4096), third = paged_bo::create(device, 4096);
  if (!made || !second || !third)
    return false;
  auto bo = (*std::move(made)).share();
  auto handle = one.create_handle(bo), again = one.create_handle(bo);
  if (!handle || !again || *handle != *again || *one.lookup<paged_bo>(*handle) != bo)
    return false;
  bool runs_out = one.create_handle((*std::move(second)).share()) && one.create_handle((*std::move(third)).share()).error().code() == ENOSPC;

  auto offset = bo->create_mmap_offset();
  if (!offset || !other.create_handle(bo) || bo->clients != 2)
    return false;
  auto written = fence::gem_mapping::make(device, one, *offset, 4096, PROT_READ | PROT_WRITE);
  auto read = fence::gem_mapping::make(device, other, *offset, 4096, PROT_READ);
  if (!written || !read)
    return false;
  written->bytes()[1] = std::byte{7};
  fence::drm_file stranger;
  bool refused = fence::gem_mapping::make(device, stranger, *offset, 4096, PROT_READ).error().code() == EACCES;
  return runs_out && refused && read->bytes()[1] == std::byte{7} && one.delete_handle(*handle) && bo->clients == 1;
}

} // namespace

int main() {
  fence::gem_device device("paged");
  bool used = use(device);
  return used && device.object_count() == 0 ? 0 : 1; // Closing a file has closed its handles.
}
