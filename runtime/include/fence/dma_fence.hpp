//===- fence/dma_fence.hpp - the driver's fence --------------------------------------------------------------------------===//
//
// A driver's fence is a class of its own, with whatever it needs beside the fence. Either it is a fence
//
//     class job_fence : public fence::dma_fence<job_fence> {
//     public:
//       explicit job_fence(unsigned slot) noexcept : slot(slot) {}
//       bool signaled() noexcept;                               // what else it may say: fence_ops.hpp
//       unsigned slot;
//     };
//
// or it has one, anywhere in it
//
//     struct job {
//       unsigned slot;
//       fence::dma_fence<job> done;
//       FENCE_EMBED(job, done)
//     };
//
// and it is made in its final place, as the next fence of a context:
//
//     fence::result<fence::aref<job_fence>> made = context->make_fence<job_fence>(7u);
//
// Life: make -> publish -> signal() once -> the last aref goes -> grace period -> ~T() on the reclaimer -> memory. What a T costs is 64
// bytes and its own members; names, lock and numbers are in the context.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_DMA_FENCE_HPP
#define FENCE_DMA_FENCE_HPP

#include <fence/fence_ops.hpp>

namespace fence {

namespace detail {

/// What T's creation needs: all of it is known to the compiler.
template <class T, class... Args> consteval bool check_make() {
  static_assert(embeds_fence<T> || is_fence<T>,
                "fence: T is made as a fence, so it derives from fence::dma_fence<T> or has one and says FENCE_EMBED(T, field)");
  static_assert(alignof(T) <= alignof(std::max_align_t), "fence: memory for a T of larger alignment is not offered");
  static_assert(std::is_nothrow_destructible_v<T>, "fence: ~T() is the release and must be noexcept");
  if constexpr (requires(T &t) { t.init(std::declval<Args>()...); }) {
    static_assert(std::is_nothrow_default_constructible_v<T>, "fence: beside init(args...), T needs a constructor 'T() noexcept'");
    static_assert(requires(T &t) {
      { t.init(std::declval<Args>()...) } noexcept -> std::same_as<result<void>>;
    }, "fence: init must be 'fence::result<void> init(args...) noexcept'");
  } else {
    static_assert(std::is_constructible_v<T, Args...>, "fence: T has neither a constructor nor an init for these arguments");
    static_assert(std::is_nothrow_constructible_v<T, Args...>, "fence: T's constructor must be noexcept; what may fail goes to init");
  }
  return true;
}

struct maker {
  template <class T, class... Args> static result<aref<T>> make(fence_context &context, fence_gfp gfp, Args &&...args) noexcept {
    static_assert(check_make<T, Args...>());
    void *memory = fence_alloc(sizeof(T), gfp);
    if (!memory)
      return error(ENOMEM);
    T *object;
    if constexpr (requires(T &t) { t.init(std::forward<Args>(args)...); }) {
      object = ::new (memory) T();
      if (result<void> initialised = object->init(std::forward<Args>(args)...); !initialised) {
        object->~T();
        fence_free(memory);
        return initialised.error();
      }
    } else {
      object = ::new (memory) T(std::forward<Args>(args)...);
    }
    auto &fence = static_cast<fence_part<T> &>(as_fence(*object));
    // The sequence number comes last: whatever fails above leaves no gap that somebody could wait for.
    dma_fence_init(fence.raw(), &table_of<T>, fence.bind(context), context.number(), context.take_seqno());
    return aref<T>(object, adopt);
  }
};

template <class T> struct type_tag {
  using type = T;
};

} // namespace detail

/// The fence of T, which derives from it or has it as a member. Neither copied nor moved; made by make() only, in its final place; the
/// memory is the runtime's.
template <class T> class dma_fence<T, context_lock> : public any_fence {
public:
  using fence_type_tag = detail::type_tag<dma_fence>;
  static constexpr bool use_its_own_lock = false;

  /// A new T with one reference, the latest fence of `context`. Made with T(args...); or, if T has
  ///     fence::result<void> init(args...) noexcept;
  /// with T() and then that. Until make() has returned it is not a fence: neither may publish it.
  /// Errors: ENOMEM, and what init returns. Context: may sleep. Ownership: the caller's; the fence keeps the context.
  template <class... Args> FENCE_ALLOCATES static result<aref<T>> make(fence_context &context, Args &&...args) noexcept {
    return detail::maker::make<T>(context, FENCE_GFP_KERNEL, std::forward<Args>(args)...);
  }
  /// Alive as long as the fence.
  fence_context &context() const noexcept { return fence_context::of(*this->raw()->lock); }

  // The runtime allocates and frees.
  static void *operator new(std::size_t) = delete;
  static void *operator new[](std::size_t) = delete;
  static void operator delete(void *) = delete;

protected:
  dma_fence() noexcept = default;
  ~dma_fence() = default;

private:
  friend T;
  friend struct detail::maker;
  fence_spinlock *bind(fence_context &context) noexcept {
    context.get();
    return &context.lock_;
  }
};

/// The same with a lock of its own, for 24 bytes more.
template <class T> class dma_fence<T, own_lock> : public any_fence {
public:
  using fence_type_tag = detail::type_tag<dma_fence>;
  static constexpr bool use_its_own_lock = true;

  template <class... Args> FENCE_ALLOCATES static result<aref<T>> make(fence_context &context, Args &&...args) noexcept {
    return detail::maker::make<T>(context, FENCE_GFP_KERNEL, std::forward<Args>(args)...);
  }
  fence_context &context() const noexcept { return *context_; }

  static void *operator new(std::size_t) = delete;
  static void *operator new[](std::size_t) = delete;
  static void operator delete(void *) = delete;

protected:
  dma_fence() noexcept = default;
  ~dma_fence() = default;

private:
  friend T;
  friend struct detail::maker;
  static inline fence_lock_class lock_class = {"fence with a lock of its own", FENCE_LOCK_SPINS, 0};
  fence_spinlock *bind(fence_context &context) noexcept {
    fence_spin_lock_init_class(&lock_, &lock_class);
    context.get();
    context_ = &context;
    return &lock_;
  }

  fence_spinlock lock_;
  fence_context *context_;
};

template <class T, class... Args> result<aref<T>> fence_context::make_fence(Args &&...args) noexcept {
  return detail::maker::make<T>(*this, FENCE_GFP_KERNEL, std::forward<Args>(args)...);
}
template <class T, class... Args> result<aref<T>> fence_context::make_fence_atomic(Args &&...args) noexcept {
  return detail::maker::make<T>(*this, FENCE_GFP_ATOMIC, std::forward<Args>(args)...);
}

/// A fence with some data and nothing to say: names come from the context.
template <class Data = void> class fence_with final : public dma_fence<fence_with<Data>> {
public:
  template <class... Args>
    requires std::is_nothrow_constructible_v<Data, Args...>
  explicit fence_with(Args &&...args) noexcept : data(std::forward<Args>(args)...) {}
  Data data;
};
template <> class fence_with<void> final : public dma_fence<fence_with<void>> {};

static_assert(sizeof(dma_fence<fence_with<void>>) == 64, "a fence costs one cache line; there are millions");
static_assert(std::is_trivially_destructible_v<fence_with<void>>);

} // namespace fence

/// In a struct `type` that has a member `fence::dma_fence<type> field`, after that member: says where the fence is. If the field has another
/// type, it does not compile.
#define FENCE_EMBED(type, field)                                                                                       \
  static_assert(::std::is_same_v<decltype(type::field), ::fence::dma_fence<type>> ||                                   \
                    ::std::is_same_v<decltype(type::field), ::fence::dma_fence<type, ::fence::own_lock>>,              \
                "FENCE_EMBED(" #type ", " #field "): the member must be a fence::dma_fence<" #type ">");               \
  static constexpr auto fence_field = &type::field;

#endif
