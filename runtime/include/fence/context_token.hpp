//===- fence/context_token.hpp - the context as a parameter ----------------------------------------------------------------===//
//
// A function that may only run where nothing sleeps, or only where sleeping is allowed, says so in its signature: who calls it must have the
// token. An atomic_token is made by the runtime alone, when it calls a fence's callback, and cannot be kept. A sleepable_token is made by
// whoever may sleep, and checks that.
//
//     void retire(fence::atomic_token &, job &) noexcept;
//     void evict(fence::sleepable_token &, job &);
//     void touch(fence::context where, job &);         // both: where.is_atomic()
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_CONTEXT_TOKEN_HPP
#define FENCE_CONTEXT_TOKEN_HPP

#include <cstddef>
#include <fence/dma-fence.h>
#include <utility>

namespace fence {

namespace detail {
struct callback_entry;
}

/// The caller is in a fence's callback: under the fence's lock, nothing may sleep, allocate or free.
class atomic_token {
public:
  atomic_token(const atomic_token &) = delete;
  atomic_token &operator=(const atomic_token &) = delete;
  static void *operator new(std::size_t) = delete;

private:
  friend struct detail::callback_entry;
  // Checked builds hold against it that the lock is really held.
  explicit atomic_token([[maybe_unused]] ::dma_fence *fence) noexcept { fence_assert_held(fence->lock); }
  ~atomic_token() = default;
};

/// The caller may sleep. Making one is checked like sleeping.
class sleepable_token {
public:
  FENCE_MAY_SLEEP sleepable_token() noexcept { fence_might_sleep(); }
  sleepable_token(const sleepable_token &) = delete;
  sleepable_token &operator=(const sleepable_token &) = delete;
  static void *operator new(std::size_t) = delete;
};

/// One of the two, for a function that is called from both. Lives as long as the token; pass it by value, do not keep it.
class context {
public:
  context(atomic_token &token) noexcept : atomic_(&token) {}
  context(sleepable_token &token) noexcept : sleepable_(&token) {}
  static void *operator new(std::size_t) = delete;

  bool is_atomic() const noexcept { return atomic_ != nullptr; }
  /// Null in the other context.
  atomic_token *atomic() const noexcept { return atomic_; }
  sleepable_token *sleepable() const noexcept { return sleepable_; }
  /// Calls the one that fits, with its token.
  template <class Atomic, class Sleepable>
  decltype(auto) visit(Atomic &&when_atomic, Sleepable &&when_sleepable) const {
    return atomic_ ? std::forward<Atomic>(when_atomic)(*atomic_) : std::forward<Sleepable>(when_sleepable)(*sleepable_);
  }

private:
  atomic_token *atomic_ = nullptr;
  sleepable_token *sleepable_ = nullptr;
};

} // namespace fence
#endif
