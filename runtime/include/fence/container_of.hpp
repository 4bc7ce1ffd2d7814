//===- fence/container_of.hpp - from a member to what it lies in -----------------------------------------------------------===//
//
// C structs are embedded in C++ objects and C gives back the address of the struct. A pointer to data member is the distance in bytes in
// the ABI of every platform we build for, so no offsetof and no cast is needed in a driver, and the field's type is checked.
//
//     job *self = fence::container_of<&job::work>(work);
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_CONTAINER_OF_HPP
#define FENCE_CONTAINER_OF_HPP

#include <bit>
#include <cstddef>

namespace fence {

namespace detail {
template <class T> struct member_pointer;
template <class Owner, class Field> struct member_pointer<Field Owner::*> {
  using owner = Owner;
  using field = Field;
};
} // namespace detail

/// The object whose member `Member` is *field. Context: any.
template <auto Member>
auto container_of(typename detail::member_pointer<decltype(Member)>::field *field) noexcept {
  using pointer = detail::member_pointer<decltype(Member)>;
  static_assert(sizeof(Member) == sizeof(std::ptrdiff_t), "a pointer to data member is a distance in the Itanium ABI");
  return reinterpret_cast<typename pointer::owner *>(reinterpret_cast<char *>(field) - std::bit_cast<std::ptrdiff_t>(Member));
}

} // namespace fence
#endif
