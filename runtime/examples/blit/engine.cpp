#include "engine.h"

#include <vector>

namespace blit {

engine::engine(fence::aref<fence::dma_device> bus, fence_irq *irq) : bus_(std::move(bus)), irq_(irq) {
  fence_completion_init(&work_);
  fence_completion_init(&reset_done_);
  thread_ = std::thread([this] { run(); });
}

engine::~engine() {
  ending_ = true;
  fence_complete(&work_);
  thread_.join();
}

bool engine::ring_doorbell(const command &next) noexcept {
  unsigned at = tail_.load(std::memory_order_relaxed);
  if (at - head_.load(std::memory_order_acquire) == ring_size)
    return false;
  ring_[at % ring_size] = next;
  tail_.store(at + 1, std::memory_order_release);
  fence_complete(&work_);
  return true;
}

void engine::reset() {
  resetting_ = true;
  fence_complete(&work_);
  fence_completion_wait(&reset_done_);
}

bool engine::copy(const command &now) {
  std::vector<std::byte> buffer(now.bytes);
  return bus_->read(now.from, buffer) && bus_->write(now.to, buffer);
}

void engine::run() {
  bool hung = false;
  while (!ending_) {
    fence_completion_wait(&work_);
    if (resetting_.exchange(false)) {
      head_.store(tail_.load());
      hung = false;
      fence_complete(&reset_done_);
    }
    while (!hung && !resetting_ && head_.load() != tail_.load(std::memory_order_acquire)) {
      if (hangs_.exchange(false)) {
        hung = true;
        break;
      }
      command now = ring_[head_.load() % ring_size];
      if (!copy(now))
        faulted_.store(now.seqno, std::memory_order_release);
      completed_.store(now.seqno, std::memory_order_release);
      head_.fetch_add(1, std::memory_order_release);
      fence_irq_raise(irq_);
    }
  }
}

} // namespace blit
