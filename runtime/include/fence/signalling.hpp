//===- fence/signalling.hpp - the section in which a fence depends on this thread -------------------------------------------===//
//
// Between publishing a fence and signalling it, the code that leads to the signal must not wait for what may wait for that fence: another
// fence, memory, a lock held meanwhile. Such code stands in a section, which the checker and fencelint know. The section is a
// guard of one scope and one thread, so it ends exactly once, where it began; nothing about it is kept in the fence.
//
//     fence::signalling_section section(*job->done);
//     finish_registers(job);
//     return section.signal();
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SIGNALLING_HPP
#define FENCE_SIGNALLING_HPP

#include <cassert>
#include <fence/any_fence.hpp>

namespace fence {

namespace detail {
inline constinit fence_lock_class section_class = {"signalling_section", FENCE_LOCK_SECTION, 0};
}

/// From its construction to its end nothing that this thread does may wait for a fence. Nests. On the stack only: neither copied, moved nor
/// allocated. Context: any; ends on the thread it began on (checked builds report another).
class [[nodiscard]] signalling_section {
public:
  /// For fences that are signalled in some other way, several perhaps.
  [[nodiscard]] FENCE_NONBLOCKING FENCE_ENTERS("signalling") signalling_section() noexcept : cookie_(dma_fence_begin_signalling()) { remember_thread(); }
  /// For that fence, which signal() signals. A fence that has signalled already is no error: the section is then one like any other, and
  /// signal() says EINVAL. The fence outlives the section.
  template <fence_like F>
  [[nodiscard]] FENCE_NONBLOCKING FENCE_ENTERS("signalling") explicit signalling_section(F &fence) noexcept
      : fence_(&as_fence(fence)), cookie_(dma_fence_begin_signalling()) {
    remember_thread();
  }
  signalling_section(const signalling_section &) = delete;
  signalling_section &operator=(const signalling_section &) = delete;
  static void *operator new(std::size_t) = delete;
  static void *operator new[](std::size_t) = delete;
  FENCE_NONBLOCKING FENCE_LEAVES("signalling") ~signalling_section() { end(); }

  /// Signals the section's fence and ends the section. Errors: EINVAL, it had signalled before.
  FENCE_NONBLOCKING FENCE_DOES("signals fence") result<void> signal() noexcept {
    assert(fence_ && "a section of no fence: say which");
    return signal(*fence_);
  }
  FENCE_NONBLOCKING FENCE_DOES("signals fence") result<void> signal(fence::error why) noexcept {
    assert(fence_);
    result<void> signalled = fence_->signal(why);
    end();
    return signalled;
  }
  /// Signals that fence and ends the section.
  template <fence_like F> FENCE_NONBLOCKING FENCE_DOES("signals fence") result<void> signal(F &fence) noexcept {
    result<void> signalled = as_fence(fence).signal();
    end();
    return signalled;
  }
  /// Whether it has not ended.
  bool active() const noexcept { return active_; }

private:
  void end() noexcept {
    if (!active_)
      return;
    active_ = false;
    check_thread();
    dma_fence_end_signalling(cookie_);
  }
  // To the checker the guard is held by the thread that made it; so it reports another one that ends it.
  void remember_thread() noexcept { fence_lock_acquired(&detail::section_class, this, 0, FENCE_ACQUIRE_TRY | FENCE_ACQUIRE_READ); }
  void check_thread() noexcept { fence_lock_released(&detail::section_class, this); }

  any_fence *fence_ = nullptr;
  bool cookie_;
  bool active_ = true;
};

} // namespace fence
#endif
