//===- fence/defer_drop.hpp - destroyed later, where it may sleep --------------------------------------------------------------===//
//
// A callback's payload is destroyed under a fence's lock. What must not be destroyed there is wrapped: the value lies beside a work item that
// is allocated with it, so giving it up only queues the item, which neither allocates nor fails; a worker destroys it.
//
//     fence::result<fence::defer_drop<std::vector<page>>> pages = fence::defer_drop<std::vector<page>>::make(std::move(list));
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_DEFER_DROP_HPP
#define FENCE_DEFER_DROP_HPP

#include <fence/atomic_destructible.hpp>
#include <fence/container_of.hpp>
#include <fence/memory.h>
#include <fence/result.hpp>
#include <fence/workqueue.h>
#include <new>

namespace fence {

/// Owns a T, or none after a move. Giving it up queues ~T() to the system's work queue. Context: any.
template <class T> class [[nodiscard]] defer_drop {
public:
  using atomic_destructible = std::true_type;

  /// T(args...), which is noexcept. Errors: ENOMEM; the arguments are untouched then. Context: may sleep.
  template <class... Args> FENCE_ALLOCATES static result<defer_drop> make(Args &&...args) noexcept {
    static_assert(std::is_nothrow_constructible_v<T, Args...> && std::is_nothrow_destructible_v<T>);
    static_assert(alignof(T) <= alignof(std::max_align_t));
    void *memory = fence_alloc(sizeof(node), FENCE_GFP_KERNEL);
    if (!memory)
      return error(ENOMEM);
    node *made = ::new (memory) node{{}, T(std::forward<Args>(args)...)};
    fence_work_init_class(&made->work, drop, &work_class);
    return defer_drop(made);
  }
  defer_drop(defer_drop &&other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  defer_drop &operator=(defer_drop other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  FENCE_NONBLOCKING ~defer_drop() {
    if (node_)
      fence_schedule_work(&node_->work);
  }

  T &operator*() const noexcept { return node_->value; }
  T *operator->() const noexcept { return &node_->value; }
  explicit operator bool() const noexcept { return node_ != nullptr; }

private:
  struct node {
    fence_work work;
    T value;
  };
  static inline fence_lock_class work_class = {"defer_drop", FENCE_LOCK_SECTION, 0};

  explicit defer_drop(node *made) noexcept : node_(made) {}
  static void drop(fence_work *work) noexcept {
    node *self = container_of<&node::work>(work);
    self->~node();
    fence_free(self);
  }

  node *node_;
};

} // namespace fence
#endif
