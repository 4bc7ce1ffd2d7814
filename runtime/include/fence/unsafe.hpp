//===- fence/unsafe.hpp - a word for what the compiler cannot check --------------------------------------------------===//
#ifndef FENCE_UNSAFE_HPP
#define FENCE_UNSAFE_HPP

namespace fence {

/// The first argument of the few functions whose callers promise something: fence::unsafe, and next to it a comment that says why the promise
/// holds. What is built with it needs the word no more.
struct unsafe_t {
  explicit unsafe_t() = default;
};
inline constexpr unsafe_t unsafe{};

} // namespace fence
#endif
