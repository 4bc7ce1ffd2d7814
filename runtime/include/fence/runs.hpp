//===- fence/runs.hpp - which member function a work item, a timer or an interrupt's work runs ---------------------------------===//
//
// Such an item is a member of the object that its function works on. The two are named together, so nothing is stored but what C needs, and
// the function is found by its address and not by a cast:
//
//     class ring {
//       void retire() noexcept;
//       fence::work retire_work_{fence::runs<&ring::retire_work_, &ring::retire>};
//     };
//
// The item's destructor waits for its function. Members are destroyed in the reverse order of their declarations, so it is declared behind what
// the function uses. An item is no base class for that reason: a base is destroyed last.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_RUNS_HPP
#define FENCE_RUNS_HPP

#include <fence/container_of.hpp>
#include <fence/context_token.hpp>
#include <fence/lock_class.hpp>
#include <type_traits>

namespace fence {

namespace detail {

#if defined(__clang__) && __has_cpp_attribute(clang::nonblocking)
template <class> struct is_nonblocking_member : std::false_type {};
template <class R, class C, class... Args>
struct is_nonblocking_member<R (C::*)(Args...) noexcept [[clang::nonblocking]]> : std::true_type {};
template <class R, class C, class... Args>
struct is_nonblocking_member<R (C::*)(Args...) const noexcept [[clang::nonblocking]]> : std::true_type {};
#else
// The attribute is part of the type only for Clang.
template <class> struct is_nonblocking_member : std::true_type {};
#endif

template <auto Item, auto Function> struct runs_tag {};

/// What the item is a member of.
template <auto Item> using owner_of = typename member_pointer<decltype(Item)>::owner;

/// An object's function that may sleep; it may ask for the token that says so.
template <auto Item, auto Function> void run_in_task(typename member_pointer<decltype(Item)>::field *item) noexcept {
  using owner = owner_of<Item>;
  owner *self = container_of<Item>(item);
  if constexpr (std::is_invocable_v<decltype(Function), owner &, sleepable_token &>) {
    static_assert(std::is_nothrow_invocable_v<decltype(Function), owner &, sleepable_token &>, "fence: what a work item runs is noexcept");
    sleepable_token token;
    (self->*Function)(token);
  } else {
    static_assert(std::is_invocable_v<decltype(Function), owner &>,
                  "fence: a work item runs a member function 'void () noexcept' or 'void (fence::sleepable_token &) noexcept'");
    static_assert(std::is_nothrow_invocable_v<decltype(Function), owner &>, "fence: what a work item runs is noexcept");
    (self->*Function)();
  }
}

/// An object's function that may not sleep.
template <auto Item, auto Function> void run_in_interrupt(typename member_pointer<decltype(Item)>::field *item) noexcept {
  using owner = owner_of<Item>;
  static_assert(std::is_invocable_v<decltype(Function), owner &>, "fence: an interrupt runs a member function 'void () noexcept'");
  static_assert(std::is_nothrow_invocable_v<decltype(Function), owner &>, "fence: what an interrupt runs is noexcept");
  static_assert(is_nonblocking_member<std::remove_cv_t<decltype(Function)>>::value,
                "fence: what an interrupt runs may not sleep and must be declared FENCE_NONBLOCKING");
  (container_of<Item>(item)->*Function)();
}

} // namespace detail

/// Of the object around the member `Item`, its member function `Function`.
template <auto Item, auto Function> inline constexpr detail::runs_tag<Item, Function> runs{};

} // namespace fence
#endif
