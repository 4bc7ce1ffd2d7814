// A driver of the copy engine: buffers are GEM objects that are mapped for the device, a copy is a job with a fence, the interrupt signals,
// and a reset ends what hangs.
#ifndef EXAMPLE_BLIT_DRIVER_H
#define EXAMPLE_BLIT_DRIVER_H

#include "engine.h"

#include <cstdlib>
#include <fence/defer_drop.hpp>
#include <fence/dma_fence.hpp>
#include <fence/gem_object.hpp>
#include <fence/sg_table.hpp>
#include <fence/spinlock.h>
#include <optional>

namespace blit {

class driver;

/// Whole pages that stay where they are.
class pages {
public:
  static fence::result<pages> allocate(size_t bytes) noexcept;
  pages(pages &&other) noexcept : memory_(std::exchange(other.memory_, nullptr)), list_(std::exchange(other.list_, nullptr)), count_(other.count_) {}
  ~pages() {
    std::free(memory_);
    fence_free(list_);
  }
  std::span<void *const> list() const noexcept { return {list_, count_}; }
  std::span<std::byte> bytes() const noexcept { return {memory_, count_ * FENCE_PAGE_SIZE}; }

private:
  pages(std::byte *memory, void **list, size_t count) noexcept : memory_(memory), list_(list), count_(count) {}
  std::byte *memory_;
  void **list_;
  size_t count_;
};
/// The same as fence::make_mapped() wants it.
class mapped_pages : public pages {
public:
  explicit mapped_pages(blit::pages &&from) noexcept : blit::pages(std::move(from)) {}
  std::span<void *const> pages() const noexcept { return list(); }
  size_t size() const noexcept { return bytes().size(); }
};

class buffer : public fence::gem_object<buffer> {
public:
  using driver = blit::driver;
  buffer(fence::gem_passkey key, fence::aref<fence::dma_device>) noexcept : gem_object(key) {}
  static fence::result<void> init(buffer &made, fence::aref<fence::dma_device> bus) noexcept;

  std::span<std::byte> bytes() const noexcept { return table_->table().pages().bytes(); }
  /// Where the device finds it: in one piece, as the IOMMU makes it.
  dma_addr_t device_address() const noexcept { return (*table_->dma_ranges().begin()).address; }

private:
  std::optional<fence::sg_table<fence::owned_sgt<mapped_pages>, fence::managed_mapping>> table_;
};
using buffer_ref = fence::object_ref<buffer>;

/// A copy. Its fence signals in the interrupt, and then it no longer needs its buffers; but a buffer's last reference may sleep, so giving them up
/// is deferred. Were they plain members, fencelint would say where that goes wrong: in the destructor, which runs where nothing may sleep.
class job final : public fence::dma_fence<job> {
public:
  job() noexcept = default;
  fence::result<void> init(const buffer_ref &from, const buffer_ref &to) noexcept;

  struct buffers {
    buffer_ref from, to;
  };
  std::optional<fence::defer_drop<buffers>> uses;
};
using job_ref = fence::aref<job>;

class driver {
public:
  static fence::result<fence::aref<driver>> make() noexcept;
  void get() noexcept { ++references_; }
  void put() noexcept;

  fence::result<buffer_ref> make_buffer(size_t bytes) noexcept;
  /// Copies all of `from` over the beginning of `to`, after everything that uses them now. Errors: EINVAL if it does not fit, ENOMEM, EBUSY with the
  /// ring full.
  /// Context: may sleep.
  FENCE_MAY_SLEEP fence::result<job_ref> copy(const buffer_ref &from, const buffer_ref &to) noexcept;
  /// Ends all jobs that are under way with ECANCELED, and gets the engine going again.
  /// Context: may sleep.
  FENCE_MAY_SLEEP void reset() noexcept;

  blit::engine &engine() noexcept { return *engine_; }
  unsigned buffers_alive() const noexcept { return gem_.object_count(); }

private:
  driver() noexcept;
  ~driver();
  fence::result<void> start() noexcept;
  FENCE_RUNS_IN("runtime-interrupt") static fence_irq_return interrupt(void *self);
  FENCE_NONBLOCKING void signal_up_to(uint64_t seqno, fence::error why) noexcept;

  fence::gem_device gem_{"blit"};
  fence::aref<fence::dma_device> bus_;
  fence::aref<fence::fence_context> timeline_;
  fence_irq irq_{};
  std::optional<blit::engine> engine_;
  bool irq_is_requested_ = false;

  /// Guards the queue. Taken in the interrupt.
  fence_spinlock lock_;
  std::array<job_ref, engine::ring_size> running_;
  unsigned running_count_ = 0;
  unsigned references_ = 1;
};

} // namespace blit
#endif
