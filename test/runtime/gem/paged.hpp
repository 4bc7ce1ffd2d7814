// A buffer with everything that a buffer may have: pages of a memfd, so that a mapped file and the program see the same bytes. It counts what is
// asked of it, and refuses on demand.
#ifndef TEST_PAGED_HPP
#define TEST_PAGED_HPP

#include "buffers.hpp"

#include <cstdio>
#include <cstring>
#include <fence/gem_access.hpp>
#include <sys/mman.h>
#include <unistd.h>

class paged : public fence::gem_object<paged> {
public:
  using driver = test_driver;
  explicit paged(fence::gem_passkey key) noexcept : gem_object(key) {}
  ~paged() {
    if (memory_)
      ::munmap(memory_, size());
    if (file_ >= 0)
      ::close(file_);
  }
  static fence::result<void> init(paged &made) noexcept {
    made.file_ = memfd_create("paged", MFD_CLOEXEC);
    if (made.file_ < 0 || ftruncate(made.file_, static_cast<off_t>(made.size())) != 0)
      return fence::error(errno);
    void *memory = ::mmap(nullptr, made.size(), PROT_READ | PROT_WRITE, MAP_SHARED, made.file_, 0);
    if (memory == MAP_FAILED)
      return fence::error(errno);
    made.memory_ = static_cast<char *>(memory);
    return {};
  }

  fence::result<void> pin() noexcept {
    locked += dma_resv_is_locked(&resv());
    ++pins;
    return refusal();
  }
  void unpin() noexcept { ++unpins; }
  fence::result<::sg_table> get_sg_table() noexcept {
    locked += dma_resv_is_locked(&resv());
    ++tables;
    if (refuses)
      return fence::error(refuses);
    std::vector<void *> pages;
    for (size_t at = 0; at < size(); at += FENCE_PAGE_SIZE)
      pages.push_back(memory_ + at);
    ::sg_table table;
    if (int failed = sg_alloc_table_from_pages(&table, pages.data(), static_cast<unsigned>(pages.size()), 0, size(),
                                               FENCE_GFP_KERNEL))
      return fence::error(failed);
    return table;
  }
  fence::result<void *> vmap() noexcept {
    locked += dma_resv_is_locked(&resv());
    ++vmaps;
    if (refuses)
      return fence::error(refuses);
    return memory_;
  }
  void vunmap(void *address) noexcept { vunmaps += address == memory_; }
  fence::result<void *> mmap(size_t bytes, int prot) noexcept {
    if (refuses)
      return fence::error(refuses);
    void *at = ::mmap(nullptr, bytes, prot, MAP_SHARED, file_, 0);
    if (at == MAP_FAILED)
      return fence::error(errno);
    return at;
  }
  void munmap(void *address, size_t bytes) noexcept {
    ++munmaps;
    ::munmap(address, bytes);
  }
  int print_info(std::span<char> text) const noexcept {
    return std::snprintf(text.data(), text.size(), "%d pins", pins);
  }

  char *memory() const noexcept { return memory_; }
  int pins = 0, unpins = 0, tables = 0, vmaps = 0, vunmaps = 0, munmaps = 0;
  int locked = 0;  ///< calls with the reservation held
  int refuses = 0; ///< an errno

private:
  fence::result<void> refusal() const noexcept {
    if (refuses)
      return fence::error(refuses);
    return {};
  }
  int file_ = -1;
  char *memory_ = nullptr;
};

#endif
