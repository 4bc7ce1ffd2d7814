//===- fence/fence_chain.hpp - a timeline of fences ------------------------------------------------------------------------===//
//
// What may fail, the memory, is taken first; joining a link to a chain cannot fail any more.
//
//     fence::result<fence::chain_link> link = fence::chain_link::allocate();
//     ...
//     timeline = std::move(*link).join(std::move(timeline), job, 7);
//     auto point = fence::find_point(timeline, 5);
//
// The C API with its details: dma-fence-chain.h.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_FENCE_CHAIN_HPP
#define FENCE_FENCE_CHAIN_HPP

#include <fence/any_fence.hpp>
#include <fence/dma-fence-chain.h>
#include <iterator>

namespace fence {

/// Memory for a link. Move-only; what is not joined is freed.
class [[nodiscard]] chain_link {
public:
  /// Errors: ENOMEM. Context: may sleep (allocates).
  FENCE_ALLOCATES static result<chain_link> allocate() noexcept {
    ::dma_fence_chain *link = dma_fence_chain_alloc();
    if (!link)
      return error(ENOMEM);
    return chain_link(link);
  }
  chain_link(chain_link &&other) noexcept : link_(other.release()) {}
  chain_link &operator=(chain_link &&other) noexcept {
    dma_fence_chain_free(std::exchange(link_, other.release()));
    return *this;
  }
  ~chain_link() { dma_fence_chain_free(link_); }

  /// The new end of the chain: `fence` after `previous`, which may be null. A number that is not larger than the previous one starts a
  /// timeline.
  /// Context: any; does not allocate.
  FENCE_NONBLOCKING aref<any_fence> join(aref<any_fence> previous, aref<any_fence> fence, std::uint64_t seqno) && noexcept {
    ::dma_fence_chain *link = release();
    any_fence *before = previous.release();
    dma_fence_chain_init(link, before ? before->raw() : nullptr, fence.release()->raw(), seqno);
    return aref<any_fence>(&any_fence::from(link->base), adopt);
  }
  /// For C: dma_fence_chain_free() or dma_fence_chain_init() is the caller's now.
  [[nodiscard]] ::dma_fence_chain *release() noexcept { return std::exchange(link_, nullptr); }

private:
  explicit chain_link(::dma_fence_chain *link) noexcept : link_(link) {}
  ::dma_fence_chain *link_;
};

/// What has to signal for point `seqno` of the timeline that ends with `head`; null if the point has been reached. Errors: EINVAL, it is not
/// there yet, or `head` is no link.
/// Context: any.
FENCE_NONBLOCKING inline result<aref<any_fence>> find_point(aref<any_fence> head, std::uint64_t seqno) noexcept {
  any_fence *end = head.release();
  ::dma_fence *fence = end ? end->raw() : nullptr;
  int status = dma_fence_chain_find_seqno(&fence, seqno);
  aref<any_fence> found(fence ? &any_fence::from(*fence) : nullptr, adopt);
  if (status != 0)
    return error(status);
  return found;
}

/// The links of a chain, newest first; takes out those that have signalled. A fence that is no link is alone. Single pass: an iterator holds a
/// reference of its link.
/// Context: any.
class links_of {
public:
  explicit links_of(any_fence &head) noexcept : head_(head) {}

  class iterator {
  public:
    using difference_type = std::ptrdiff_t;
    using value_type = any_fence;
    explicit iterator(aref<any_fence> link) noexcept : link_(std::move(link)) {}
    any_fence &operator*() const noexcept { return *link_; }
    iterator &operator++() noexcept {
      ::dma_fence *older = dma_fence_chain_walk(link_.release()->raw());
      link_ = aref<any_fence>(older ? &any_fence::from(*older) : nullptr, adopt);
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    /// What the link adds to the timeline.
    any_fence &contained() const noexcept { return any_fence::from(*dma_fence_chain_contained(link_->raw())); }
    bool operator==(std::default_sentinel_t) const noexcept { return !link_; }

  private:
    aref<any_fence> link_;
  };
  iterator begin() const noexcept { return iterator(aref<any_fence>(head_, share)); }
  std::default_sentinel_t end() const noexcept { return {}; }

private:
  any_fence &head_;
};

} // namespace fence
#endif
