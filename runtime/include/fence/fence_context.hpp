//===- fence/fence_context.hpp - fences that signal in order --------------------------------------------------------------===//
//
// A context is a line of fences: one number for all, rising sequence numbers, one lock, one pair of names. What millions of fences would
// otherwise carry is here once. Every fence keeps its context alive, so neither the lock nor the names can go while somebody may use
// them.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_FENCE_CONTEXT_HPP
#define FENCE_FENCE_CONTEXT_HPP

#include <atomic>
#include <cstdint>
#include <fence/any_fence.hpp>
#include <fence/container_of.hpp>
#include <fence/memory.h>

namespace fence {

/// Which lock a fence uses: that of its context, or one of its own. The first is smaller, the second is for fences that wait for others
/// of their context (proxy_fence).
struct context_lock {};
struct own_lock {};
template <class T, class Lock = context_lock> class dma_fence;

namespace detail {
inline constinit fence_lock_class context_lock_class = {"fence_context", FENCE_LOCK_SPINS, 0};
struct maker;
} // namespace detail

class fence_context {
public:
  /// `driver` and `timeline` outlive every fence; fences that bring names of their own do not use them. Give a lock class of your own to
  /// contexts whose fences signal from callbacks of other contexts' fences: the checker then knows the order.
  /// Errors: ENOMEM. Context: may sleep.
  FENCE_ALLOCATES static result<aref<fence_context>> make(const char *driver, const char *timeline,
                                          fence_lock_class *lock_class = &detail::context_lock_class) noexcept {
    void *memory = fence_alloc(sizeof(fence_context), FENCE_GFP_KERNEL);
    if (!memory)
      return error(ENOMEM);
    return aref<fence_context>(::new (memory) fence_context(driver, timeline, lock_class), adopt);
  }
  fence_context(const fence_context &) = delete;
  fence_context &operator=(const fence_context &) = delete;

  /// A new fence, the latest of this context: T(args...), or T() and then T::init(args...), which may fail. A creation that fails leaves
  /// nothing behind and takes no sequence number. See dma_fence<T>::make().
  template <class T, class... Args> FENCE_ALLOCATES result<aref<T>> make_fence(Args &&...args) noexcept;
  /// The same from what memory there is; T's own initialisation must not sleep either. Context: atomic, but not a fence callback.
  template <class T, class... Args>
  FENCE_ALLOCATES_WITHOUT_WAITING result<aref<T>> make_fence_atomic(Args &&...args) noexcept;

  /// Unique in the process, never 0.
  std::uint64_t number() const noexcept { return number_; }
  /// Of the fence made last; 0 before the first.
  FENCE_NONBLOCKING std::uint64_t last_seqno() const noexcept { return seqno_.load(std::memory_order_acquire); }
  const char *driver_name() const noexcept { return driver_; }
  const char *timeline_name() const noexcept { return timeline_; }

  FENCE_NONBLOCKING void get() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  /// Goes after a grace period, because readers without a reference may still look at the lock or the names.
  FENCE_NONBLOCKING void put() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      fence_free_rcu(this, &rcu_);
  }

private:
  friend struct detail::maker;
  template <class T, class Lock> friend class dma_fence;

  fence_context(const char *driver, const char *timeline, fence_lock_class *lock_class) noexcept
      : driver_(driver), timeline_(timeline), number_(dma_fence_context_alloc(1)) {
    fence_spin_lock_init_class(&lock_, lock_class);
  }
  ~fence_context() = default;

  std::uint64_t take_seqno() noexcept { return seqno_.fetch_add(1, std::memory_order_acq_rel) + 1; }
  static fence_context &of(fence_spinlock &lock) noexcept { return *container_of<&fence_context::lock_>(&lock); }

  fence_spinlock lock_;
  const char *driver_, *timeline_;
  std::uint64_t number_;
  std::atomic<std::uint64_t> seqno_{0};
  std::atomic<std::uint32_t> references_{1};
  fence_rcu_head rcu_;
};

} // namespace fence
#endif
