// A fence that two shared objects know, each with its own copy of everything: all symbols are hidden.
#ifndef IDENTITY_FENCES_HPP
#define IDENTITY_FENCES_HPP

#include <fence/dma_fence.hpp>

class common_fence : public fence::dma_fence<common_fence> {
public:
  explicit common_fence(int number) noexcept : number(number) {}
  int number;
};

namespace {
/// One for each, though it has the same name.
struct private_fence final : fence::dma_fence<private_fence> {};
} // namespace

/// What a shared object offers.
struct plugin {
  fence::aref<fence::any_fence> (*make_common)(fence::fence_context &, int) noexcept;
  fence::aref<fence::any_fence> (*make_private)(fence::fence_context &) noexcept;
  /// The number of a common_fence, or -1 for any other.
  int (*number_of)(fence::any_fence &) noexcept;
  bool (*is_mine)(fence::any_fence &) noexcept;
};

#endif
