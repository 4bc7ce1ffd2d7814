//===- fence/sg_table.hpp - SG tables whose type says what may be done with them --------------------------------------===//
//
// Two questions decide what is safe to do with a table: who owns it, and is it mapped for a device? Both are part of its type,
// sg_table<Table, Mapping>:
//
//     Table     owned_sgt<Pages>     made here over pages that it keeps, freed with it
//               borrowed_sgt         somebody else's, who outlives it
//               object_sgt<T>        somebody else's, kept alive by a reference of the object it belongs to
//     Mapping   unmapped             no device sees it
//               borrowed_mapping     mapped by somebody else
//               managed_mapping      mapped here, unmapped with it
//
// Once there is a table, nothing about it needs care: device addresses are there only for a mapped one, map() and unmap() consume the table and
// give one of the other type, and the mapping goes before the memory does. Care is needed where a table comes from elsewhere: these
// two functions, borrow_unmapped() and borrow_mapped(), want the word fence::unsafe.
//
//     auto table = fence::make_mapped(std::move(pages), device, fence::dma_direction::to_device);
//     if (!table)
//       return table.error();
//     for (auto [address, length] : table->dma_ranges())
//       ring.push(address, length);
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SG_TABLE_HPP
#define FENCE_SG_TABLE_HPP

#include <cassert>
#include <concepts>
#include <fence/dma_device.hpp>
#include <fence/result.hpp>
#include <fence/scatterlist.h>
#include <fence/unsafe.hpp>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#if defined(__clang__)
#  define FENCE_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#  define FENCE_LIFETIMEBOUND
#endif

namespace fence {

/// Pages that stay where they are: pages() gives their addresses in order, and moving the provider does not move them. They belong to the provider and
/// are given back by its destructor, which runs where the table's does.
template <class P>
concept page_provider = std::is_nothrow_move_constructible_v<P> && std::is_nothrow_destructible_v<P> && requires(const P &provider) {
  { provider.pages() } noexcept -> std::convertible_to<std::span<void *const>>;
  { provider.size() } noexcept -> std::convertible_to<size_t>; // bytes used of them, from the first page's start
};

/// What a Table has to say: which table it is.
template <class T>
concept borrows_sgt = std::is_nothrow_move_constructible_v<T> && requires(const T &table) {
  { table.sgt() } noexcept -> std::same_as<const ::sg_table &>;
};
/// May be changed as well: so it can be mapped and unmapped.
template <class T>
concept borrows_sgt_mut = borrows_sgt<T> && requires(T &table) {
  { table.sgt_mut() } noexcept -> std::same_as<::sg_table &>;
};

//===- Who owns the table -----------------------------------------------------===//

/// A table of our own over pages that it keeps. The table's segments are on the heap, so moving it moves none of them.
template <page_provider Pages> class owned_sgt {
public:
  /// Errors: ENOMEM; EINVAL if the pages are not aligned or hold less than they say. `pages` is destroyed then.
  static result<owned_sgt> make(Pages pages, unsigned max_segment, fence_gfp gfp) noexcept {
    ::sg_table sgt;
    std::span<void *const> list = pages.pages();
    if (int failed = sg_alloc_table_from_pages_segment(&sgt, list.data(), static_cast<unsigned>(list.size()), 0, pages.size(),
                                                       max_segment / FENCE_PAGE_SIZE * FENCE_PAGE_SIZE, gfp))
      return error(failed);
    return owned_sgt(std::move(pages), sgt);
  }
  owned_sgt(owned_sgt &&other) noexcept : pages_(std::move(other.pages_)), sgt_(std::exchange(other.sgt_, {})) {}
  owned_sgt &operator=(owned_sgt &&) = delete;
  ~owned_sgt() {
    if (sgt_.sgl)
      sg_free_table(&sgt_);
  }

  const ::sg_table &sgt() const noexcept { return sgt_; }
  ::sg_table &sgt_mut() noexcept { return sgt_; }
  const Pages &pages() const noexcept { return pages_; }

private:
  owned_sgt(Pages pages, const ::sg_table &sgt) noexcept : pages_(std::move(pages)), sgt_(sgt) {}

  Pages pages_; // first, so that it goes after the table over it
  ::sg_table sgt_;
};

/// Somebody else's table, who neither changes nor frees it meanwhile. In a build with assertions a change is noticed at the next use.
class borrowed_sgt {
public:
  borrowed_sgt(unsafe_t, const ::sg_table &sgt FENCE_LIFETIMEBOUND) noexcept : sgt_(&sgt), generation_(sgt.generation) {}
  const ::sg_table &sgt() const noexcept {
    assert(sgt_->generation == generation_ && "a borrowed SG table was changed by its owner");
    return *sgt_;
  }

private:
  const ::sg_table *sgt_;
  [[maybe_unused]] uint64_t generation_; // only looked at by the assertion
};

/// The table of a counted object, which is kept alive: T::sgt() gives it.
template <class T>
  requires requires(const T &object) {
    { object.sgt() } noexcept -> std::same_as<const ::sg_table &>;
  }
class object_sgt {
public:
  object_sgt(unsafe_t, aref<T> object) noexcept : object_(std::move(object)) {}
  const ::sg_table &sgt() const noexcept { return object_->sgt(); }
  const aref<T> &object() const noexcept { return object_; }

private:
  aref<T> object_;
};

//===- Whether it is mapped -----------------------------------------------------===//

struct unmapped {};
struct borrowed_mapping {};

/// Unmaps at its end. It names the segments and not the table, which moves.
class managed_mapping {
public:
  managed_mapping(aref<dma_device> device, const ::sg_table &sgt, dma_direction direction) noexcept
      : device_(std::move(device)), sgl_(sgt.sgl), nents_(sgt.nents), orig_nents_(sgt.orig_nents), direction_(direction) {}
  managed_mapping(managed_mapping &&other) noexcept
      : device_(std::move(other.device_)), sgl_(std::exchange(other.sgl_, nullptr)), nents_(other.nents_), orig_nents_(other.orig_nents_),
        direction_(other.direction_) {}
  managed_mapping &operator=(managed_mapping &&) = delete;
  ~managed_mapping() {
    if (!sgl_)
      return;
    ::sg_table sgt = {sgl_, nents_, orig_nents_, 0};
    dma_unmap_sgtable(device_->c(), &sgt, static_cast<dma_data_direction>(direction_));
  }
  dma_device &device() const noexcept { return *device_; }
  dma_direction direction() const noexcept { return direction_; }

private:
  aref<dma_device> device_;
  scatterlist *sgl_;
  unsigned nents_;
  unsigned orig_nents_;
  dma_direction direction_;
};

template <class M>
concept mapping_state = std::same_as<M, unmapped> || std::same_as<M, borrowed_mapping> || std::same_as<M, managed_mapping>;

//===- The table ------------------------------------------------------------------===//

/// A segment of memory, as the program sees it.
struct memory_range {
  void *address;
  size_t length;
};
/// A segment of a mapping, as the device sees it.
struct dma_range {
  dma_addr_t address;
  size_t length;
};

/// Moves, does not copy. Not thread-safe; const use from several threads is.
template <borrows_sgt Table, mapping_state Mapping> class [[nodiscard]] sg_table {
public:
  static constexpr bool is_mapped = !std::same_as<Mapping, unmapped>;

  sg_table(sg_table &&) noexcept = default;
  sg_table &operator=(sg_table &&) = delete;

  /// The segments of memory. Context: any.
  auto memory_ranges() const noexcept FENCE_LIFETIMEBOUND {
    const ::sg_table &sgt = table_.sgt();
    return std::span(sgt.sgl, sgt.orig_nents) |
           std::views::transform([](const scatterlist &segment) { return memory_range{segment.address, segment.length}; });
  }
  /// The segments as the device sees them; another number than those of memory. Context: any.
  auto dma_ranges() const noexcept FENCE_LIFETIMEBOUND
    requires is_mapped
  {
    const ::sg_table &sgt = table_.sgt();
    return std::span(sgt.sgl, sgt.nents) |
           std::views::transform([](const scatterlist &segment) { return dma_range{segment.dma_address, segment.dma_length}; });
  }
  /// Bytes of memory.
  size_t size() const noexcept { return sg_table_size(&table_.sgt()); }

  /// Maps it for a device. Errors: ENOSPC, ENOMEM, EINVAL if a segment is larger than the device takes; the table is as it was then.
  /// Context: any but a fence callback; does not wait.
  result<sg_table<Table, managed_mapping>> map(aref<dma_device> device, dma_direction direction) &&noexcept
    requires(!is_mapped && borrows_sgt_mut<Table>)
  {
    if (int failed = dma_map_sgtable(device->c(), &table_.sgt_mut(), static_cast<dma_data_direction>(direction)))
      return error(failed);
    managed_mapping mapping(std::move(device), table_.sgt(), direction);
    return sg_table<Table, managed_mapping>(std::move(table_), std::move(mapping));
  }
  /// Takes it from the device again. Context: any but a fence callback.
  sg_table<Table, unmapped> unmap() &&noexcept
    requires(std::same_as<Mapping, managed_mapping> && borrows_sgt_mut<Table>)
  {
    { managed_mapping ends_here = std::move(mapping_); }
    table_.sgt_mut().nents = 0;
    return sg_table<Table, unmapped>(std::move(table_), unmapped{});
  }

  const Table &table() const noexcept { return table_; }
  const Mapping &mapping() const noexcept
    requires std::same_as<Mapping, managed_mapping>
  {
    return mapping_;
  }
  /// For C functions that read it.
  const ::sg_table *c() const noexcept { return &table_.sgt(); }

private:
  template <borrows_sgt, mapping_state> friend class sg_table;
  friend sg_table<borrowed_sgt, unmapped> borrow_unmapped(unsafe_t, const ::sg_table &) noexcept;
  friend sg_table<borrowed_sgt, borrowed_mapping> borrow_mapped(unsafe_t, const ::sg_table &) noexcept;
  template <class T> friend sg_table<object_sgt<T>, borrowed_mapping> borrow_mapped(unsafe_t, aref<T>) noexcept;
  template <page_provider P> friend result<sg_table<owned_sgt<P>, unmapped>> make_unmapped(P, unsigned, fence_gfp) noexcept;

  sg_table(Table table, Mapping mapping) noexcept : table_(std::move(table)), mapping_(std::move(mapping)) {}

  // The order is what makes it safe: C++ destroys the last member first, so the device loses sight of the memory before it goes.
  Table table_;
  [[no_unique_address]] Mapping mapping_;
};

//===- Where tables come from ------------------------------------------------------===//

/// The caller promises: `sgt` is not mapped, and neither changes nor goes while the result lives.
inline sg_table<borrowed_sgt, unmapped> borrow_unmapped(unsafe_t, const ::sg_table &sgt FENCE_LIFETIMEBOUND) noexcept {
  return {borrowed_sgt(unsafe, sgt), unmapped{}};
}
/// The caller promises: `sgt` is mapped, and neither changes nor goes while the result lives.
inline sg_table<borrowed_sgt, borrowed_mapping> borrow_mapped(unsafe_t, const ::sg_table &sgt FENCE_LIFETIMEBOUND) noexcept {
  return {borrowed_sgt(unsafe, sgt), borrowed_mapping{}};
}
/// The caller promises: the object's table is mapped and does not change while the object lives. The result keeps the object.
template <class T> sg_table<object_sgt<T>, borrowed_mapping> borrow_mapped(unsafe_t, aref<T> object) noexcept {
  return {object_sgt<T>(unsafe, std::move(object)), borrowed_mapping{}};
}

/// A table over `pages`, which it keeps. Errors: ENOMEM, EINVAL (see owned_sgt); the pages are given back then.
/// Context: as `gfp` says.
template <page_provider P>
result<sg_table<owned_sgt<P>, unmapped>> make_unmapped(P pages, unsigned max_segment, fence_gfp gfp) noexcept {
  auto table = owned_sgt<P>::make(std::move(pages), max_segment, gfp);
  if (!table)
    return table.error();
  return sg_table<owned_sgt<P>, unmapped>(*std::move(table), unmapped{});
}
/// With segments of any size, waiting for memory.
template <page_provider P> FENCE_ALLOCATES result<sg_table<owned_sgt<P>, unmapped>> make_unmapped(P pages) noexcept {
  return make_unmapped(std::move(pages), ~0u, FENCE_GFP_KERNEL);
}
/// The same, mapped for `device`. Errors: those of make_unmapped() and of map(); whatever was done is undone then, in the opposite order.
template <page_provider P>
result<sg_table<owned_sgt<P>, managed_mapping>> make_mapped(P pages, aref<dma_device> device, dma_direction direction,
                                                            fence_gfp gfp = FENCE_GFP_KERNEL) noexcept {
  auto table = make_unmapped(std::move(pages), device->max_segment(), gfp);
  if (!table)
    return table.error();
  return (*std::move(table)).map(std::move(device), direction);
}

} // namespace fence
#endif
