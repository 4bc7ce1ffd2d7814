//===- runtime/src/timer_heap.h - timers by deadline, in their own memory -----------------------------------------------------===//
//
// A pairing heap: setting is O(1), taking one out O(log n) amortised, and a node is three pointers in the timer. No locking.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_TIMER_HEAP_H
#define FENCE_SRC_TIMER_HEAP_H

#include <fence/timer.h>

namespace fence {

class timer_heap {
public:
  fence_timer *earliest() const noexcept { return root; }

  void insert(fence_timer *timer) noexcept {
    timer->child = timer->sibling = timer->parent = nullptr;
    root = meld(root, timer);
  }

  void remove(fence_timer *timer) noexcept {
    fence_timer *below = meld_all(timer->child);
    if (timer == root) {
      root = below;
      return;
    }
    (timer->parent->child == timer ? timer->parent->child : timer->parent->sibling) = timer->sibling;
    if (timer->sibling)
      timer->sibling->parent = timer->parent;
    root = meld(root, below);
  }

private:
  /// Both without siblings; either may be null.
  static fence_timer *meld(fence_timer *a, fence_timer *b) noexcept {
    if (!a || !b)
      return a ? a : b;
    if (b->deadline < a->deadline) {
      fence_timer *swapped = a;
      a = b;
      b = swapped;
    }
    b->parent = a;
    b->sibling = a->child;
    if (a->child)
      a->child->parent = b;
    a->child = b;
    return a;
  }

  /// Makes one heap of a list of siblings: in pairs from the left, then the pairs from the right.
  static fence_timer *meld_all(fence_timer *first) noexcept {
    fence_timer *pairs = nullptr; // linked by `sibling`, last pair first
    while (first) {
      fence_timer *a = first, *b = a->sibling;
      first = b ? b->sibling : nullptr;
      a->sibling = a->parent = nullptr;
      if (b)
        b->sibling = b->parent = nullptr;
      a = meld(a, b);
      a->sibling = pairs;
      pairs = a;
    }
    fence_timer *whole = nullptr;
    while (pairs) {
      fence_timer *next = pairs->sibling;
      pairs->sibling = nullptr;
      whole = meld(whole, pairs);
      pairs = next;
    }
    return whole;
  }

  fence_timer *root = nullptr;
};

} // namespace fence
#endif
