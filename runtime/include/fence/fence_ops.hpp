//===- fence/fence_ops.hpp - the table of operations, made from a driver's class --------------------------------------------===//
//
// A driver writes as members of its fence what it wants to say, under the names of dma_fence_ops, and nothing else; the table is made here
// at compile time. All are optional:
//
//     static constexpr const char *driver_name = "gpu";            or  const char *driver_name() const noexcept;
//     static constexpr const char *timeline_name = "ring 0";       or  const char *timeline_name() const noexcept;
//     static constexpr bool use_64bit_seqno = true;
//     bool enable_signaling() noexcept;                            under the fence's lock; false: it is done already
//     bool signaled() noexcept;                                    with or without the lock
//     std::int64_t wait(bool interruptible, std::int64_t timeout) noexcept;
//     void fence_value_str(std::span<char>) const noexcept;        text with a final 0
//     void timeline_value_str(std::span<char>) const noexcept;
//     void set_deadline(fence::time_point) noexcept;
//     ~T();                                                        the release: after a grace period, where nothing may sleep
//
// A member of one of these names that is private, overloaded, may throw or has another signature does not compile, rather than be taken for
// absent.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_FENCE_OPS_HPP
#define FENCE_FENCE_OPS_HPP

#include <fence/fence_context.hpp>
#include <fence/member_names.hpp>
#include <fence/type_name.hpp>

namespace fence::detail {

FENCE_DETAIL_NAMES(driver_name);
FENCE_DETAIL_NAMES(timeline_name);
FENCE_DETAIL_NAMES(use_64bit_seqno);
FENCE_DETAIL_NAMES(enable_signaling);
FENCE_DETAIL_NAMES(signaled);
FENCE_DETAIL_NAMES(wait);
FENCE_DETAIL_NAMES(fence_value_str);
FENCE_DETAIL_NAMES(timeline_value_str);
FENCE_DETAIL_NAMES(set_deadline);

template <class T>
concept callable_driver_name = requires(const T &t) {
  { t.driver_name() } noexcept -> std::same_as<const char *>;
};
template <class T>
concept constant_driver_name = requires {
  { T::driver_name } -> std::convertible_to<const char *>;
  requires !std::is_member_pointer_v<decltype(&T::driver_name)>;
  typename std::bool_constant<(static_cast<void>(T::driver_name), true)>;
};
template <class T>
concept callable_timeline_name = requires(const T &t) {
  { t.timeline_name() } noexcept -> std::same_as<const char *>;
};
template <class T>
concept constant_timeline_name = requires {
  { T::timeline_name } -> std::convertible_to<const char *>;
  requires !std::is_member_pointer_v<decltype(&T::timeline_name)>;
  typename std::bool_constant<(static_cast<void>(T::timeline_name), true)>;
};

/// Every member that T has is what the table needs. One assertion per member, so that the message names it.
template <class T> consteval bool check_ops() {
  static_assert(!names_driver_name<T>::value || constant_driver_name<T> || callable_driver_name<T>,
                "fence: driver_name must be public: 'static constexpr const char *driver_name' or 'const char *driver_name() const noexcept'");
  static_assert(!names_timeline_name<T>::value || constant_timeline_name<T> || callable_timeline_name<T>,
                "fence: timeline_name must be public: 'static constexpr const char *timeline_name' or 'const char *timeline_name() const noexcept'");
  static_assert(!names_use_64bit_seqno<T>::value || requires { typename std::bool_constant<T::use_64bit_seqno>; },
                "fence: use_64bit_seqno must be public: 'static constexpr bool use_64bit_seqno'");
  static_assert(!names_enable_signaling<T>::value || requires(T &t) {
    { t.enable_signaling() } noexcept -> std::same_as<bool>;
  }, "fence: enable_signaling must be public: 'bool enable_signaling() noexcept'");
  static_assert(!names_signaled<T>::value || requires(T &t) {
    { t.signaled() } noexcept -> std::same_as<bool>;
  }, "fence: signaled must be public: 'bool signaled() noexcept'");
  static_assert(!names_wait<T>::value || requires(T &t) {
    { t.wait(true, std::int64_t{}) } noexcept -> std::same_as<std::int64_t>;
  }, "fence: wait must be public: 'std::int64_t wait(bool interruptible, std::int64_t timeout) noexcept'");
  static_assert(!names_fence_value_str<T>::value || requires(const T &t, std::span<char> text) {
    { t.fence_value_str(text) } noexcept -> std::same_as<void>;
  }, "fence: fence_value_str must be public: 'void fence_value_str(std::span<char>) const noexcept'");
  static_assert(!names_timeline_value_str<T>::value || requires(const T &t, std::span<char> text) {
    { t.timeline_value_str(text) } noexcept -> std::same_as<void>;
  }, "fence: timeline_value_str must be public: 'void timeline_value_str(std::span<char>) const noexcept'");
  static_assert(!names_set_deadline<T>::value || requires(T &t, time_point when) {
    { t.set_deadline(when) } noexcept -> std::same_as<void>;
  }, "fence: set_deadline must be public: 'void set_deadline(fence::time_point) noexcept'");
  return true;
}

/// What nobody else can name is compared by the address of its table, which there is once; everything else by the kind.
template <class T> consteval bool is_nameless() {
  return spelled<T>().find("anonymous namespace") != std::string_view::npos ||
         spelled<T>().find("{anonymous}") != std::string_view::npos;
}

/// dma_fence_ops.kind of T: a hash of T::fence_kind if T has one, else of the type's name. Not 0.
template <class T> consteval std::uint64_t kind_of() {
  std::string_view text = spelled<T>();
  if constexpr (requires { std::string_view(T::fence_kind); })
    text = T::fence_kind;
  std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash ? hash : 1;
}

/// The dma_fence that T is or has.
template <class T> struct fence_part_of {
  using type = typename T::fence_type_tag::type;
};
template <embeds_fence T> struct fence_part_of<T> {
  using type = typename member_pointer<std::remove_const_t<decltype(T::fence_field)>>::field;
};
template <class T> using fence_part = typename fence_part_of<T>::type;

/// From the C fence to the T around it.
template <class T> T *outer(::dma_fence *fence) noexcept {
  if constexpr (embeds_fence<T>)
    return container_of<T::fence_field>(static_cast<fence_part<T> *>(&any_fence::from(*fence)));
  else
    return static_cast<T *>(&any_fence::from(*fence));
}
/// The functions of the table.
template <class T> struct ops_of {
  static T &self(::dma_fence *fence) noexcept { return *outer<T>(fence); }
  static fence_context &context(::dma_fence *fence) noexcept { return static_cast<fence_part<T> &>(any_fence::from(*fence)).context(); }

  FENCE_NONBLOCKING static const char *driver_name(::dma_fence *fence) noexcept {
    if constexpr (constant_driver_name<T>)
      return T::driver_name;
    else if constexpr (callable_driver_name<T>)
      return self(fence).driver_name();
    else
      return context(fence).driver_name();
  }
  FENCE_NONBLOCKING static const char *timeline_name(::dma_fence *fence) noexcept {
    if constexpr (constant_timeline_name<T>)
      return T::timeline_name;
    else if constexpr (callable_timeline_name<T>)
      return self(fence).timeline_name();
    else
      return context(fence).timeline_name();
  }
  static bool enable_signaling(::dma_fence *fence) noexcept { return self(fence).enable_signaling(); }
  static bool signaled(::dma_fence *fence) noexcept { return self(fence).signaled(); }
  static std::int64_t wait(::dma_fence *fence, bool interruptible, std::int64_t timeout) noexcept {
    return self(fence).wait(interruptible, timeout);
  }
  static void fence_value_str(::dma_fence *fence, char *text, int size) noexcept {
    self(fence).fence_value_str(std::span<char>(text, static_cast<std::size_t>(size)));
  }
  static void timeline_value_str(::dma_fence *fence, char *text, int size) noexcept {
    self(fence).timeline_value_str(std::span<char>(text, static_cast<std::size_t>(size)));
  }
  static void set_deadline(::dma_fence *fence, std::int64_t deadline) noexcept {
    self(fence).set_deadline(time_point(std::chrono::nanoseconds(deadline)));
  }

  static void destroy(fence_rcu_head *head) noexcept {
    ::dma_fence *fence = container_of<&::dma_fence::rcu>(head);
    fence_context &keeps = context(fence);
    T *object = &self(fence);
    object->~T();
    fence_free(object);
    keeps.put();
  }
  static void release(::dma_fence *fence) noexcept {
    // Without a destructor there is nothing to call after the grace period, and the reclaimer frees without calling anybody. It finds the
    // memory by a distance that has to be small.
    T *object = &self(fence);
    if (std::is_trivially_destructible_v<T> && reinterpret_cast<char *>(&fence->rcu) - reinterpret_cast<char *>(object) < 4096) {
      fence_context &keeps = context(fence);
      fence_free_rcu(object, &fence->rcu);
      keeps.put();
    } else {
      fence_call_rcu(&fence->rcu, destroy);
    }
  }

  static constexpr bool wide_seqno() noexcept {
    if constexpr (names_use_64bit_seqno<T>::value)
      return T::use_64bit_seqno;
    else
      return false;
  }
// Null is the runtime's default. The name decides, check_ops() has looked at the rest.
#define FENCE_DETAIL_IF(member)                                                                                        \
  [] {                                                                                                                 \
    if constexpr (names_##member<T>::value)                                                                            \
      return &ops_of::member;                                                                                          \
    else                                                                                                               \
      return nullptr;                                                                                                  \
  }()
  static consteval dma_fence_ops make() {
    static_assert(check_ops<T>());
    return {.kind = kind_of<T>(),
            .use_64bit_seqno = wide_seqno(),
            .get_driver_name = driver_name,
            .get_timeline_name = timeline_name,
            .enable_signaling = FENCE_DETAIL_IF(enable_signaling),
            .signaled = FENCE_DETAIL_IF(signaled),
            .wait = FENCE_DETAIL_IF(wait),
            .release = release,
            .fence_value_str = FENCE_DETAIL_IF(fence_value_str),
            .timeline_value_str = FENCE_DETAIL_IF(timeline_value_str),
            .set_deadline = FENCE_DETAIL_IF(set_deadline)};
  }
#undef FENCE_DETAIL_IF
};

/// The table of T: constant data, filled by the compiler. Each shared object may have a copy.
template <class T> inline constexpr dma_fence_ops table_of = ops_of<T>::make();

} // namespace fence::detail

namespace fence {

template <class T> T *any_fence::as() noexcept {
  bool is_one = c_.ops->kind == detail::kind_of<T>();
  if constexpr (detail::is_nameless<T>())
    is_one = is_one && c_.ops == &detail::table_of<T>;
  return is_one ? detail::outer<T>(&c_) : nullptr;
}

} // namespace fence
#endif
