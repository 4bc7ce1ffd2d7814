//===- fence/member_names.hpp - whether a driver's class has an optional member ------------------------------------------------===//
//
// Optional members of a driver's class go by name: one that is there and has the wrong signature does not compile, rather than be taken for absent.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_MEMBER_NAMES_HPP
#define FENCE_MEMBER_NAMES_HPP

#include <type_traits>

// Whether T has a member of that name at all, private ones too: another member of the name makes looking it up ambiguous.
#define FENCE_DETAIL_NAMES(member)                                                                                     \
  template <class T> struct names_##member {                                                                           \
    struct clash {                                                                                                     \
      int member;                                                                                                      \
    };                                                                                                                 \
    template <class U> struct both : U, clash {};                                                                      \
    template <class U> static constexpr bool look() noexcept {                                                         \
      if constexpr (std::is_final_v<U>)                                                                                \
        return requires { &U::member; } || requires { U::member; };                                                    \
      else                                                                                                             \
        return !requires { &both<U>::member; };                                                                        \
    }                                                                                                                  \
    static constexpr bool value = look<T>();                                                                           \
  }

#endif
