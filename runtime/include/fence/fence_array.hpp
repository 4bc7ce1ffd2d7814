//===- fence/fence_array.hpp - one fence for several --------------------------------------------------------------------===//
//
//     fence::result<fence::aref<fence::any_fence>> both = fence::all_of(copy, render);
//     for (fence::any_fence &member : fence::members_of(**both)) ...
//
// The C API with its details: dma-fence-array.h.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_FENCE_ARRAY_HPP
#define FENCE_FENCE_ARRAY_HPP

#include <fence/any_fence.hpp>
#include <fence/dma-fence-array.h>
#include <fence/memory.h>
#include <iterator>

namespace fence {

namespace detail {
/// Gives the references back to whoever calls if it fails; null entries are an error.
inline result<aref<any_fence>> make_array(std::span<aref<any_fence>> members, bool any) noexcept {
  if (members.empty())
    return error(EINVAL);
  for (const aref<any_fence> &member : members)
    if (!member)
      return error(EINVAL);
  auto **fences = static_cast<::dma_fence **>(fence_alloc(members.size() * sizeof(::dma_fence *), FENCE_GFP_KERNEL));
  if (!fences)
    return error(ENOMEM);
  ::dma_fence_array *array = dma_fence_array_alloc(static_cast<std::uint32_t>(members.size()));
  if (!array) {
    fence_free(fences);
    return error(ENOMEM);
  }
  for (std::size_t i = 0; i < members.size(); ++i)
    fences[i] = members[i].release()->raw();
  dma_fence_array_init(array, static_cast<std::uint32_t>(members.size()), fences, dma_fence_context_alloc(1), 1, any);
  return aref<any_fence>(&any_fence::from(array->base), adopt);
}
} // namespace detail

/// A fence that signals with the last of `members`, with the first error that it learns of. Errors: ENOMEM; EINVAL, no members or a null one.
/// Context: may sleep (allocates). Ownership: takes the references if it succeeds, leaves them if not.
FENCE_ALLOCATES inline result<aref<any_fence>> all_of(std::span<aref<any_fence>> members) noexcept {
  return detail::make_array(members, false);
}
/// A fence that signals with the first of `members`, with its result.
FENCE_ALLOCATES inline result<aref<any_fence>> any_of(std::span<aref<any_fence>> members) noexcept {
  return detail::make_array(members, true);
}
/// The same of references that are kept.
template <fence_like... T>
  requires(sizeof...(T) > 0)
FENCE_ALLOCATES result<aref<any_fence>> all_of(const aref<T> &...members) noexcept {
  aref<any_fence> shared[] = {to_any(aref<T>(members))...};
  return all_of(std::span(shared));
}
template <fence_like... T>
  requires(sizeof...(T) > 0)
FENCE_ALLOCATES result<aref<any_fence>> any_of(const aref<T> &...members) noexcept {
  aref<any_fence> shared[] = {to_any(aref<T>(members))...};
  return any_of(std::span(shared));
}

/// The members of an array, or the fence itself if it is none. Borrows: good as long as the fence is.
/// Context: any.
class members_of {
public:
  explicit members_of(any_fence &fence) noexcept : head_(fence.raw()) {}

  class iterator {
  public:
    using difference_type = std::ptrdiff_t;
    using value_type = any_fence;
    any_fence &operator*() const noexcept {
      return any_fence::from(*(index_ ? dma_fence_array_next(head_, index_) : dma_fence_array_first(head_)));
    }
    iterator &operator++() noexcept {
      ++index_;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++index_;
      return before;
    }
    bool operator==(const iterator &other) const noexcept = default;

  private:
    friend members_of;
    ::dma_fence *head_ = nullptr;
    unsigned index_ = 0;
  };
  iterator begin() const noexcept { return at(0); }
  iterator end() const noexcept { return at(static_cast<unsigned>(size())); }
  std::size_t size() const noexcept {
    ::dma_fence_array *array = to_dma_fence_array(head_);
    return array ? array->num_fences : 1;
  }

private:
  iterator at(unsigned index) const noexcept {
    iterator there;
    there.head_ = head_;
    there.index_ = index;
    return there;
  }
  ::dma_fence *head_;
};

} // namespace fence
#endif
