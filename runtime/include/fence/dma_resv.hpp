//===- fence/dma_resv.hpp - which fences a buffer has to wait for, in C++ ---------------------------------------------------------===//
//
//     fence::reservation &resv = fence::reservation::from(bo.resv());
//     fence::guard hold(resv);
//     if (auto room = resv.reserve(1); !room)                      // May fail, so before the submission.
//       return room;
//     resv.add(submit(job), fence::usage::write);                  // Cannot fail.
//
//     resv.wait_for(fence::usage::read, 100ms);                    // With or without the lock, as all questions.
//
// The C API with its details: dma-resv.h. Many at a time are locked with drm_exec.hpp.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_DMA_RESV_HPP
#define FENCE_DMA_RESV_HPP

#include <fence/dma-resv.h>
#include <fence/spin_lock.hpp> // guard
#include <fence/wait.hpp>
#include <fence/ww_mutex.hpp>
#include <iterator>

namespace fence {

/// Of a fence in a reservation. Ordered: a question for one is answered with all fences of it and of those before it.
enum class usage {
  kernel = DMA_RESV_USAGE_KERNEL,    ///< moving or clearing the buffer: everybody waits
  write = DMA_RESV_USAGE_WRITE,      ///< a writer, for implicit synchronisation
  read = DMA_RESV_USAGE_READ,        ///< a reader, for implicit synchronisation
  bookkeep = DMA_RESV_USAGE_BOOKKEEP ///< keeps the buffer where it is; nobody else waits
};
/// What a writer, or a reader, has to wait for.
constexpr usage usage_before_writing = usage::read;
constexpr usage usage_before_reading = usage::write;

namespace detail {
inline dma_resv_usage raw(usage of) noexcept { return static_cast<dma_resv_usage>(of); }

/// A walk with or without the lock; it holds the fence that it is at, if it is without.
template <bool Locked> class resv_iterator {
public:
  struct entry {
    any_fence &fence;
    fence::usage usage;
    bool restarted; ///< what was gathered so far is void. Only without the lock; true for the first one, too
  };
  using difference_type = std::ptrdiff_t;
  using value_type = entry;

  resv_iterator(::dma_resv *obj, fence::usage of) noexcept {
    dma_resv_iter_begin(&cursor_, obj, raw(of));
    fence_ = Locked ? dma_resv_iter_first(&cursor_) : dma_resv_iter_first_unlocked(&cursor_);
  }
  resv_iterator(resv_iterator &&other) noexcept : cursor_(other.cursor_), fence_(std::exchange(other.fence_, nullptr)) {
    other.cursor_.fence = nullptr;
  }
  resv_iterator &operator=(resv_iterator &&other) noexcept {
    std::swap(cursor_, other.cursor_);
    std::swap(fence_, other.fence_);
    return *this;
  }
  ~resv_iterator() {
    if constexpr (!Locked)
      dma_resv_iter_end(&cursor_);
  }

  entry operator*() const noexcept {
    return {any_fence::from(*fence_), static_cast<fence::usage>(cursor_.fence_usage), cursor_.is_restarted};
  }
  resv_iterator &operator++() noexcept {
    fence_ = Locked ? dma_resv_iter_next(&cursor_) : dma_resv_iter_next_unlocked(&cursor_);
    return *this;
  }
  void operator++(int) noexcept { ++*this; }
  bool operator==(std::default_sentinel_t) const noexcept { return !fence_; }

private:
  dma_resv_iter cursor_;
  ::dma_fence *fence_;
};

template <bool Locked> struct resv_range {
  ::dma_resv *obj;
  usage of;
  resv_iterator<Locked> begin() const noexcept { return {obj, of}; }
  std::default_sentinel_t end() const noexcept { return {}; }
};
} // namespace detail

/// References to some fences. Moves.
class [[nodiscard]] fence_references {
public:
  /// Takes over an array of fence_alloc() and the references in it.
  fence_references(::dma_fence **fences, std::size_t count) noexcept : fences_(fences), count_(count) {}
  fence_references(fence_references &&other) noexcept
      : fences_(std::exchange(other.fences_, nullptr)), count_(std::exchange(other.count_, 0)) {}
  fence_references &operator=(fence_references &&other) noexcept {
    std::swap(fences_, other.fences_);
    std::swap(count_, other.count_);
    return *this;
  }
  /// Context: any but a fence callback.
  ~fence_references() {
    for (std::size_t i = 0; i < count_; ++i)
      dma_fence_put(fences_[i]);
    fence_free(fences_);
  }
  std::size_t size() const noexcept { return count_; }
  any_fence &operator[](std::size_t i) const noexcept { return any_fence::from(*fences_[i]); }

private:
  ::dma_fence **fences_;
  std::size_t count_;
};

/// The fences of a buffer: a ::dma_resv, which most buffers have already (from()). It is a lock, for std::lock_guard and fence::guard.
/// Changing it wants the lock; questions are asked with or without it.
class FENCE_CAPABILITY("reservation") reservation {
public:
  reservation() noexcept { dma_resv_init(&c_); }
  /// Gives up all fences. Context: any but a fence callback.
  ~reservation() { dma_resv_fini(&c_); }
  reservation(const reservation &) = delete;
  reservation &operator=(const reservation &) = delete;
  /// One of C as what it is here, and back. Ownership: unchanged.
  static reservation &from(::dma_resv &resv) noexcept { return reinterpret_cast<reservation &>(resv); }
  ::dma_resv *raw() noexcept { return &c_; }

  /// As ww_mutex; its class is dma_resv_ww_class.
  FENCE_TAKES_SLEEPING(this) void lock() noexcept FENCE_LOCKS() { dma_resv_lock(&c_, nullptr); }
  FENCE_NONBLOCKING FENCE_TRY_TAKES_SLEEPING(this) bool try_lock() noexcept FENCE_LOCKS_IF(true) { return dma_resv_trylock(&c_); }
  FENCE_NONBLOCKING FENCE_RELEASES_SLEEPING(this) void unlock() noexcept FENCE_UNLOCKS() { dma_resv_unlock(&c_); }
  FENCE_MAY_SLEEP result<void> lock(ww_acquire &acquire) noexcept { return result<void>::from_c(dma_resv_lock(&c_, acquire.raw())); }
  FENCE_MAY_SLEEP result<void> lock_interruptible(ww_acquire &acquire) noexcept {
    return result<void>::from_c(dma_resv_lock_interruptible(&c_, acquire.raw()));
  }
  FENCE_MAY_SLEEP void lock_slow(ww_acquire &acquire) noexcept { dma_resv_lock_slow(&c_, acquire.raw()); }
  FENCE_NONBLOCKING bool is_locked() noexcept { return dma_resv_is_locked(&c_); }
  /// Reports in the checked build if this thread does not hold the lock.
  FENCE_NONBLOCKING void assert_held() noexcept FENCE_ASSERTS_LOCK() { dma_resv_assert_held(&c_); }

  /// Room for so many more, until the lock is given back. Errors: ENOMEM, nothing has changed.
  /// Context: may sleep (allocates); holds the lock.
  FENCE_ALLOCATES result<void> reserve(unsigned fences) noexcept FENCE_WITH_LOCK(this) {
    return result<void>::from_c(dma_resv_reserve_fences(&c_, fences));
  }
  /// A fence for which room was reserved; without room the process ends. It takes the place of an earlier one of its context, or of one that
  /// has signalled. Context: any but a fence callback; holds the lock. Ownership: takes a reference.
  template <fence_like F> FENCE_NONBLOCKING void add(F &fence, usage as) noexcept FENCE_WITH_LOCK(this) {
    dma_resv_add_fence(&c_, as_fence(fence).raw(), detail::raw(as));
  }
  template <fence_like F> FENCE_NONBLOCKING void add(const aref<F> &fence, usage as) noexcept FENCE_WITH_LOCK(this) { add(*fence, as); }
  /// `by` in the place of every fence of a context, for one that is evicted. Context: as add().
  template <fence_like F> FENCE_NONBLOCKING void replace(std::uint64_t context_number, F &by, usage as) noexcept FENCE_WITH_LOCK(this) {
    dma_resv_replace_fences(&c_, context_number, as_fence(by).raw(), detail::raw(as));
  }
  /// The fences of `from` that have not signalled, in the place of its own. Errors: ENOMEM.
  /// Context: may sleep (allocates); holds its own lock.
  FENCE_ALLOCATES result<void> copy(reservation &from) noexcept FENCE_WITH_LOCK(this) {
    return result<void>::from_c(dma_resv_copy_fences(&c_, &from.c_));
  }
  /// `for (auto [fence, usage, restarted] : ...)`: all of them, also those that have signalled, each good while the lock is held.
  /// Context: any; holds the lock.
  detail::resv_range<true> fences(usage of) noexcept FENCE_WITH_LOCK(this) { return {&c_, of}; }

  /// The same without the lock: those that have not signalled, each good until the next. When the list changes the walk begins again and says
  /// so with `restarted`. Context: any.
  detail::resv_range<false> fences_unlocked(usage of) noexcept { return {&c_, of}; }
  /// Whether all have signalled. Context: any.
  FENCE_NONBLOCKING bool is_signaled(usage of) noexcept { return dma_resv_test_signaled(&c_, detail::raw(of)); }
  /// Returns when all have signalled. Context: may sleep; not in a signalling section.
  FENCE_WAITS_FOR("fence") void wait(usage of) noexcept {
    static_cast<void>(dma_resv_wait_timeout(&c_, detail::raw(of), false, FENCE_MAX_TIMEOUT));
  }
  /// Errors: ECANCELED, somebody asked to stop; EINTR, fence_interrupt() was called for this thread.
  FENCE_WAITS_FOR("fence") result<void> wait(usage of, const std::stop_token &stop) noexcept {
    detail::stoppable until_stopped(stop);
    return until_stopped.end(detail::waited(dma_resv_wait_timeout(&c_, detail::raw(of), true, FENCE_MAX_TIMEOUT)));
  }
  /// All of them together have that long; 0 or less only looks. Errors: ETIMEDOUT.
  template <class Rep, class Period>
  FENCE_WAITS_FOR("fence") result<void> wait_for(usage of, std::chrono::duration<Rep, Period> timeout) noexcept {
    return detail::waited(dma_resv_wait_timeout(&c_, detail::raw(of), false, detail::jiffies(timeout)));
  }
  /// A hint to the drivers of all of them. Context: any.
  FENCE_NONBLOCKING void hint_deadline(usage of, time_point when) noexcept {
    dma_resv_set_deadline(&c_, detail::raw(of), when.time_since_epoch().count());
  }
  /// References to those that have not signalled. Errors: ENOMEM. Context: may sleep (allocates).
  FENCE_ALLOCATES result<fence_references> references(usage of) noexcept {
    unsigned count;
    ::dma_fence **fences;
    if (int why = dma_resv_get_fences(&c_, detail::raw(of), &count, &fences))
      return error(why);
    return fence_references(fences, count);
  }
  /// One fence for all of them; a signalled one if there are none. Errors: ENOMEM. Context: may sleep (allocates).
  FENCE_ALLOCATES result<aref<any_fence>> singleton(usage of) noexcept {
    ::dma_fence *one;
    if (int why = dma_resv_get_singleton(&c_, detail::raw(of), &one))
      return error(why);
    return one ? aref<any_fence>(&any_fence::from(*one), adopt) : stub_fence();
  }

private:
  ::dma_resv c_;
};
static_assert(sizeof(reservation) == sizeof(::dma_resv) && std::is_standard_layout_v<reservation>);

} // namespace fence
#endif
