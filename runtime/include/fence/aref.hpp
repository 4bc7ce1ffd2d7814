//===- fence/aref.hpp - the one smart pointer ------------------------------------------------------------------------===//
//
// Fences, their contexts and GEM objects count their own references, because C code holds some of them. So there is one pointer to
// such a thing: it calls the thing's own get and put and keeps nothing beside them. std::shared_ptr would count a second time.
//
// A type says how it is counted by members
//
//     class ring { public: void get() noexcept; void put() noexcept; };
//
// or, for a struct of C, by a specialisation:
//
//     template <> struct fence::counted<struct ring> {
//       static void get(struct ring *r) noexcept { ring_get(r); }
//       static void put(struct ring *r) noexcept { ring_put(r); }
//       static constexpr bool put_may_sleep = true;     // optional: what runs with the last reference may sleep
//     };
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_AREF_HPP
#define FENCE_AREF_HPP

#include <cassert>
#include <concepts>
#include <cstddef>
#include <fence/context.h>
#include <type_traits>
#include <utility>

namespace fence {

/// How a T is counted. Specialise it for types without members get() and put().
template <class T> struct counted {
  FENCE_NONBLOCKING static void get(T *object) noexcept { object->get(); }
  static void put(T *object) noexcept {
    static_assert(noexcept(object->put()),
                  "fence::counted<T>: T needs noexcept members get() and put(), or a specialisation");
    object->put();
  }
};

/// Whether giving up the last reference of a T may sleep: counted<T>::put_may_sleep, or T::put_may_sleep, else false.
template <class T> constexpr bool put_may_sleep() noexcept {
  if constexpr (requires { counted<T>::put_may_sleep; })
    return counted<T>::put_may_sleep;
  else if constexpr (requires { T::put_may_sleep; })
    return T::put_may_sleep;
  else
    return false;
}

/// The pointer is a reference already, which now belongs to the aref.
struct adopt_t {
  explicit adopt_t() = default;
};
inline constexpr adopt_t adopt{};
/// The pointer is somebody else's reference; the aref takes another one.
struct share_t {
  explicit share_t() = default;
};
inline constexpr share_t share{};

/// A counted reference of a T, or none. One pointer in size. Not synchronised: an aref belongs to one thread at a time, the object
/// does not.
/// Context: as get() and put() of T; a fence's never sleep. For a T whose last put may sleep, giving up any reference is checked with
/// fence_might_sleep(), so that the bug is seen on the first run and not on the unlucky one.
template <class T> class [[nodiscard]] aref {
public:
  using element_type = T;

  constexpr aref() noexcept = default;
  constexpr aref(std::nullptr_t) noexcept {}
  /// Null is allowed, and is no reference.
  constexpr aref(T *object, adopt_t) noexcept : object_(object) {}
  aref(T *object, share_t) noexcept : object_(object) {
    if (object_)
      counted<T>::get(object_);
  }
  aref(T &object, share_t) noexcept : aref(&object, share) {}
  aref(const aref &other) noexcept : aref(other.object_, share) {}
  constexpr aref(aref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  /// To a base class that is counted by the same members.
  template <class U>
    requires(!std::same_as<U, T> && std::convertible_to<U *, T *>)
  aref(aref<U> other) noexcept : object_(other.release()) {}
  aref &operator=(aref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~aref() { reset(); }

  T *get() const noexcept { return object_; }
  T &operator*() const noexcept { return assert(object_), *object_; }
  T *operator->() const noexcept { return assert(object_), object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  template <class U> bool operator==(const aref<U> &other) const noexcept { return object_ == other.get(); }
  bool operator==(std::nullptr_t) const noexcept { return object_ == nullptr; }

  /// Gives up the reference.
  void reset() noexcept {
    T *object = std::exchange(object_, nullptr);
    if (!object)
      return;
    if constexpr (put_may_sleep<T>())
      fence_might_sleep();
    counted<T>::put(object);
  }
  /// Hands the reference to C: the caller has it now. Back with aref(pointer, adopt).
  [[nodiscard]] T *release() noexcept { return std::exchange(object_, nullptr); }

  /// The same through the void * of a foreign structure.
  [[nodiscard]] void *into_foreign() noexcept { return release(); }
  static aref from_foreign(void *foreign) noexcept { return aref(static_cast<T *>(foreign), adopt); }

private:
  T *object_ = nullptr;
};

} // namespace fence
#endif
