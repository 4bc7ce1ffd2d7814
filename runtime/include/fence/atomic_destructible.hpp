//===- fence/atomic_destructible.hpp - what may be destroyed where nothing may sleep --------------------------------------===//
//
// What a callback owns is destroyed when it has run: under a fence's lock, perhaps in an interrupt. Whether a type's destructor may run
// there cannot be seen from outside, so a type that has one has to say it may:
//
//     struct retire { fence::aref<job_fence> done; using atomic_destructible = std::true_type; ... };
//
// fencelint reads the destructor and tells whether that is true. Whatever must not be destroyed there goes into a defer_drop
// (defer_drop.hpp).
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_ATOMIC_DESTRUCTIBLE_HPP
#define FENCE_ATOMIC_DESTRUCTIBLE_HPP

#include <array>
#include <fence/aref.hpp>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace fence {

/// Whether ~T() neither sleeps nor frees: trivial, or a type that says so by a member type `atomic_destructible`, or by a specialisation
/// of this for a type that is not ours.
template <class T> struct is_atomic_destructible : std::is_trivially_destructible<T> {};
template <class T>
  requires requires { typename T::atomic_destructible; }
struct is_atomic_destructible<T> : T::atomic_destructible {};
template <class T> struct is_atomic_destructible<const T> : is_atomic_destructible<T> {};
template <class T> struct is_atomic_destructible<std::optional<T>> : is_atomic_destructible<T> {};
template <class T, std::size_t N> struct is_atomic_destructible<std::array<T, N>> : is_atomic_destructible<T> {};
template <class... T> struct is_atomic_destructible<std::tuple<T...>> : std::conjunction<is_atomic_destructible<T>...> {};
template <class... T> struct is_atomic_destructible<std::variant<T...>> : std::conjunction<is_atomic_destructible<T>...> {};
template <class A, class B>
struct is_atomic_destructible<std::pair<A, B>> : std::conjunction<is_atomic_destructible<A>, is_atomic_destructible<B>> {};
/// A reference may be given up there if what its last put does never sleeps: a fence's does not.
template <class T> struct is_atomic_destructible<aref<T>> : std::bool_constant<!put_may_sleep<T>()> {};

template <class T> inline constexpr bool is_atomic_destructible_v = is_atomic_destructible<T>::value;

} // namespace fence
#endif
