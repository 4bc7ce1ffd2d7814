//===- fence/fence_unwrap.hpp - the fences inside of containers, and merging them ----------------------------------------===//
//
//     for (fence::any_fence &each : fence::unwrap(*dependency)) ...
//     auto all = fence::merge(in, out, timeline);
//
// The C API with its details: dma-fence-unwrap.h.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_FENCE_UNWRAP_HPP
#define FENCE_FENCE_UNWRAP_HPP

#include <fence/any_fence.hpp>
#include <fence/dma-fence-unwrap.h>
#include <fence/memory.h>
#include <iterator>

namespace fence {

/// Every fence in a chain's links and in an array in each; the fence alone if it is no container. Single pass: an iterator holds a reference of
/// the link it is in, and gives it back wherever the loop is left.
/// Context: any.
class unwrap {
public:
  explicit unwrap(any_fence &head) noexcept : head_(head.raw()) {}

  class iterator {
  public:
    using difference_type = std::ptrdiff_t;
    using value_type = any_fence;
    explicit iterator(::dma_fence *head) noexcept : fence_(dma_fence_unwrap_first(head, &cursor_)) {}
    iterator(iterator &&other) noexcept : cursor_(other.cursor_), fence_(std::exchange(other.fence_, nullptr)) {
      other.cursor_ = {};
    }
    iterator &operator=(iterator &&other) noexcept {
      std::swap(cursor_, other.cursor_);
      std::swap(fence_, other.fence_);
      return *this;
    }
    ~iterator() { dma_fence_unwrap_end(&cursor_); }
    any_fence &operator*() const noexcept { return any_fence::from(*fence_); }
    iterator &operator++() noexcept {
      fence_ = dma_fence_unwrap_next(&cursor_);
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !fence_; }

  private:
    ::dma_fence_unwrap cursor_;
    ::dma_fence *fence_;
  };
  iterator begin() const noexcept { return iterator(head_); }
  std::default_sentinel_t end() const noexcept { return {}; }

private:
  ::dma_fence *head_;
};

/// One fence for everything inside of `fences` that is pending or has failed, of each context the latest; a signalled one if there is nothing.
/// Null entries are allowed. Errors: ENOMEM.
/// Context: may sleep (allocates). Ownership: the references stay the caller's.
FENCE_ALLOCATES inline result<aref<any_fence>> merge(std::span<const aref<any_fence>> fences) noexcept {
  const std::size_t count = fences.size();
  // One block for both, vector first.
  auto *memory = static_cast<char *>(fence_alloc(count * (sizeof(::dma_fence *) + sizeof(::dma_fence_unwrap)) + 1, FENCE_GFP_KERNEL));
  if (!memory)
    return error(ENOMEM);
  auto **raw = reinterpret_cast<::dma_fence **>(memory);
  for (std::size_t i = 0; i < count; ++i)
    raw[i] = fences[i] ? fences[i]->raw() : nullptr;
  ::dma_fence *merged =
      __dma_fence_unwrap_merge(static_cast<unsigned>(count), raw, reinterpret_cast<::dma_fence_unwrap *>(raw + count));
  fence_free(memory);
  if (!merged)
    return error(ENOMEM);
  return aref<any_fence>(&any_fence::from(*merged), adopt);
}
template <fence_like... T>
  requires(sizeof...(T) > 0)
FENCE_ALLOCATES result<aref<any_fence>> merge(const aref<T> &...fences) noexcept {
  const aref<any_fence> shared[] = {to_any(aref<T>(fences))...};
  return merge(std::span<const aref<any_fence>>(shared));
}

} // namespace fence
#endif
