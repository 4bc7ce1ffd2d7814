//===- fence/lock_class.hpp - a lock class by the name of a type --------------------------------------------------------------===//
//
// In C every place that initialises a lock is a class. In C++ a lock is initialised by its class's constructor, so its purpose is named: by a
// type that need not exist otherwise.
//
//     fence::mutex lock{fence::class_of<struct ring_lock>};
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_LOCK_CLASS_HPP
#define FENCE_LOCK_CLASS_HPP

#include <fence/context.h>

namespace fence {

namespace detail {
template <class Tag> struct lock_class_tag {};
/// Has the name of Tag in it, which is what a report shows.
template <class Tag> constexpr const char *name_with() noexcept { return __PRETTY_FUNCTION__; }
template <class Tag, unsigned Kind> inline constinit fence_lock_class lock_class_of = {name_with<Tag>(), Kind, 0};
} // namespace detail

/// The lock class that is named by Tag.
template <class Tag> inline constexpr detail::lock_class_tag<Tag> class_of{};

} // namespace fence
#endif
