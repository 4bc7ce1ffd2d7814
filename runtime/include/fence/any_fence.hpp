//===- fence/any_fence.hpp - a fence whose type one does not know ------------------------------------------------------===//
//
// Everything that can be done with a fence by whoever only holds a reference of it: ask, signal, wait, keep. The driver's own type is a
// dma_fence<T> (dma_fence.hpp), which is an any_fence or has one; a fence that C code made is an any_fence by from().
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_ANY_FENCE_HPP
#define FENCE_ANY_FENCE_HPP

#include <cstdint>
#include <fence/aref.hpp>
#include <fence/dma-fence.h>
#include <fence/result.hpp>
#include <fence/time.hpp>
#include <optional>
#include <span>
#include <type_traits>

namespace fence {

enum class fence_status { pending, done, failed };

/// A fence, by reference: `any_fence &` borrows, aref<any_fence> owns. Not made, copied or destroyed by itself.
/// Thread safety: every member may be called by many threads at once. Context: any, unless it says otherwise.
class any_fence {
public:
  any_fence(const any_fence &) = delete;
  any_fence &operator=(const any_fence &) = delete;

  /// A fence of C as what it is here, and back. Ownership: unchanged.
  static any_fence &from(::dma_fence &fence) noexcept { return reinterpret_cast<any_fence &>(fence); }
  ::dma_fence *raw() const noexcept { return &c_; }

  /// Whether the work is done; asks the device if the driver's `signaled` can. Costs one load once it has signalled.
  FENCE_NONBLOCKING bool is_signaled() const noexcept { return dma_fence_is_signaled(&c_); }
  FENCE_NONBLOCKING fence_status status() const noexcept {
    int status = dma_fence_get_status(&c_);
    return status == 0 ? fence_status::pending : status > 0 ? fence_status::done : fence_status::failed;
  }
  /// Why the work failed; no error while it is pending.
  FENCE_NONBLOCKING fence::error error() const noexcept {
    int status = dma_fence_get_status(&c_);
    return status < 0 ? fence::error(status) : fence::error();
  }
  /// When it signalled.
  FENCE_NONBLOCKING std::optional<time_point> timestamp() const noexcept {
    if (!dma_fence_test_signaled_flag(&c_))
      return std::nullopt;
    return time_point(std::chrono::nanoseconds(dma_fence_timestamp(&c_)));
  }

  /// The work is done: runs the callbacks, in the order of their registration, before it returns. Errors: EINVAL, it had signalled.
  FENCE_NONBLOCKING FENCE_DOES("signals fence") result<void> signal() noexcept {
    return result<void>::from_c(dma_fence_signal(&c_));
  }
  /// It failed.
  FENCE_NONBLOCKING FENCE_DOES("signals fence") result<void> signal(fence::error why) noexcept {
    if (dma_fence_test_signaled_flag(&c_))
      return fence::error(EINVAL);
    set_error(why);
    return signal();
  }
  /// At a time that the device took.
  FENCE_NONBLOCKING FENCE_DOES("signals fence") result<void> signal_at(time_point when) noexcept {
    return result<void>::from_c(dma_fence_signal_timestamp(&c_, when.time_since_epoch().count()));
  }
  /// Whether it had signalled before. For two that may both be the one.
  FENCE_NONBLOCKING FENCE_DOES("signals fence") bool check_and_signal() noexcept { return dma_fence_signal(&c_) != 0; }
  /// Why it is going to fail; before the signal.
  FENCE_NONBLOCKING void set_error(fence::error why) noexcept { dma_fence_set_error(&c_, why.negative()); }

  /// Tells the driver by when it is wanted. A hint.
  FENCE_NONBLOCKING void hint_deadline(time_point when) noexcept {
    dma_fence_set_deadline(&c_, when.time_since_epoch().count());
  }
  /// Lets the driver report completion although nobody is registered.
  FENCE_NONBLOCKING void enable_sw_signaling() noexcept { dma_fence_enable_sw_signaling(&c_); }

  std::uint64_t context_number() const noexcept { return c_.context; }
  std::uint64_t seqno() const noexcept { return c_.seqno; }
  /// Both of one context; else false.
  FENCE_NONBLOCKING bool is_later_than(const any_fence &other) const noexcept { return dma_fence_is_later(&c_, &other.c_); }
  /// One line for people. Returns what fits into `text`.
  FENCE_NONBLOCKING std::span<char> describe(std::span<char> text) const noexcept {
    auto length = static_cast<std::size_t>(dma_fence_describe(&c_, text.data(), text.size()));
    return text.first(length < text.size() ? length : text.size() - !text.empty());
  }

  /// The driver's fence around it if it is a T, else null. By the kind of T, so also across shared objects (dma_fence.hpp).
  template <class T> FENCE_NONBLOCKING T *as() noexcept;

protected:
  // Not a fence before it has its place in a context: no reference can be taken of it.
  any_fence() noexcept { c_.refcount = 0; }
  ~any_fence() = default;

private:
  mutable ::dma_fence c_;
};
static_assert(sizeof(any_fence) == sizeof(::dma_fence) && std::is_standard_layout_v<any_fence>);

/// A struct that has a fence in it and says where: FENCE_EMBED of dma_fence.hpp.
template <class T>
concept embeds_fence = requires(T &object) {
  { object.*T::fence_field } -> std::convertible_to<any_fence &>;
};
template <class T>
concept is_fence = std::derived_from<T, any_fence>;
/// What has a fence: for whoever keeps, awaits or collects fences and does not care which.
template <class T>
concept fence_like = is_fence<T> || embeds_fence<T> || std::same_as<T, ::dma_fence>;

template <fence_like T> any_fence &as_fence(T &object) noexcept {
  if constexpr (is_fence<T>)
    return object;
  else if constexpr (embeds_fence<T>)
    return object.*T::fence_field;
  else
    return any_fence::from(object);
}
template <fence_like T> any_fence &as_fence(const aref<T> &reference) noexcept { return as_fence(*reference); }

/// A put of a fence never sleeps: what is released, is released after a grace period and elsewhere.
template <fence_like T> struct counted<T> {
  FENCE_NONBLOCKING static void get(T *object) noexcept { dma_fence_get(as_fence(*object).raw()); }
  FENCE_NONBLOCKING static void put(T *object) noexcept { dma_fence_put(as_fence(*object).raw()); }
};

/// The reference of a fence of any type, as a reference of an unknown one.
template <fence_like T> aref<any_fence> to_any(aref<T> reference) noexcept {
  T *object = reference.release();
  return aref<any_fence>(object ? &as_fence(*object) : nullptr, adopt);
}
/// Another reference.
template <fence_like T> aref<any_fence> share_any(T &object) noexcept { return aref<any_fence>(as_fence(object), share); }

/// A fence that has signalled long ago.
inline aref<any_fence> stub_fence() noexcept { return aref<any_fence>(&any_fence::from(*dma_fence_get_stub()), adopt); }

} // namespace fence
#endif
