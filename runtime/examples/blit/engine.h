// The hardware: a copy engine in software. It takes commands, reads and writes memory through its IOMMU on a thread of its own, counts what is done and
// raises its interrupt. It can be told to hang, as hardware does.
#ifndef EXAMPLE_BLIT_ENGINE_H
#define EXAMPLE_BLIT_ENGINE_H

#include <array>
#include <atomic>
#include <fence/completion.h>
#include <fence/dma_device.hpp>
#include <fence/irq.h>
#include <thread>

namespace blit {

struct command {
  dma_addr_t from, to;
  size_t bytes;
  uint64_t seqno; ///< written to the engine's counter when done
};

class engine {
public:
  /// `irq` is raised after each command, whether it could be done or not.
  engine(fence::aref<fence::dma_device> bus, fence_irq *irq);
  ~engine();

  static constexpr unsigned ring_size = 16;
  /// The registers. A write to the doorbell; false: the ring is full. Context: any.
  FENCE_NONBLOCKING bool ring_doorbell(const command &next) noexcept;
  /// The number of the last command done. Context: any.
  FENCE_NONBLOCKING uint64_t completed() const noexcept { return completed_.load(std::memory_order_acquire); }
  /// The command that failed last, 0 if none did. Context: any.
  FENCE_NONBLOCKING uint64_t faulted() const noexcept { return faulted_.load(std::memory_order_acquire); }
  /// Empties the ring; whatever it was doing is over when this returns. Context: may sleep.
  FENCE_MAY_SLEEP void reset();

  /// The next command will never be done, until a reset.
  void hang_at_next() noexcept { hangs_ = true; }

private:
  void run();
  bool copy(const command &now);

  fence::aref<fence::dma_device> bus_;
  fence_irq *irq_;
  std::array<command, ring_size> ring_;
  std::atomic<unsigned> head_{0}, tail_{0};
  std::atomic<uint64_t> completed_{0}, faulted_{0};
  std::atomic<bool> hangs_{false}, resetting_{false}, ending_{false};
  fence_completion work_, reset_done_;
  std::thread thread_;
};

} // namespace blit
#endif
