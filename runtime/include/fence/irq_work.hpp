//===- fence/irq_work.hpp - run this as soon as no lock is held any more, in C++ ---------------------------------------------------===//
//
//     class relay {
//       FENCE_NONBLOCKING void pass_on() noexcept;                           // no lock of the caller is held; nothing may sleep
//       fence::irq_work later_{fence::runs<&relay::later_, &relay::pass_on>};
//     };
//     ... later_.queue();                                                   // under a lock
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_IRQ_WORK_HPP
#define FENCE_IRQ_WORK_HPP

#include <fence/irq_work.h>
#include <fence/runs.hpp>

namespace fence {

/// A member of the object whose function it calls, on the thread that queued it, in the context of an interrupt.
class irq_work {
public:
  template <auto Item, auto Function> explicit irq_work(detail::runs_tag<Item, Function>) noexcept {
    fence_irq_work_init(&c_, [](fence_irq_work *c) { detail::run_in_interrupt<Item, Function>(container_of<&irq_work::c_>(c)); });
  }
  irq_work(const irq_work &) = delete;
  irq_work &operator=(const irq_work &) = delete;
  /// As sync(): it cannot be taken back, so it runs before. Context: may sleep; not from its own function.
  FENCE_WAITS_FOR("irq") ~irq_work() { fence_irq_work_sync(&c_); }

  /// Lets the function run once, before this call returns if nothing is atomic here. False: it is queued already. Context: any.
  FENCE_NONBLOCKING bool queue() noexcept { return fence_irq_work_queue(&c_); }
  FENCE_NONBLOCKING bool pending() const noexcept { return fence_irq_work_pending(&c_); }
  /// Returns when it is neither queued nor running. Context: may sleep; not from its own function.
  FENCE_WAITS_FOR("irq") void sync() noexcept { fence_irq_work_sync(&c_); }
  fence_irq_work *raw() noexcept { return &c_; }

private:
  fence_irq_work c_;
};

} // namespace fence
#endif
