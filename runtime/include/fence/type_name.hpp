//===- fence/type_name.hpp - what the compiler calls a type -----------------------------------------------------------------------===//
//
// Without RTTI, and at compile time: for the identity of a driver's fence type and the name of a lock class.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_TYPE_NAME_HPP
#define FENCE_TYPE_NAME_HPP

#include <string_view>

namespace fence::detail {

/// GCC also explains every alias in the signature, so there is none.
template <class T> consteval const char *signature() { return __PRETTY_FUNCTION__; }

/// The name of T in this compiler's words, with some more around it: "... [T = ...]" or "... [with T = ...]".
template <class T> consteval std::string_view spelled() { return signature<T>(); }

} // namespace fence::detail
#endif
