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
#include <fence/type_name.hpp>

namespace fence {

namespace detail {
template <class Tag> struct lock_class_tag {};
/// Tag's name as a report shows it: without the scopes around it, unless it has template arguments.
template <class Tag> struct tag_name {
  static constexpr std::string_view whole() noexcept {
    std::string_view text = spelled<Tag>();
    text = text.substr(text.find("T = ") + 4);
    text = text.substr(0, text.rfind(']'));
    constexpr std::string_view ours = "fence::detail::";
    if (text.find('<') == text.npos)
      text = text.substr(text.rfind(':') + 1); // npos + 1 is 0.
    else if (text.substr(0, ours.size()) == ours)
      text = text.substr(ours.size());
    return text;
  }
  char text[whole().size() + 1] = {};
  constexpr tag_name() noexcept {
    for (std::size_t i = 0; i < whole().size(); ++i)
      text[i] = whole()[i];
  }
};
template <class Tag> inline constexpr tag_name<Tag> tag_name_of;
template <class Tag> constexpr const char *name_with() noexcept { return tag_name_of<Tag>.text; }
template <class Tag, unsigned Kind> inline constinit fence_lock_class lock_class_of = {name_with<Tag>(), Kind, 0};
} // namespace detail

/// The lock class that is named by Tag.
template <class Tag> inline constexpr detail::lock_class_tag<Tag> class_of{};

} // namespace fence
#endif
