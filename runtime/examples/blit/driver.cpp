#include "driver.h"

#include <fence/memory.h>
#include <fence/signalling.hpp>
#include <new>

namespace blit {

fence::result<pages> pages::allocate(size_t bytes) noexcept {
  size_t count = (bytes + FENCE_PAGE_SIZE - 1) / FENCE_PAGE_SIZE;
  auto *memory = static_cast<std::byte *>(std::aligned_alloc(FENCE_PAGE_SIZE, count * FENCE_PAGE_SIZE));
  auto **list = static_cast<void **>(fence_alloc(count * sizeof(void *), FENCE_GFP_KERNEL));
  pages made(memory, list, count);
  if (!memory || !list)
    return fence::error(ENOMEM);
  for (size_t i = 0; i < count; ++i)
    list[i] = memory + i * FENCE_PAGE_SIZE;
  return made;
}

fence::result<void> buffer::init(buffer &made, fence::aref<fence::dma_device> bus) noexcept {
  auto memory = pages::allocate(made.size());
  if (!memory)
    return memory.error();
  auto table = fence::make_mapped(mapped_pages(*std::move(memory)), std::move(bus), fence::dma_direction::bidirectional);
  if (!table)
    return table.error();
  made.table_.emplace(*std::move(table));
  return {};
}

fence::result<void> job::init(const buffer_ref &from, const buffer_ref &to) noexcept {
  auto both = fence::defer_drop<buffers>::make(buffers{from, to});
  if (!both)
    return both.error();
  uses.emplace(*std::move(both));
  return {};
}

//===- Coming and going ------------------------------------------------------===//

driver::driver() noexcept { fence_spin_lock_init(&lock_); }

driver::~driver() {
  if (engine_)
    reset();
  engine_.reset();
  if (irq_is_requested_)
    fence_irq_free(&irq_);
}

fence::result<fence::aref<driver>> driver::make() noexcept {
  void *memory = fence_alloc(sizeof(driver), FENCE_GFP_KERNEL);
  if (!memory)
    return fence::error(ENOMEM);
  fence::aref<driver> made(::new (memory) driver, fence::adopt);
  if (fence::result<void> started = made->start(); !started)
    return started.error();
  return made;
}

fence::result<void> driver::start() noexcept {
  auto bus = fence::dma_device::make("blit");
  auto timeline = fence::fence_context::make("blit", "copy engine");
  if (!bus || !timeline)
    return fence::error(ENOMEM);
  bus_ = *std::move(bus);
  timeline_ = *std::move(timeline);
  if (int failed = fence_irq_request(&irq_, interrupt, nullptr, "blit", this))
    return fence::error(failed);
  irq_is_requested_ = true;
  engine_.emplace(bus_, &irq_);
  return {};
}

void driver::put() noexcept {
  if (--references_ == 0) {
    this->~driver();
    fence_free(this);
  }
}

fence::result<buffer_ref> driver::make_buffer(size_t bytes) noexcept {
  auto made = buffer::create(gem_, bytes, bus_);
  if (!made)
    return made.error();
  return (*std::move(made)).share();
}

//===- Jobs ------------------------------------------------------------------===//

fence::result<job_ref> driver::copy(const buffer_ref &from, const buffer_ref &to) noexcept {
  if (from->size() > to->size() || from == to)
    return fence::error(EINVAL);
  // Both buffers at once, whoever else locks them in the other order.
  fence_ww_acquire_ctx all;
  fence_ww_acquire_init(&all, &dma_resv_ww_class);
  dma_resv *first = &from->resv(), *second = &to->resv();
  dma_resv_lock(first, &all);
  while (dma_resv_lock(second, &all) == -EDEADLK) {
    dma_resv_unlock(first);
    dma_resv_lock_slow(second, &all);
    std::swap(first, second);
  }
  fence_ww_acquire_done(&all);

  auto submit = [&]() noexcept -> fence::result<job_ref> {
    // Everything that can fail or sleep comes before the fence is published.
    if (dma_resv_reserve_fences(&from->resv(), 1) || dma_resv_reserve_fences(&to->resv(), 1))
      return fence::error(ENOMEM);
    dma_resv_wait_timeout(&from->resv(), DMA_RESV_USAGE_WRITE, false, FENCE_MAX_TIMEOUT);
    dma_resv_wait_timeout(&to->resv(), DMA_RESV_USAGE_READ, false, FENCE_MAX_TIMEOUT);
    auto made = timeline_->make_fence<job>(from, to);
    if (!made)
      return made.error();
    job_ref next = *std::move(made);
    command order{from->device_address(), to->device_address(), from->size(), next->seqno()};

    unsigned long flags = fence_spin_lock_irqsave(&lock_);
    bool accepted = running_count_ < running_.size() && engine_->ring_doorbell(order);
    if (accepted)
      running_[running_count_++] = next;
    fence_spin_unlock_irqrestore(&lock_, flags);
    if (!accepted)
      return fence::error(EBUSY);
    dma_resv_add_fence(&from->resv(), next->raw(), DMA_RESV_USAGE_READ);
    dma_resv_add_fence(&to->resv(), next->raw(), DMA_RESV_USAGE_WRITE);
    return next;
  };
  fence::result<job_ref> submitted = submit();
  dma_resv_unlock(first);
  dma_resv_unlock(second);
  fence_ww_acquire_fini(&all);
  return submitted;
}

fence_irq_return driver::interrupt(void *data) {
  auto *self = static_cast<driver *>(data);
  uint64_t faulted = self->engine_->faulted(), done = self->engine_->completed();
  if (faulted == done && done)
    self->signal_up_to(done - 1, {});
  self->signal_up_to(done, faulted == done ? fence::error(EIO) : fence::error());
  return FENCE_IRQ_HANDLED;
}

void driver::signal_up_to(uint64_t seqno, fence::error why) noexcept {
  // The jobs that are done move over under the lock; they are signalled after it, because a callback may submit the next.
  std::array<job_ref, engine::ring_size> done;
  unsigned count = 0, left = 0;
  unsigned long flags = fence_spin_lock_irqsave(&lock_);
  for (unsigned i = 0; i < running_count_; ++i)
    if (running_[i]->seqno() > seqno)
      std::swap(running_[left++], running_[i]);
    else
      done[count++] = std::move(running_[i]);
  running_count_ = left;
  fence_spin_unlock_irqrestore(&lock_, flags);

  fence::signalling_section section;
  for (unsigned i = 0; i < count; ++i) {
    if (why)
      (void)done[i]->signal(why);
    else
      (void)done[i]->signal();
    // A buffer's reservation keeps this fence; were the fence to keep the buffer, neither would ever go.
    done[i]->uses.reset();
  }
}

void driver::reset() noexcept {
  fence_irq_disable(&irq_);
  engine_->reset();
  signal_up_to(UINT64_MAX, fence::error(ECANCELED));
  fence_irq_enable(&irq_);
}

} // namespace blit
