//===- fence/result.hpp - a value, or why there is none --------------------------------------------------------------===//
//
// What std::expected is in C++23, cut down to one kind of error: an errno. Nothing throws; a result that nobody looks at is a
// warning.
//
//     fence::result<int> parse(const char *text);
//     if (fence::result<int> number = parse("12"))
//       use(*number);
//     else
//       return number.error();           // converts to any result<U>
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_RESULT_HPP
#define FENCE_RESULT_HPP

#include <cassert>
#include <cerrno>
#include <fence/annotations.h>
#include <new>
#include <type_traits>
#include <utility>

namespace fence {

/// An errno, positive; 0 is no error.
class error {
public:
  constexpr error() noexcept = default;
  /// `code` is ENOMEM, EINVAL...; a C function's -ENOMEM is taken as well.
  constexpr explicit error(int code) noexcept : code_(code < 0 ? -code : code) {}
  constexpr int code() const noexcept { return code_; }
  /// As C functions return it: -ENOMEM, or 0.
  constexpr int negative() const noexcept { return -code_; }
  constexpr explicit operator bool() const noexcept { return code_ != 0; }
  friend constexpr bool operator==(error, error) noexcept = default;

private:
  int code_ = 0;
};

/// A T, or an error. T moves without throwing. Context: what T's own operations allow.
template <class T> class [[nodiscard]] result {
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>,
                "fence::result<T>: moving a T must not throw");

public:
  using value_type = T;

  result(T value) noexcept : value_(std::move(value)) {}
  /// `why` is an error: not 0.
  result(fence::error why) noexcept : nothing_{}, error_(why) { assert(why); }
  result(result &&other) noexcept : nothing_{}, error_(other.error_) {
    if (!error_)
      ::new (static_cast<void *>(&value_)) T(std::move(other.value_));
  }
  result &operator=(result &&other) noexcept {
    if (this != &other) {
      this->~result();
      ::new (static_cast<void *>(this)) result(std::move(other));
    }
    return *this;
  }
  ~result() {
    if (!error_)
      value_.~T();
  }

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return !error_; }
  /// Only of a result that has a value.
  T &value() & noexcept { return assert(!error_), value_; }
  const T &value() const & noexcept { return assert(!error_), value_; }
  T &&value() && noexcept { return assert(!error_), std::move(value_); }
  T &operator*() & noexcept { return value(); }
  const T &operator*() const & noexcept { return value(); }
  T &&operator*() && noexcept { return std::move(*this).value(); }
  T *operator->() noexcept { return &value(); }
  const T *operator->() const noexcept { return &value(); }
  /// No error if it has a value.
  fence::error error() const noexcept { return error_; }

private:
  union {
    T value_;
    char nothing_;
  };
  fence::error error_;
};

/// Done, or why not.
template <> class [[nodiscard]] result<void> {
public:
  using value_type = void;

  constexpr result() noexcept = default;
  constexpr result(fence::error why) noexcept : error_(why) {}
  /// What a C function returned: 0 or more, or a negative errno.
  static constexpr result from_c(long returned) noexcept {
    return returned < 0 ? fence::error(static_cast<int>(-returned)) : fence::error();
  }
  constexpr bool has_value() const noexcept { return !error_; }
  constexpr explicit operator bool() const noexcept { return !error_; }
  constexpr fence::error error() const noexcept { return error_; }

private:
  fence::error error_;
};

} // namespace fence
#endif
